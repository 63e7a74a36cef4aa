"""Signed notes and the keys that sign them (C2SP signed-note v1, tlog-cosignature v1), Ed25519 only.

A note is text, an empty line, and signature lines; its text counts only once a key we were told of has verified it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from seawall.errors import InputError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519: Final = 0x01  # signs the text
COSIGNATURE: Final = 0x04  # signs the text and a time: a witness
MAX_SIGNATURES: Final = 64
MAX_NOTE_BYTES: Final = 1 << 20
_ID_BYTES, _KEY_BYTES, _SIGNATURE_BYTES, _TIME_BYTES = 4, 32, 64, 8
_DASH: Final = "\u2014 "
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_PRIVATE: Final = "PRIVATE+KEY+"
LATEST_TIME: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line."""

    name: str
    key_id: bytes  # 4 bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note, with its newline."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read: nothing of it is verified yet."""

    text: str  # with its last newline
    signatures: tuple[Signature, ...]

    @property
    def encoded(self) -> bytes:
        """The whole note."""
        return (self.text + "\n" + "".join(signature.line for signature in self.signatures)).encode()


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name its signatures carry."""

    name: str
    kind: int  # ED25519 or COSIGNATURE
    public: bytes  # 32 bytes

    @property
    def key_id(self) -> bytes:
        """First 4 bytes of a digest over name, kind and key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """The vkey: `name+id+base64(kind, key)`."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"

    def signed(self, text: str, signature: Signature) -> bool:
        """Whether this key made `signature` over `text`."""
        value = signature.value
        message = text.encode()
        if self.kind == COSIGNATURE:
            if len(value) != _TIME_BYTES + _SIGNATURE_BYTES:
                return False
            at = int.from_bytes(value[:_TIME_BYTES], "big")
            if at > LATEST_TIME:
                return False
            message, value = cosigned(text, at), value[_TIME_BYTES:]
        return _verifies(self.public, value, message)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the name its signatures carry. Never printed: its `repr` hides the seed."""

    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def public(self) -> VerifierKey:
        """The half that everybody may know."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    @property
    def text(self) -> str:
        """The key as its file holds it: `PRIVATE+KEY+name+id+base64(kind, seed)`."""
        body = base64.b64encode(bytes([self.kind]) + self.private.private_bytes_raw()).decode()
        return f"{_PRIVATE}{self.name}+{self.public.key_id.hex()}+{body}"

    def __repr__(self) -> str:
        return f"SigningKey({self.public.text})"

    def sign(self, text: str) -> Signature:
        """Sign a note's text. Raises InputError if the text could not stand in a note."""
        _check_text(text)
        return Signature(self.name, self.public.key_id, self.private.sign(text.encode()))

    def cosign(self, text: str, at: int) -> Signature:
        """Sign a checkpoint's text as seen at `at`, POSIX seconds."""
        _check_text(text)
        value = at.to_bytes(_TIME_BYTES, "big") + self.private.sign(cosigned(text, at))
        return Signature(self.name, self.public.key_id, value)


def cosigned(text: str, at: int) -> bytes:
    """What a witness signs: a header, the time, and the checkpoint's text."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosigned_at(signature: Signature) -> int:
    """POSIX seconds a cosignature names."""
    return int.from_bytes(signature.value[:_TIME_BYTES], "big")


def new_key(name: str, kind: int) -> SigningKey:
    """A key nobody has yet. Raises InputError for a name that could not stand in a note."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(_checked_name(name), kind, Ed25519PrivateKey.generate())


