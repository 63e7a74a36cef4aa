"""Security keys as keys of people (W3C Web Authentication, level 3): what they sign, and whether they signed it.

A public key is written `webauthn:RP:CREDENTIAL:KEY`: the name of the site it was made for, the credential's id
(base64url), and the key (SubjectPublicKeyInfo, base64). The challenge of a signature is the digest of the exact change,
32 bytes, and behind it the digest of the whole approval: so the token signs this change, asked for by this person for
this purpose until this moment, and nothing else. Who is present is verified by the token (PIN or biometry).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from seawall.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

PREFIX: Final = "webauthn:"
PUBLIC: Final = re.compile(
    r"webauthn:(?P<rp>[a-z0-9.-]{1,253}):(?P<id>[\w-]{16,1400}):(?P<key>[A-Za-z0-9+/]{40,800}=*)"
)
_PRESENT, _VERIFIED = 0x01, 0x04  # flags of the authenticator's data
_LEAST_DATA: Final = 37  # bytes: site, flags, counter


@dataclass(frozen=True, slots=True)
class SecurityKey:
    """A public key taken apart."""

    rp: str
    credential: str  # base64url
    key: bytes  # SubjectPublicKeyInfo, DER

    @property
    def text(self) -> str:
        """As people.toml writes it."""
        return f"{PREFIX}{self.rp}:{self.credential}:{base64.b64encode(self.key).decode()}"


def read_key(public: str) -> SecurityKey:
    """A public key as written. Raises InputError if it is none, or of a kind we do not verify."""
    found = PUBLIC.fullmatch(public)
    try:
        if found is None:
            raise ValueError
        key = SecurityKey(found["rp"], found["id"], base64.b64decode(found["key"], validate=True))
        _verifier(key.key)
    except (ValueError, binascii.Error):
        raise InputError("no security key", where=public[:40], mend="register it again in the console") from None
    return key


def challenge(message: bytes) -> bytes:
    """What a token is given to sign for the bytes of an approval: the change's digest, then that of all of it."""
    whole = hashlib.sha256(message).digest()
    try:
        return bytes.fromhex(json.loads(message)["diff_sha256"]) + whole
    except (ValueError, KeyError, TypeError):
        return whole  # no approval: a notice, for instance


def signed(public: str, message: bytes, signature: str) -> bool:
    """Whether `signature` (see `pack`) is that of a security key, with its person verified, over a message."""
    try:
        key = read_key(public)
        data, client, raw = map(_bytes, signature.split("."))
        told = json.loads(client)
        if not _is_ours(told, key.rp, message) or len(data) < _LEAST_DATA:
            return False
        if not hmac.compare_digest(data[:32], hashlib.sha256(key.rp.encode()).digest()):
            return False
        if data[32] & (_PRESENT | _VERIFIED) != _PRESENT | _VERIFIED:
            return False
        return _verify(_verifier(key.key), raw, data + hashlib.sha256(client).digest())
    except (InputError, ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        return False


def pack(authenticator_data: str, client_data: str, signature: str) -> str:
    """The three parts of a token's answer (base64url, as browsers give them) as one signature."""
    return ".".join((authenticator_data, client_data, signature))


def _is_ours(told: dict[str, Any], rp: str, message: bytes) -> bool:
    """Whether the browser says that a page of ours asked for this very signature."""
    origin = urlsplit(told["origin"])
    host = origin.hostname or ""
    here = host == rp or host.endswith(f".{rp}")
    safe = origin.scheme == "https" or (origin.scheme == "http" and host == "localhost")
    asked = hmac.compare_digest(_bytes(told["challenge"]), challenge(message))
    return told["type"] == "webauthn.get" and told.get("crossOrigin") in (None, False) and here and safe and asked


def _bytes(text: str) -> bytes:
    """Base64url without padding."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("no base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _verifier(der: bytes) -> PublicKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(der)
    except UnsupportedAlgorithm:
        raise ValueError("of a kind we do not verify") from None
    if isinstance(key, rsa.RSAPublicKey) and 2048 <= key.key_size <= 8192:
        return key
    if isinstance(key, ed25519.Ed25519PublicKey) or (
        isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    ):
        return key
    raise ValueError("of a kind we do not verify")


def _verify(key: PublicKeyTypes, signature: bytes, message: bytes) -> bool:
    """ES256, EdDSA or RS256."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(SHA256()))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, message)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True
