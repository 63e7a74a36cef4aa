"""Passwords, second factors, and what is sealed."""

from __future__ import annotations

from pathlib import Path

import pyotp
import pytest

from seawall.console import secrets
from seawall.errors import InputError
from tests.response.world import NOON


def test_a_code_is_good_half_a_minute_before_and_after_and_not_longer() -> None:
    secret = secrets.new_totp()
    now = int(NOON.timestamp())
    good = [secrets.totp_step(secret, pyotp.TOTP(secret).at(now + 30 * n), NOON) for n in (-2, -1, 0, 1, 2)]
    assert good == [None, now // 30 - 1, now // 30, now // 30 + 1, None]
    for wrong in ("", "12345", "1234567", "abcdef"):
        assert secrets.totp_step(secret, wrong, NOON) is None


def test_what_is_sealed_for_one_opens_for_no_other(tmp_path: Path) -> None:
    seal = secrets.open_seal(tmp_path / "keys")
    assert secrets.open_seal(tmp_path / "keys").key == seal.key
    assert (tmp_path / "keys" / secrets.KEY_FILE).stat().st_mode & 0o777 == 0o600
    closed = seal.close("JBSWY3DP", "ana")
    assert seal.open(closed, "ana") == "JBSWY3DP"
    for sealed, whose in ((closed, "ben"), (closed[:-8] + "AAAAAAA=", "ana"), ("", "ana"), ("%", "ana")):
        with pytest.raises(InputError, match="cannot be opened"):
            seal.open(sealed, whose)
    assert "key" not in repr(seal)


@pytest.mark.parametrize("password", ["short", "x" * 257, "aaaaaaaaaaaaaa", "my seawall pass", "hello ana.lind!!"])
def test_a_password_anybody_could_guess_is_refused(password: str) -> None:
    with pytest.raises(InputError):
        secrets.check_new_password(password, "ana.lind", "Ana Lind")


def test_an_account_without_a_password_has_no_right_one() -> None:
    assert not secrets.is_password("", "")
    assert not secrets.is_password("no digest", "x")