def read_signing_key(text: str, *, where: str) -> SigningKey:
    """A private key from its text. Raises InputError, which never quotes the key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if not text.startswith(_PRIVATE):
        raise InputError("holds no signing key", where=where, mend="restore the file from your backup of the case")
    name, key_id, kind, seed = _key_parts(text.removeprefix(_PRIVATE), where)
    key = SigningKey(name, kind, Ed25519PrivateKey.from_private_bytes(seed))
    if key.public.key_id != key_id:
        raise InputError("the signing key does not fit its own id", where=where, mend="restore it from a backup")
    return key


def read_verifier_key(text: str, *, where: str = "key") -> VerifierKey:
    """A vkey. Raises InputError if it is none, or names an algorithm other than Ed25519."""
    name, key_id, kind, public = _key_parts(text, where)
    key = VerifierKey(name, kind, public)
    if key.key_id != key_id:
        raise InputError("the key does not fit its own id", where=where, mend="copy the key again, whole")
    return key


def read_note(raw: bytes, *, where: str = "note") -> Note:
    """Take a note apart. Raises InputError if it is none; nothing is verified yet."""
    if len(raw) > MAX_NOTE_BYTES:
        raise InputError(f"a note of more than {MAX_NOTE_BYTES} bytes", where=where)
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError("a note must be UTF-8", where=where) from None
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not text or not lines.endswith("\n"):
        raise InputError("no signed note: text, an empty line, signature lines", where=where)
    _check_text(text + "\n", where)
    signatures = [_read_signature(line, where) for line in lines[:-1].split("\n")]
    if len(signatures) > MAX_SIGNATURES:
        raise InputError(f"a note with more than {MAX_SIGNATURES} signatures", where=where)
    return Note(text + "\n", tuple(signatures))


def read_signatures(raw: bytes, *, where: str) -> tuple[Signature, ...]:
    """Signature lines alone, as a witness answers them. Raises InputError."""
    return read_note(b"-\n\n" + raw, where=where).signatures


def verified(
    note: Note, keys: Sequence[VerifierKey], *, where: str = "note"
) -> tuple[tuple[VerifierKey, Signature], ...]:
    """The signatures of keys we know, each verified; others are ignored, as the specification wants.

    Raises:
        InputError: a known key's signature fails, or no known key signed.
    """
    good: list[tuple[VerifierKey, Signature]] = []
    for signature in note.signatures:
        for key in keys:
            if (key.name, key.key_id) != (signature.name, signature.key_id):
                continue
            if not key.signed(note.text, signature):
                raise InputError(f"the signature of {key.name} is wrong", where=where, mend="the text was changed")
            if all(key != known for known, _ in good):
                good.append((key, signature))
    if not good:
        raise InputError("signed by no key we know", where=where, mend="check that it is the right log's, and the key")
    return tuple(good)


def _verifies(public: bytes, signature: bytes, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _read_signature(line: str, where: str) -> Signature:
    name, _, body = line.removeprefix(_DASH).partition(" ")
    raw = _unbase64(body)
    if not line.startswith(_DASH) or not _is_name(name) or raw is None or len(raw) <= _ID_BYTES:
        raise InputError("a signature line is not `\u2014 name base64`", where=where)
    return Signature(name, raw[:_ID_BYTES], raw[_ID_BYTES:])


def _key_parts(text: str, where: str) -> tuple[str, bytes, int, bytes]:
    """Name, id, kind and 32 bytes of a key's text; base64 may hold `+`, so only two of them divide."""
    parts = text.strip("\n").split("+", 2)
    raw = _unbase64(parts[2]) if len(parts) == 3 else None
    if raw is None or not _is_name(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise InputError("no key of the form name+id+base64", where=where)
    if len(raw) != 1 + _KEY_BYTES or raw[0] not in (ED25519, COSIGNATURE):
        raise InputError("a key of another kind than Ed25519", where=where, mend="give an Ed25519 key (kind 1 or 4)")
    return parts[0], bytes.fromhex(parts[1]), raw[0], raw[1:]


def _unbase64(text: str) -> bytes | None:
    """Standard base64 and nothing else; None where it is not, or has a second spelling."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name) and not _CONTROL.search(name)


def _checked_name(name: str) -> str:
    if not _is_name(name):
        raise InputError(f"{name!r} is no name for a key", mend="use a name like guard.example/log: no space, no +")
    return name


def _check_text(text: str, where: str = "note") -> None:
    if not text.endswith("\n") or _CONTROL.search(text):
        raise InputError("a note's text ends in a newline and holds no control characters", where=where)
