from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall.errors import InputError
from seawall.model.case import Case
from seawall.people import changes
from seawall.people.approval import Request, sign
from seawall.people.keys import PrivateKey
from seawall.vault import service
from seawall.vault.budget import Limits, SpentError
from seawall.vault.service import Caller, LockedError, Vault
from seawall.vault.showing import show_request
from tests.people.books import MemoryBook, MovingClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASS = "correct horse battery"
CLEAR = "530011234567890"
RECORD = json.dumps({"targets": [{"format": "IMSI", "value": CLEAR}]}).encode()
DIGEST = hashlib.sha256(RECORD).hexdigest()


class World:
    """A vault with a clock and a ledger of its own, and two officers who may see identifiers."""

    def __init__(self, case: Case, folder: Path, limits: Limits | None = None) -> None:
        self.clock = MovingClock(NOON)
        self.book = MemoryBook(self.clock)
        self.case, self.folder = case, folder
        self.vault = Vault(case, self.book, self.clock, limits=limits, country="64")
        self.me = Caller(1000, 1)

    def ask(self, op: str, **more: Any) -> dict[str, Any]:
        return self.vault.answer({"op": op, **more}, self.me)

    def key(self, name: str) -> PrivateKey:
        return PrivateKey(bytearray(name.encode().ljust(32, b"\0")))

    def person(self, name: str, *roles: str) -> None:
        public = self.key(name).public
        changes.add(self.case.people_file, self.book, self.clock, id_=name, name="", roles=roles, public=public)

    def source(self) -> str:
        path = self.folder / "warrants.json"
        path.write_bytes(RECORD)
        made = self.ask("commit", source=DIGEST, batch=[["IMSI", CLEAR, 0, len(RECORD), "/targets/0"]])
        self.ask("keep", source=DIGEST, path=str(path))
        return str(made["committed"][0]["commitment"])

    def show(self, commitment: str, *signers: str, request: Request | None = None, **more: Any) -> dict[str, Any]:
        name = f"{len(self.book.entries):032x}"
        request = request or show_request(self.case.uuid, commitment, "ann", "warrant W-7", name)
        approvals = [sign(request, who, self.key(who), self.clock.now(), 0.5).text() for who in signers]
        question = {"commitment": commitment, "action_id": request.action_id, "requester": request.requester,
                    "purpose": request.purpose, "approvals": approvals}  # fmt: skip
        return self.ask("show", **question | more)


@pytest.fixture
def world(case: Case, tmp_path: Path, cheap: None) -> World:
    world = World(case, tmp_path)
    world.ask("unlock", passphrase=PASS)
    world.person("ann", "intercept-officer")
    world.person("bob", "network-engineer")
    return world


def test_it_is_locked_at_start_and_answers_nothing_then(case: Case, tmp_path: Path, cheap: None) -> None:
    world = World(case, tmp_path)
    assert world.ask("status") == {"locked": True, "key": False, "case": case.uuid}
    for op in ("commit", "keep", "record", "equal", "contains", "width", "show"):
        with pytest.raises(LockedError):
            world.ask(op)
    with pytest.raises(InputError, match="no such question"):
        world.ask("dump")


def test_guessing_passphrases_gets_slower_and_is_recorded(world: World) -> None:
    world.ask("lock")
    for _ in range(3):
        with pytest.raises(InputError, match="wrong passphrase"):
            world.ask("unlock", passphrase="incorrect horse")
    with pytest.raises(InputError, match="the next try is in"):
        world.ask("unlock", passphrase=PASS)
    world.clock.at += timedelta(minutes=1)
    assert world.ask("unlock", passphrase=PASS)["locked"] is False
    ops = [entry.body["op"] for entry in world.book.entries if entry.kind == "vault"]
    assert ops == ["unlock", "lock", *["unlock.refused"] * 3, "unlock"]


def test_a_key_that_went_missing_is_not_made_anew(world: World) -> None:
    world.source()
    world.ask("lock")
    world.case.vault_key.unlink()
    with pytest.raises(InputError, match="key is gone"):
        world.ask("unlock", passphrase=PASS)


def test_a_key_file_readable_by_all_is_refused(world: World) -> None:
    world.ask("lock")
    world.case.vault_key.chmod(0o644)
    with pytest.raises(InputError, match="others may read") as refused:
        world.ask("unlock", passphrase=PASS)
    assert "chmod 600" in (refused.value.mend or "")


def test_an_officer_who_signs_sees_one_identifier_and_the_ledger_says_so(world: World) -> None:
    commitment = world.source()
    shown = world.show(commitment, "ann")
    assert shown["shown"] == {"format": "IMSI", "value": CLEAR}
    entry = world.book.entries[-1]
    assert (entry.kind, entry.body["commitment"], entry.body["approvers"]) == ("view", commitment, ["ann"])
    assert all(CLEAR.encode() not in entry.raw for entry in world.book.entries)


