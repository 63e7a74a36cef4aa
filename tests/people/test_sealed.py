from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.people import sealed
from seawall.people.sealed import read_head, seal, unseal, wipe


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "COST", 16)


def test_what_is_sealed_opens_with_the_passphrase_and_nothing_else() -> None:
    box = seal(b"secret", b"correct horse", "test", {"public": "p"})
    assert unseal(box, b"correct horse", "test", where="f") == b"secret"
    assert b"secret" not in box
    with pytest.raises(InputError, match="wrong passphrase"):
        unseal(box, b"wrong horse", "test", where="f")
    with pytest.raises(InputError, match="not a other file"):
        unseal(box, b"correct horse", "other", where="f")
    assert read_head(box, "test", where="f")["public"] == "p"


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(InputError, match="fewer than 8"):
        seal(b"secret", b"1234567", "test")


@pytest.mark.parametrize(
    "change",
    [{"public": "another"}, {"n": 32}, {"n": 1 << 40}, {"n": 15}, {"box": "AAAA"}, {"salt": 7}, {"v": 9}, {"n": "16"}],
)
def test_a_changed_field_is_noticed(change: dict[str, object]) -> None:
    box = json.loads(seal(b"secret", b"correct horse", "test", {"public": "p"})) | change
    with pytest.raises(InputError):
        unseal(json.dumps(box).encode(), b"correct horse", "test", where="f")


@settings(max_examples=30)
@given(st.binary(max_size=200), st.integers(0, 150))
def test_damage_is_one_clear_error(noise: bytes, place: int) -> None:
    with pytest.raises(InputError):
        unseal(noise, b"correct horse", "test", where="f")
    box = bytearray(seal(b"secret", b"correct horse", "test"))
    box[place] ^= 1
    with pytest.raises(InputError):
        unseal(bytes(box), b"correct horse", "test", where="f")


def test_wiping_leaves_zeros() -> None:
    buffer = bytearray(b"secret")
    wipe(buffer)
    assert buffer == bytes(6)
