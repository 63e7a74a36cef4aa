from __future__ import annotations

from pathlib import Path

import pytest

from seawall.cli.signing import Signer, decide
from seawall.errors import InputError
from seawall.people.decisions import Desk, read_decision
from seawall.people.keys import make_key
from seawall.people.register import Key, Person, Register
from tests.people.books import MemoryBook, MovingClock
from tests.people.test_decisions import CASE, HOUR, NOON

WHAT: dict[str, str | int] = {"finding": "f" * 32, "reason": "authorised"}


def test_the_first_signs_a_file_and_the_second_decides_exactly_that(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (word := tmp_path / "word").write_text("a long passphrase\n")
    word.chmod(0o600)
    public = {name: make_key(tmp_path / f"{name}.key", b"a long passphrase") for name in ("ana", "ben")}
    people = tuple(
        Person(name, roles=("intercept-officer",), keys=(Key(text, NOON - HOUR, None),))
        for name, text in public.items()
    )
    clock = MovingClock(NOON)
    desk = Desk(CASE, tmp_path / "case" / "decisions", Register(people), MemoryBook(clock), clock)
    file = tmp_path / "close.json"
    ana = Signer("ana", tmp_path / "ana.key", "looked into it", word, None, sign_only=file)
    decide(desk, "intercept.close", WHAT, ana)
    assert not list(desk.taken("intercept.close"))
    assert [one.approver for one in read_decision(file).approvals] == ["ana"]
    assert "signed by ana" in capsys.readouterr().err
    ben = Signer("ben", tmp_path / "ben.key", "", word, None, signed=file)
    with pytest.raises(InputError, match="something else"):
        decide(desk, "intercept.close", {**WHAT, "reason": "handled"}, ben)
    decide(desk, "intercept.close", WHAT, ben)
    assert [taken.approvers for taken in desk.taken("intercept.close")] == [("ana", "ben")]
