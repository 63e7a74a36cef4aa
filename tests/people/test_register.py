from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.people.keys import public_text
from seawall.people.register import Key, Person, Register, digest, dump, load
from seawall.people.rules import Rule

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def public(seed: int) -> str:
    return public_text(bytearray(seed.to_bytes(32, "big")))


names = st.text(max_size=20).filter(lambda t: "\r" not in t and not any(0xD800 <= ord(c) < 0xE000 for c in t))


@given(names, st.lists(names, max_size=3), st.booleans())
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, name: str, roles: list[str], gone: bool
) -> None:
    path = tmp_path_factory.mktemp("people") / "people.toml"
    key = Key(public(1), NOON, NOON + DAY if gone else None)
    register = Register(
        (Person("a.lind", name, tuple(roles), (key,)), Person("b")), {"vault.show": Rule(3, True, ("x",), 2.5, name)}
    )
    path.write_bytes(dump(register))
    assert load(path) == register
    assert len(digest(path)) == 64


def test_nobody_is_a_register_too(tmp_path: Path) -> None:
    assert load(tmp_path / "people.toml") == Register()
    assert digest(tmp_path / "people.toml") == ""


@pytest.mark.parametrize(
    "text",
    [
        "[[people]]\nid = 'a b'\n",
        "[[people]]\nid = 'a'\n[[people]]\nid = 'A'\n",
        "[[people]]\nid = 'a'\nroels = []\n",
        "[[people]]\nid = 'a'\n[[people.keys]]\npublic = 'ed25519:x'\nadded = 2026-11-22T12:00:00Z\n",
        f"[[people]]\nid = 'a'\n[[people.keys]]\npublic = '{public(1)}'\nadded = 2026-11-22T12:00:00\n",
        f"[[people]]\nid = 'a'\n[[people.keys]]\npublic = '{public(1)}'\nadded = 2026-11-22T12:00:00Z\n"
        f"[[people]]\nid = 'b'\n[[people.keys]]\npublic = '{public(1)}'\nadded = 2026-11-22T12:00:00Z\n",
        "[[people]\n",
        "\0",
    ],
)
def test_a_damaged_file_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        load(path)
    assert refused.value.where == str(path)


def test_people_are_added_once_and_revoked_from_a_moment_on() -> None:
    register = Register().added("ann", "Ann", ("lead",), public(1), NOON)
    for id_, key in (("ann", public(2)), ("Ann", public(2)), ("bob", public(1)), ("no id", public(2))):
        with pytest.raises(InputError):
            register.added(id_, "", (), key, NOON)
    gone = register.revoked("ann", NOON + DAY)
    assert gone.people[0].keys[0].active(NOON + DAY - timedelta(microseconds=1))
    assert not gone.people[0].keys[0].active(NOON + DAY)
    assert not gone.people[0].keys[0].active(NOON - DAY), "a key does not count before it was added"
    with pytest.raises(InputError, match="already"):
        gone.revoked("ann", NOON + 2 * DAY)
    assert gone.revoked("ann", NOON).people[0].keys[0].revoked == NOON, "an earlier moment counts"
    again = gone.added("ann", "", (), public(2), NOON + 2 * DAY)
    assert again.people[0].roles == ("lead",)
    assert len(again.people[0].keys) == 2
    with pytest.raises(InputError, match="nobody"):
        register.revoked("bob", NOON)
    assert replace(register) == register
