"""The sentence that crosses is an officer's, and says nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.people.keys import PrivateKey, public_text
from seawall.people.notices import OFFICER, read_notice, write_notice
from seawall.people.register import Key, Person, Register

AT = datetime(2026, 3, 18, 10, 5, 59, tzinfo=UTC)


def secret(name: str) -> bytearray:
    return bytearray(name.encode().ljust(32, b"\0"))


def person(name: str, *roles: str, revoked: datetime | None = None) -> Person:
    return Person(name, roles=roles, keys=(Key(public_text(secret(name)), datetime(2026, 1, 1, tzinfo=UTC), revoked),))


REGISTER = Register(
    (person("ana", OFFICER), person("net"), person("old", OFFICER, revoked=datetime(2026, 2, 1, tzinfo=UTC)))
)


def notice(folder: Path, who: str, **altered: object) -> Path:
    path = folder / "notice.json"
    said = json.loads(write_notice(who, PrivateKey(secret(who)), AT).line)
    path.write_text(json.dumps(said | altered))
    return path


def test_what_an_officer_released_is_read(tmp_path: Path) -> None:
    found, released = read_notice(notice(tmp_path, "ana"), REGISTER)
    assert found.text == "compartmented finding, call officer ana"
    assert released == AT.replace(second=0), "to the minute: a moment would tell more"


@pytest.mark.parametrize(
    ("who", "altered"),
    [
        pytest.param("net", {}, id="no-officer"),
        pytest.param("eve", {}, id="nobody-we-know"),
        pytest.param("old", {}, id="a-revoked-key"),
        pytest.param("ana", {"notice": "1" * 32}, id="another-id"),
        pytest.param("ana", {"released": "2026-03-18T11:00:00Z"}, id="another-time"),
        pytest.param("ana", {"text": "compartmented finding, call officer ana: W-7"}, id="more-words"),
        pytest.param("ana", {"officer": "net"}, id="another-officer"),
        pytest.param("ana", {"signature": ""}, id="no-signature"),
        pytest.param("ana", {"count": 3}, id="another-field"),
        pytest.param("ana", {"v": 2}, id="another-version"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, who: str, altered: dict[str, object]) -> None:
    with pytest.raises(InputError):
        read_notice(notice(tmp_path, who, **altered), REGISTER)


def test_noise_is_no_notice(tmp_path: Path) -> None:
    for noise in (b"", b"[]", b"{" * 5_000, b"\xff", b'{"v":1}'):
        (tmp_path / "n").write_bytes(noise)
        with pytest.raises(InputError, match="no notice"):
            read_notice(tmp_path / "n", REGISTER)
