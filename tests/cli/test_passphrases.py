from __future__ import annotations

from pathlib import Path

import pytest

from seawall.cli.passphrases import passphrase
from seawall.errors import UsageError


def test_a_passphrase_comes_from_one_place(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_text("correct horse\n")
    path.chmod(0o600)
    assert passphrase(path, None, "x") == b"correct horse"
    with pytest.raises(UsageError):
        passphrase(path, 3, "x")
    with pytest.raises(UsageError, match="no terminal"):
        passphrase(None, None, "x")
