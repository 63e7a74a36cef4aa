"""Keys of people: Ed25519 (RFC 8032). The private one lies sealed in the person's own file, never in a case."""

from __future__ import annotations

import base64
import binascii
import re
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.model.case import MARKER
from seawall.people import webauthn
from seawall.people.private_files import read_private, write_private
from seawall.people.sealed import read_head, seal, unseal, wipe

PREFIX: Final = "ed25519:"
_PURPOSE: Final = "seawall person key"
_PUBLIC: Final = re.compile(r"ed25519:[A-Za-z0-9+/]{43}=")


class PrivateKey:
    """A person's key for the moment of signing, as a context manager that wipes it."""

    def __init__(self, secret: bytearray) -> None:
        self._secret = secret

    @property
    def public(self) -> str:
        """The public key as people.toml writes it."""
        return public_text(self._secret)

    def sign(self, message: bytes) -> bytes:
        """64 bytes over a message."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(bytes(self._secret)).sign(message)

    def __enter__(self) -> PrivateKey:
        return self

    def __exit__(self, *_: object) -> None:
        wipe(self._secret)

    def __repr__(self) -> str:
        return "PrivateKey(***)"


def make_key(path: Path, passphrase: bytes) -> str:
    """Make a key pair, seal the private half into a new file of mode 0600, and return the public half.

    Raises:
        InputError: the file exists, lies in a case, or cannot be written; the passphrase is too short.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    refuse_case(path)
    secret = bytearray(Ed25519PrivateKey.generate().private_bytes_raw())
    public = public_text(secret)
    write_private(path, seal(bytes(secret), passphrase, _PURPOSE, {"public": public}))
    wipe(secret)
    return public


def refuse_case(path: Path) -> None:
    """A private key inside a case would travel with it: refuse any folder below one."""
    inside = next((folder for folder in path.resolve().parents if (folder / MARKER).exists()), None)
    if inside is not None:
        raise InputError(
            "a private key never lies in a case", where=str(path), mend=f"name a file of your own outside {inside}"
        )


def open_key(path: Path, passphrase: bytes) -> PrivateKey:
    """A person's key, from a file only they may read.

    Raises:
        InputError: the file is readable by others, damaged, lies in a case, or the passphrase is wrong.
    """
    refuse_case(path)
    secret = unseal(read_private(path), passphrase, _PURPOSE, where=str(path))
    if len(secret) != 32:
        raise InputError("damaged key file", where=str(path), mend="restore it from a backup")
    return PrivateKey(secret)


def public_of(path: Path) -> str:
    """The public half of a key file, readable without its passphrase."""
    return check_public(str(read_head(read_private(path), _PURPOSE, where=str(path)).get("public")), where=str(path))


def public_text(secret: bytearray) -> str:
    """The public half of 32 secret bytes, as people.toml writes it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    raw = Ed25519PrivateKey.from_private_bytes(bytes(secret)).public_key().public_bytes_raw()
    return PREFIX + base64.b64encode(raw).decode()


def check_public(text: str, *, where: str) -> str:
    """A public key as written: of a pair, or of a security key. Raises InputError if it is none."""
    if text.startswith(webauthn.PREFIX):
        return webauthn.read_key(text).text
    if not _PUBLIC.fullmatch(text):
        raise InputError("no public key", where=where, mend=f"write {PREFIX} and the base64 of 32 bytes")
    return text


def signed(public: str, message: bytes, signature: str) -> bool:
    """Whether `signature` (base64) is that of a public key over a message."""
    if public.startswith(webauthn.PREFIX):
        return webauthn.signed(public, message, signature)
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(public.removeprefix(PREFIX))).verify(raw, message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True
