from __future__ import annotations

import os
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.people.private_files import passphrase_from, read_private, write_private


def test_a_private_file_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "k"
    write_private(path, b"one")
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_private(path) == b"one"
    with pytest.raises(InputError, match="never overwritten"):
        write_private(path, b"two")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        write_private(tmp_path / "link", b"two")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o666, 0o601])
def test_a_file_others_may_read_is_refused_with_its_mend(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "k"
    write_private(path, b"one")
    path.chmod(mode)
    with pytest.raises(InputError, match="others may read") as refused:
        read_private(path)
    assert f"chmod 600 {path}" in (refused.value.mend or "")


def test_what_is_no_small_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo", 0o600)
    (tmp_path / "large").write_bytes(bytes(20_000))
    (tmp_path / "large").chmod(0o600)
    for name in ("fifo", "large", "missing", "."):
        with pytest.raises(InputError):
            read_private(tmp_path / name)


def test_a_passphrase_is_the_first_line_of_a_file_or_a_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "p"
    write_private(path, b"correct horse\r\nmore")
    assert passphrase_from(file=path) == b"correct horse"
    read, write = os.pipe()
    os.write(write, b"battery staple\n")
    os.close(write)
    assert passphrase_from(fd=read) == b"battery staple"
    with pytest.raises(InputError, match="no passphrase"):
        passphrase_from(fd=read)
    os.close(read)
    with pytest.raises(InputError):
        passphrase_from(fd=read)
