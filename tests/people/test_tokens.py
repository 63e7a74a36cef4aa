"""A security key counts once its owner signed it off with a key they have, or two others did."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.ledger import Ledger, open_ledger
from seawall.model.case import Case, open_case
from seawall.people import changes, tokens
from seawall.people.approval import Request, prepare, with_signature
from seawall.people.approve import NotApprovedError, approve
from seawall.people.changes import read_register
from seawall.people.decisions import Desk
from seawall.people.keys import PrivateKey
from tests.people.tokens import SoftToken
from tests.response.world import Watch


@pytest.fixture
def case(tmp_path: Path):
    clock = Watch()
    made = open_case(tmp_path / "case", clock)
    with open_ledger(made, clock=clock) as ledger:
        keys = {}
        for number, who in enumerate(("ana", "ben", "cy"), 1):
            keys[who] = PrivateKey(bytearray([number] * 32))
            changes.add(made.people_file, ledger, clock, id_=who, name="", roles=(), public=keys[who].public)
        clock.pass_by(seconds=1)
        yield made, ledger, clock, keys


def _desk(made: Case, ledger: Ledger, clock: Watch) -> Desk:
    return Desk(made.uuid, made.folder / "decisions", read_register(made.people_file, ledger), ledger, clock)


def test_ones_own_key_takes_one_signature_and_then_signs(case) -> None:
    made, ledger, clock, keys = case
    token = SoftToken()
    offered = tokens.offer(made.folder / tokens.FOLDER, "ana", token.public)
    assert tokens.find(made.folder / tokens.FOLDER, offered.name[:6]) == offered
    done = tokens.sign_off(_desk(made, ledger, clock), made.people_file, offered, "ana", keys["ana"])
    assert done.counts
    assert not tokens.offers(made.folder / tokens.FOLDER)
    clock.pass_by(seconds=1)
    register = read_register(made.people_file, ledger)
    assert [key.public for key in register.person("ana").keys] == [keys["ana"].public, token.public]
    request = Request(made.uuid, "respond.block:" + "5" * 32, "ab" * 32, "cy", "cut it")
    unsigned = prepare(request, "ana", clock.now(), 1.0)
    approval = with_signature(unsigned, token.sign(unsigned.message))
    assert approve(approval, request, register=register, book=ledger, clock=clock).approvers == ("ana",)
    with pytest.raises(NotApprovedError, match="nonce was used"):
        approve(approval, request, register=register, book=ledger, clock=clock)
    other = replace(request, diff_sha256="cd" * 32)
    with pytest.raises(NotApprovedError):
        approve(
            replace(approval, diff_sha256="cd" * 32, nonce="1" * 32), other, register=register, book=ledger, clock=clock
        )


def test_somebody_elses_key_takes_two_people_and_neither_is_its_owner(case) -> None:
    made, ledger, clock, keys = case
    folder = made.folder / tokens.FOLDER
    offered = tokens.offer(folder, "dee", SoftToken().public, roles=("night",))
    desk = _desk(made, ledger, clock)
    assert not tokens.sign_off(desk, made.people_file, offered, "ana", keys["ana"]).counts
    with pytest.raises(InputError):
        tokens.sign_off(desk, made.people_file, tokens.find(folder, offered.name), "ana", keys["ana"])
    assert read_register(made.people_file, ledger).person("dee") is None
    done = tokens.sign_off(desk, made.people_file, tokens.find(folder, offered.name), "ben", keys["ben"])
    assert done.counts


def test_nobody_signs_off_with_another_persons_key(case) -> None:
    made, ledger, clock, keys = case
    offered = tokens.offer(made.folder / tokens.FOLDER, "ana", SoftToken().public)
    with pytest.raises(NotApprovedError):
        tokens.sign_off(_desk(made, ledger, clock), made.people_file, offered, "ana", keys["ben"])


def test_what_is_no_key_is_not_offered(tmp_path: Path) -> None:
    for public in ("ed25519:" + base64.b64encode(bytes(32)).decode(), "webauthn:x", ""):
        with pytest.raises(InputError):
            tokens.offer(tmp_path, "ana", public)
