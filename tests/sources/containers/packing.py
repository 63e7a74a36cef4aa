"""What every container must stand: round trips, cuts, damage and noise."""

from __future__ import annotations

import io
import random
import zlib

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


_AGAIN = bytes.fromhex("428821c400")  # a block of fixed codes: ten bytes from twenty back, and ten more
_END = bytes.fromhex("0208100000ffff")  # two empty blocks of fixed codes, one empty last block as stored


def gz_quine() -> bytes:
    """A gzip file that unpacks to itself, built as Russ Cox shows (https://research.swtch.com/zip).

    Every word has five bytes: `words(n)` announces n words as they are, `_AGAIN` says the last four once more. The
    checksum is part of what it sums up; CRC-32 is affine, so the value that fits solves 32 equations over bits.
    """
    for letter in b"abcdefghijklmnopqrstuvwxyz":
        start = crc_of(0, letter)
        rows = [((crc_of(1 << bit, letter) ^ start ^ (1 << bit)) << 32) | 1 << bit for bit in range(32)]
        rest, chosen = start, 0
        basis: dict[int, int] = {}
        for row in rows:
            while row >> 32 and (high := row.bit_length()) in basis:
                row ^= basis[high]
            if row >> 32:
                basis[row.bit_length()] = row
        rest <<= 32
        while rest >> 32 and (high := rest.bit_length()) in basis:
            rest ^= basis[high]
        chosen = rest & 0xFFFFFFFF
        if not rest >> 32:
            return _quine(chosen, letter)
    raise AssertionError("no file name makes the checksum solvable")


def crc_of(checksum: int, letter: int) -> int:
    """The CRC-32 of the quine that says it has this one."""
    return zlib.crc32(_quine(checksum, letter))


def _quine(checksum: int, letter: int) -> bytes:
    def words(count: int) -> bytes:
        return b"\0" + (5 * count).to_bytes(2, "little") + (0xFFFF - 5 * count).to_bytes(2, "little")

    none, one, four, again = words(0), words(1), words(4), _AGAIN
    head = b"\x1f\x8b\x08\x08" + bytes(6) + bytes([letter]) * 4 + b"\0"
    foot = _END + checksum.to_bytes(4, "little") + (210).to_bytes(4, "little")
    parts = [head, four, head, four, again, one, again, one, one, four]
    parts += [again, one, one, four, again, four, again, four, again, four, again, four]
    parts += [again, none, none, four, again, none, none, four, again, foot, again, foot]
    return b"".join(parts)
