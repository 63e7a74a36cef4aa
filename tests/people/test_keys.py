from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.people import sealed
from seawall.people.keys import check_public, make_key, open_key, public_of, signed


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "COST", 16)


def test_a_key_signs_after_its_passphrase_and_the_public_half_checks_it(tmp_path: Path) -> None:
    public = make_key(tmp_path / "k", b"correct horse")
    assert public_of(tmp_path / "k") == public == check_public(public, where="x")
    with open_key(tmp_path / "k", b"correct horse") as key:
        signature = __import__("base64").b64encode(key.sign(b"message")).decode()
        assert key.public == public
        assert repr(key) == "PrivateKey(***)"
    assert signed(public, b"message", signature)
    assert not signed(public, b"massage", signature)
    assert not signed(public, b"message", "no base64!")
    with pytest.raises(InputError, match="wrong passphrase"):
        open_key(tmp_path / "k", b"incorrect horse")


def test_a_private_key_never_lies_in_a_case(tmp_path: Path, clock: FixedClock) -> None:
    case = open_case(tmp_path / "case", clock)
    with pytest.raises(InputError, match="never lies in a case"):
        make_key(case.reports / "k", b"correct horse")
    (tmp_path / "way").symlink_to(case.reports)
    with pytest.raises(InputError, match="never lies in a case"):
        make_key(tmp_path / "way" / "k", b"correct horse")
    assert not list(case.reports.iterdir())


def test_a_key_file_readable_by_all_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path / "k", b"correct horse")
    (tmp_path / "k").chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        open_key(tmp_path / "k", b"correct horse")


def test_a_public_key_has_one_form() -> None:
    with pytest.raises(InputError, match="no public key"):
        check_public("ed25519:short", where="x")
