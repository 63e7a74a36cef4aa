"""Keyed hashes of identifiers: HMAC-SHA-256 under a key of its own for each kind (RFC 2104, HKDF of RFC 5869).

Whoever holds the lake but not the vault's key cannot try out numbers. A commitment is written in the letters a to p,
so that no row of it can be taken for a number, by people or by the scan that looks for numbers.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import Final

from seawall.people.sealed import wipe
from seawall.vault.identifiers.base import KINDS, Identifier
from seawall.vault.identifiers.normalise import ancestors, blocks

KEY_BYTES: Final = 32
LETTERS: Final = 64  # in a commitment
_TAG_BYTES: Final = 8  # of a block: they never leave the vault
SHAPE: Final = re.compile(f"[a-p]{{{LETTERS}}}")
_TO_LETTERS: Final = bytes.maketrans(b"0123456789abcdef", b"abcdefghijklmnop")


@dataclass(frozen=True, slots=True)
class Committed:
    """What a client may know of an identifier it handed in."""

    kind: str
    commitment: str
    width: str
    why: str = ""  # if it is not normalised
    also: tuple[str, ...] = ()  # commitments of other names of the same subscriber, as kind:commitment

    @property
    def normal(self) -> bool:
        """Whether it was understood."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Tags:
    """What the vault itself keeps for questions of containment."""

    cover: tuple[bytes, ...]  # blocks that make up what the identifier covers
    around: bytes  # tags of every wider block around the only one, joined; empty if there are several
    inner: tuple[bytes, ...] = ()  # the same for each block where there are several


class Committer:
    """The vault's key, opened. `close` wipes it as far as Python allows."""

    def __init__(self, master: bytearray) -> None:
        if len(master) != KEY_BYTES:
            raise ValueError("a key of another size")
        self._keys = {kind: _derived(master, f"commit:{kind}") for kind in KINDS}
        self._block_key = _derived(master, "block")
        self._seal_key = _derived(master, "store")
        wipe(master)

    def commit(self, identifier: Identifier) -> Committed:
        """The commitment of an identifier and of its other names."""
        also = tuple(f"{other.kind}:{self._hash(other)}" for other in identifier.also)
        return Committed(identifier.kind, self._hash(identifier), identifier.width, identifier.why, also)

    def commit_record(self, record: bytes) -> bytes:
        """32 keyed bytes that stand for a raw record: its own hash would let anybody try out numbers."""
        return hmac.digest(self._keys["record"], record, "sha256")

    def tags(self, identifier: Identifier) -> Tags:
        """Tags of its blocks and of everything wider around them."""
        own = blocks(identifier)
        inner = tuple(b"".join(self._tag(identifier.kind, w) for w in ancestors(identifier, b)) for b in own)
        return Tags(tuple(self._tag(identifier.kind, b) for b in own), inner[0], inner if len(own) > 1 else ())

    def seal_key(self) -> bytes:
        """The key under which source locators lie on the disk."""
        return bytes(self._seal_key)

    def close(self) -> None:
        """Wipe every key."""
        wipe(self._block_key, self._seal_key, *self._keys.values())

    def _hash(self, identifier: Identifier) -> str:
        raw = hmac.digest(self._keys[identifier.kind], identifier.value.encode("utf-8", "surrogatepass"), "sha256")
        return letters(raw)

    def _tag(self, kind: str, block: str) -> bytes:
        return hmac.digest(self._block_key, f"{kind}\0{block}".encode("utf-8", "surrogatepass"), "sha256")[:_TAG_BYTES]

    def __repr__(self) -> str:
        return "Committer(***)"


def contains(outer: Tags, inner: Tags) -> bool:
    """Whether everything the inner one covers is covered by the outer one."""
    cover = set(outer.cover)
    around = inner.inner or (inner.around,)
    return all(
        block in cover or any(wide[i : i + _TAG_BYTES] in cover for i in range(0, len(wide), _TAG_BYTES))
        for block, wide in zip(inner.cover, around, strict=True)
    )


def letters(raw: bytes) -> str:
    """Bytes as letters a to p, two for each."""
    return raw.hex().encode().translate(_TO_LETTERS).decode()


def _derived(master: bytearray, purpose: str) -> bytearray:
    """HKDF-SHA-256 with one block of output: extract with a fixed salt, expand with the purpose."""
    extracted = hmac.digest(b"seawall vault v1", master, "sha256")
    return bytearray(hmac.digest(extracted, purpose.encode() + b"\x01", "sha256"))
