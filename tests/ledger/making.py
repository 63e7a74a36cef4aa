"""Small ledgers and keys for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from seawall.disk.durable import Disk
from seawall.ledger import Draft, Ledger, Receipt
from seawall.ledger.merkle import HASH_BYTES, leaf_hash, node_hash
from seawall.ledger.note import SigningKey
from seawall.model.clock import Clock

ORIGIN = "seawall/5e0a7a4e-0f0f-4a6e-9d6e-3f0f6f1b2c11"


@dataclass
class TickingClock:
    """A clock that goes on by a second each time it is asked."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def opened(folder: Path, *, clock: Clock | None = None, disk: Disk | None = None, origin: str = ORIGIN) -> Ledger:
    return Ledger(folder / "ledger", folder / "keys" / "ledger.key", origin, clock=clock or TickingClock(), disk=disk)


def drafts(count: int, first: int = 0, kind: str = "finding") -> list[Draft]:
    return [Draft(kind, {"sha256": digest(n)}, {"finding": digest(n)[:32]}) for n in range(first, first + count)]


def fill(ledger: Ledger, count: int, first: int = 0) -> list[Receipt]:
    return ledger.append_all(drafts(count, first))


def digest(number: int) -> str:
    return sha256(str(number).encode()).hexdigest()


def seeded(name: str, kind: int, seed: str) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return SigningKey(name, kind, Ed25519PrivateKey.from_private_bytes(sha256(seed.encode()).digest()))


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(slow_root(leaves[:split]), slow_root(leaves[split:]))


def slow_path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, word for word."""
    if len(leaves) == 1:
        return []
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if index < split:
        return [*slow_path(index, leaves[:split]), slow_root(leaves[split:])]
    return [*slow_path(index - split, leaves[split:]), slow_root(leaves[:split])]


def slow_sub(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, word for word."""
    if old == len(leaves):
        return [] if whole else [slow_root(leaves)]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    if old <= split:
        return [*slow_sub(old, leaves[:split], whole), slow_root(leaves[split:])]
    return [*slow_sub(old - split, leaves[split:], False), slow_root(leaves[:split])]


def flip(raw: bytes, bit: int) -> bytes:
    changed = bytearray(raw)
    changed[(bit // 8) % len(raw)] ^= 1 << (bit % 8)
    return bytes(changed)


assert HASH_BYTES == 32