def test_without_role_purpose_or_signature_nothing_is_shown(world: World) -> None:
    commitment = world.source()
    before = len(world.book.find("commitment", commitment))
    name = "ab" * 16
    asked = show_request(world.case.uuid, commitment, "ann", "warrant W-7", name)
    bobs = replace(asked, requester="bob")
    eves = replace(asked, requester="eve")
    other = show_request(world.case.uuid, "z" * 64, "ann", "warrant W-7", name)
    wrong: list[dict[str, Any]] = [
        {"signers": ()},
        {"signers": ("bob",)},
        {"signers": ("bob",), "request": bobs},
        {"signers": ("ann",), "request": bobs},
        {"signers": ("ann",), "request": eves},
        {"signers": ("ann",), "request": other},
        {"signers": ("ann",), "request": replace(asked, case="another")},
        {"signers": ("ann",), "request": asked, "purpose": "curiosity"},
        {"signers": ("ann",), "request": asked, "action_id": "block:1"},
        {"signers": ("ann",), "request": asked, "approvals": ["{}"]},
    ]
    for case in wrong:
        with pytest.raises(InputError):
            world.show(commitment, *case.pop("signers"), **case)
    assert len(world.book.find("commitment", commitment)) == before


def test_signatures_show_once(world: World) -> None:
    commitment = world.source()
    request = show_request(world.case.uuid, commitment, "ann", "warrant W-7", "cd" * 16)
    world.show(commitment, "ann", request=request)
    with pytest.raises(InputError):
        world.show(commitment, "ann", request=request)
    with pytest.raises(InputError, match="used for a showing already"):
        world.show(commitment, request=request)


def test_the_register_is_read_in_the_turn_in_which_signatures_are_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else somebody revoked in between would still be shown an identifier."""
    inside: list[int] = []
    turns = world.book.exclusive

    @contextmanager
    def counted() -> Iterator[None]:
        inside.append(1)
        with turns():
            yield
        inside.pop()

    read = service.read_register
    monkeypatch.setattr(world.book, "exclusive", counted)
    monkeypatch.setattr(service, "read_register", lambda *given: (held.append(len(inside)), read(*given))[1])
    held: list[int] = []
    world.show(world.source(), "ann")
    assert held == [1]


def test_a_source_that_went_away_cannot_be_shown_and_nothing_is_recorded_as_seen(world: World, tmp_path: Path) -> None:
    commitment = world.source()
    (tmp_path / "warrants.json").rename(tmp_path / "moved.json")
    with pytest.raises(InputError, match="keeps no copy"):
        world.show(commitment, "ann")
    assert not [entry for entry in world.book.entries if entry.kind == "view"]
    assert world.show(commitment, "ann", sources=[str(tmp_path / "moved.json")])["shown"]["value"] == CLEAR


def test_equality_is_answered_until_the_budget_is_spent(case: Case, tmp_path: Path, cheap: None) -> None:
    world = World(case, tmp_path, Limits(equal_hour=3))
    world.ask("unlock", passphrase=PASS)
    commitment = world.source()
    questions = [["SUPI", f"imsi-{CLEAR}", commitment], ["IMSI", "530011234567891", commitment]]
    assert world.ask("equal", questions=questions)["equal"] == [True, False]
    world.vault.lock()
    again = Vault(case, world.book, world.clock, limits=Limits(equal_hour=3))
    again.answer({"op": "unlock", "passphrase": PASS}, world.me)
    with pytest.raises(SpentError):
        again.answer({"op": "equal", "questions": questions}, world.me)
    assert again.answer({"op": "equal", "questions": questions[:1]}, world.me)["equal"] == [True]


def test_containment_and_width_are_answered_by_commitment(world: World) -> None:
    batch = [["IPv4CIDR", "203.0.113.0/24", 0, 1, ""], ["IPv4Address", "203.0.113.71", 0, 1, ""]]
    wide, one = (made["commitment"] for made in world.ask("commit", source=DIGEST, batch=batch)["committed"])
    world.ask("keep", source=DIGEST, path="/x")
    pairs = [[wide, one], [one, wide], [one, one], [wide, "unknown"]]
    assert world.ask("contains", questions=pairs)["contains"] == [True, False, True, None]
    assert world.ask("width", questions=[wide, one, "unknown"])["width"] == ["/24", "/32", None]


def test_every_question_is_an_entry_before_it_is_answered(world: World) -> None:
    commitment = world.source()
    count = len(world.book.entries)
    world.ask("equal", questions=[["IMSI", CLEAR, commitment]])
    world.ask("contains", questions=[[commitment, commitment]])
    world.ask("width", questions=[commitment])
    assert [entry.body["op"] for entry in world.book.entries[count:]] == ["equal", "compare", "compare"]


@pytest.mark.parametrize(
    "question",
    [{"op": "commit"}, {"op": "commit", "source": "x", "batch": [[1]]}, {"op": "keep", "source": 5}, {"op": "show"},
     {"op": "equal", "questions": [["a"]]}, {"op": "commit", "source": DIGEST, "batch": [["IMSI", CLEAR, "x", 1, ""]]},
     {"op": "record", "records": ["zz"]}, {"op": "width", "questions": 7}, {"op": "unlock", "passphrase": 3}],
)  # fmt: skip
def test_a_malformed_question_is_refused_without_quoting_it(world: World, question: dict[str, Any]) -> None:
    if question["op"] == "unlock":
        world.ask("lock")
    with pytest.raises(InputError) as refused:
        world.vault.answer(question, world.me)
    assert CLEAR not in str(refused.value)
