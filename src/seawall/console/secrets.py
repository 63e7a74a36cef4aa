"""Passwords (argon2id), second factors (TOTP, RFC 6238), random tokens, and the key that seals what is kept of them.

The key lies in the case's `keys/console.key`. It opens second factors and marks forms; no approval is made with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from seawall.errors import InputError
from seawall.people.private_files import read_private, write_private

if TYPE_CHECKING:
    from argon2 import PasswordHasher

KEY_FILE: Final = "console.key"
MIN_PASSWORD: Final = 12  # characters (NIST SP 800-63B-4 asks for 15 without a second factor, 8 with one)
MAX_PASSWORD: Final = 256
STEP_S: Final = 30
_OBVIOUS: Final = ("password", "seawall", "123456789012", "qwertyuiop", "letmein", "administrator", "changeme")


@dataclass(frozen=True)
class Seal:
    """The console's own key."""

    key: bytes

    def __repr__(self) -> str:
        return "Seal(***)"

    def mark(self, purpose: str, text: str) -> str:
        """A mark only this console can make (HMAC-SHA-256, hex)."""
        return hmac.new(self.key, f"{purpose}\0{text}".encode(), hashlib.sha256).hexdigest()

    def close(self, secret: str, whose: str) -> str:
        """Seal a secret for one owner (AES-256-GCM)."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(12)
        return base64.b64encode(nonce + AESGCM(self.key).encrypt(nonce, secret.encode(), whose.encode())).decode()

    def open(self, sealed: str, whose: str) -> str:
        """The secret again. Raises InputError if it is another's, or another key sealed it."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            raw = base64.b64decode(sealed, validate=True)
            return AESGCM(self.key).decrypt(raw[:12], raw[12:], whose.encode()).decode()
        except (InvalidTag, ValueError):
            raise InputError(
                "a second factor cannot be opened with this console's key",
                where=KEY_FILE,
                mend="restore the key from a backup, or let an administrator reset the second factor",
            ) from None


def open_seal(folder: Path) -> Seal:
    """The console's key in a case's folder of keys, made if there is none. Raises InputError if others may read it."""
    path = folder / KEY_FILE
    folder.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        try:
            write_private(path, secrets.token_bytes(32))
        except InputError:
            if not path.exists():  # else another process made it in the same moment
                raise
    key = read_private(path)
    if len(key) != 32:
        raise InputError("damaged key file", where=str(path), mend="restore it from a backup")
    return Seal(key)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher
    from argon2.profiles import RFC_9106_LOW_MEMORY

    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


@cache
def _nobodys() -> str:
    """What a name nobody has is checked against, so that it takes as long."""
    return _hasher().hash(secrets.token_hex(16))


def check_new_password(password: str, *names: str) -> None:
    """Raises InputError for a password that is too short, too long, or plainly guessable."""
    folded = password.casefold()
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InputError(
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters", mend="several words make a good one"
        )
    guessed = any(word in folded for word in _OBVIOUS) or any(len(n) > 2 and n.casefold() in folded for n in names)
    if guessed or len(set(folded)) < 5:
        raise InputError("this password is easily guessed", mend="choose several words that do not belong together")


def hash_password(password: str) -> str:
    """Its argon2id digest, with parameters and salt (RFC 9106, second recommended option)."""
    return _hasher().hash(password)


def is_password(digest: str, password: str) -> bool:
    """Whether a password is right; takes as long for an account that has none."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        _hasher().verify(digest or _nobodys(), password[: MAX_PASSWORD + 1])
    except (VerificationError, InvalidHashError):
        return False
    return bool(digest)


def new_totp() -> str:
    """A new second factor's secret, base32, 160 bits."""
    import pyotp

    return pyotp.random_base32()


def totp_address(secret: str, user: str, issuer: str) -> str:
    """What an authenticator application reads."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=user, issuer_name=issuer)


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """The 30-second step a code belongs to, one before and after now allowed; None if it is wrong."""
    import pyotp

    code = code.replace(" ", "")
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    here, good = int(now.timestamp()) // STEP_S, None
    for step in (here - 1, here, here + 1):  # all three, whichever fits: time tells nothing
        if hmac.compare_digest(pyotp.TOTP(secret).at(step * STEP_S), code):
            good = step
    return good


def new_token() -> str:
    """256 random bits, to show who one is."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token: SHA-256, hex."""
    return hashlib.sha256(token.encode()).hexdigest()
