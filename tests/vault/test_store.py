from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.vault.commitments import Tags
from seawall.vault.store import Kept, Locator, Store

KEY, DIGEST = bytes(32), "ef" * 32
ROW = Kept("abc", "imsi", "single", Tags((b"12345678", b"abcdefgh"), b"", (b"x" * 16, b"")), 10, 20, "/targets/0")


def test_what_is_kept_is_there_after_opening_again(tmp_path: Path) -> None:
    Store(tmp_path, KEY).keep(DIGEST, "/evidence/warrants.json", [ROW])
    again = Store(tmp_path, KEY)
    known = again.find("abc")
    assert (known.kind, known.width, known.tags) == ("imsi", "single", ROW.tags)
    assert known.locators == [Locator(DIGEST, 10, 20, "/targets/0")]
    assert again.paths == {DIGEST: "/evidence/warrants.json"}
    assert b"warrants" not in (tmp_path / f"{DIGEST}.sealed").read_bytes()
    assert (tmp_path / f"{DIGEST}.sealed").stat().st_mode & 0o777 == 0o600


def test_keeping_twice_is_keeping_once(tmp_path: Path) -> None:
    store = Store(tmp_path, KEY)
    for _ in range(2):
        store.keep(DIGEST, "/x", [ROW])
    assert len(store.find("abc").locators) == 1


def test_another_key_damage_or_another_name_is_refused(tmp_path: Path) -> None:
    Store(tmp_path, KEY).keep(DIGEST, "/x", [ROW])
    with pytest.raises(InputError, match="another key, or damaged"):
        Store(tmp_path, b"1" * 32)
    sealed = tmp_path / f"{DIGEST}.sealed"
    whole = sealed.read_bytes()
    for damaged in (whole[:-1], b"", whole[:-1] + bytes([whole[-1] ^ 1])):
        sealed.write_bytes(damaged)
        with pytest.raises(InputError):
            Store(tmp_path, KEY)
    sealed.unlink()
    (tmp_path / f"{'00' * 32}.sealed").write_bytes(whole)
    with pytest.raises(InputError):
        Store(tmp_path, KEY)


def test_what_nobody_handed_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no source the vault knows"):
        Store(tmp_path, KEY).find("zzz")
    with pytest.raises(InputError):
        Store(tmp_path, KEY).keep("../x", "/x", [])
