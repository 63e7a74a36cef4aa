from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.keys import load_key, make_key
from seawall.ledger.note import ED25519


def test_a_key_is_made_for_its_owner_alone_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a.key"
    before = os.umask(0)
    try:
        key = make_key(path, "log.example/a", ED25519, Disk())
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert load_key(path).public == key.public
    with pytest.raises(InputError, match="already"):
        make_key(path, "log.example/a", ED25519, Disk())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622, 0o644])
def test_a_key_others_may_read_or_write_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.key"
    make_key(path, "log.example/a", ED25519, Disk())
    path.chmod(mode)
    with pytest.raises(InputError, match="by others") as caught:
        load_key(path)
    assert f"chmod 600 {path}" in (caught.value.mend or "")


def test_a_broken_key_is_refused_without_quoting_it(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    text = make_key(path, "log.example/a", ED25519, Disk()).text
    path.write_text(text[:-6])
    with pytest.raises(InputError) as caught:
        load_key(path)
    assert text.split("+", 4)[4][:20] not in str(caught.value)
    with pytest.raises(InputError, match="not there"):
        load_key(tmp_path / "b.key")


def test_a_pipe_in_place_of_a_key_is_refused_and_holds_nobody(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.key", 0o600)
    with pytest.raises(InputError, match="no key file"):
        load_key(tmp_path / "a.key")
