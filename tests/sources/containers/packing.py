"""What every container must stand: round trips, cuts, damage and noise."""

from __future__ import annotations

import io
import random

from seawall.sources.containers.base import Archive, Wrapping

BODY = b"".join(b"<189>%d: edge7: something happened on line %d\n" % (n, n * 7919) for n in range(40_000))


def in_blocks(content: bytes, size: int = 1 << 20) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def unwrapped(kind: Wrapping, stored: bytes, size: int = 1 << 20) -> tuple[bytes, list[str]]:
    said: list[str] = []
    return b"".join(kind.read(iter(in_blocks(stored, size)), said.append)), said


def held(kind: Archive, stored: bytes) -> tuple[dict[str, bytes], dict[str, str], list[str]]:
    """Content of each member, why the others have none, and what was said."""
    said: list[str] = []
    contents, instead = {}, {}
    for member in kind.members(io.BytesIO(stored), said.append):
        if member.instead:
            instead[member.name] = member.instead
        else:
            contents[member.name] = b"".join(member.blocks)
    return contents, instead, said


def noise(count: int, seed: int = 7) -> bytes:
    return random.Random(seed).randbytes(count)


def check_whole(kind: Wrapping, packed: bytes, body: bytes = BODY) -> None:
    """It is known by its start, and reads as its content: one stream or two, in blocks of any size."""
    assert kind.is_one(packed)
    assert not kind.is_one(body)
    for size in (61, 4_096, 1 << 20):
        assert unwrapped(kind, packed, size) == (body, [])
    assert unwrapped(kind, packed + packed) == (body + body, [])


def check_cut(kind: Wrapping, packed: bytes, at_least: int, body: bytes = BODY) -> None:
    """What stands before a cut is read, and the cut is said."""
    read, said = unwrapped(kind, packed[: len(packed) // 2])
    assert body.startswith(read)
    assert len(read) >= at_least
    assert len(said) == 1
    assert "cut off" in said[0]


def check_damage(kind: Wrapping, packed: bytes, at_least: int, size: int = 64, body: bytes = BODY) -> None:
    """What stands before damage is read, and the damage is said."""
    middle = len(packed) // 2
    read, said = unwrapped(kind, packed[:middle] + noise(size) + packed[middle + size :])
    assert read[:at_least] == body[:at_least]
    assert any("damaged" in one for one in said)
