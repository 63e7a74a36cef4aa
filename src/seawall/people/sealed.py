"""A secret under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM seals, and the file says how."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets
from typing import Any, Final

from seawall.errors import InputError

COST: Final = 1 << 15  # scrypt N: 32 MiB and about a tenth of a second for each guess
_BLOCK: Final = 8  # scrypt r
_MAX_COST: Final = 1 << 20  # what a hostile file may ask for: 1 GiB
_VERSION: Final = 1
MIN_PASSPHRASE: Final = 8  # characters
MAX_PASSPHRASE: Final = 1_024  # bytes


def seal(secret: bytes, passphrase: bytes, purpose: str, public: dict[str, str] | None = None) -> bytes:
    """A small JSON file that gives `secret` back to whoever knows the passphrase.

    `purpose` (e.g. "seawall person key") is bound in, so that no file stands in for another's; `public` is readable
    without the passphrase, and bound in too.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(passphrase) < MIN_PASSPHRASE:
        raise InputError(f"a passphrase of fewer than {MIN_PASSPHRASE} characters", mend="choose a longer one")
    head = {"purpose": purpose, "v": _VERSION, "kdf": "scrypt", "n": COST, "r": _BLOCK, "p": 1, **(public or {})}
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    box = AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, secret, _bound(head))
    parts = {"salt": salt, "nonce": nonce, "box": box}
    return json.dumps(head | {k: base64.b64encode(v).decode() for k, v in parts.items()}, indent=1).encode() + b"\n"


def read_head(sealed: bytes, purpose: str, *, where: str) -> dict[str, Any]:
    """What a sealed file says of itself. Raises InputError if it is damaged or is another kind of file."""
    try:
        head = json.loads(sealed)
        if head["purpose"] != purpose:
            raise InputError(f"not a {purpose} file", where=where, mend="name the right file")
        if head["v"] != _VERSION or head["kdf"] != "scrypt" or head["r"] != _BLOCK or head["p"] != 1:
            raise InputError("sealed in a way this version does not know", where=where, mend="use a later Seawall")
        if not isinstance(head["n"], int) or head["n"] & (head["n"] - 1) or not 2 <= head["n"] <= _MAX_COST:
            raise InputError("asks for an absurd amount of work", where=where, mend="restore it from a backup")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError("damaged key file", where=where, mend="restore it from a backup") from None
    return dict(head)


def unseal(sealed: bytes, passphrase: bytes, purpose: str, *, where: str) -> bytearray:
    """The secret, in a buffer the caller wipes.

    Raises:
        InputError: the file is damaged, of another purpose, or the passphrase is wrong.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = read_head(sealed, purpose, where=where)
    try:
        salt, nonce, box = (base64.b64decode(str(head.pop(name)), validate=True) for name in ("salt", "nonce", "box"))
        key = _key(passphrase, salt, head["n"])
        return bytearray(AESGCM(key).decrypt(nonce, box, _bound(head)))
    except InvalidTag:
        raise InputError("wrong passphrase, or a damaged key file", where=where, mend="try again") from None
    except (KeyError, binascii.Error, ValueError):
        raise InputError("damaged key file", where=where, mend="restore it from a backup") from None


def wipe(*buffers: bytearray) -> None:
    """Overwrite secrets, as far as Python allows: copies it made itself are beyond reach."""
    for buffer in buffers:
        buffer[:] = bytes(len(buffer))


def _key(passphrase: bytes, salt: bytes, cost: int) -> bytes:
    return hashlib.scrypt(passphrase, salt=salt, n=cost, r=_BLOCK, p=1, maxmem=256 * _BLOCK * cost, dklen=32)


def _bound(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True).encode()
