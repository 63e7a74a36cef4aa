"""Writes Outlook's .msg files for tests: a compound file (MS-CFB, version 3) with one stream a property (MS-OXMSG)."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

END, FREE, FAT, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
SECTOR, SMALL, CUTOFF = 512, 64, 4_096
Tree = dict[str, "bytes | Tree"]
_PROPERTIES: Final = "__properties_version1.0"


@dataclass
class _Entry:
    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    content: bytes = b""
    below: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=lambda: [NONE, NONE, NONE])  # left, right, child
    start: int = END
    size: int = 0


def compound(tree: Tree) -> bytes:
    """A compound file with these storages and streams."""
    entries = [_Entry("Root Entry", 5)]
    _listed(entries, 0, tree)
    for entry in entries:
        order = sorted(entry.below, key=lambda at: (len(entries[at].name), entries[at].name.upper()))
        entry.links[2] = _balanced(entries, order)
    sectors: list[bytes] = []
    fat: list[int] = []
    mini, mini_fat = _mini(entries)
    for entry in entries:
        if entry.kind == 2 and len(entry.content) >= CUTOFF:
            entry.start = _laid(sectors, fat, entry.content)
    entries[0].start, entries[0].size = (_laid(sectors, fat, mini) if mini else END), len(mini)
    small = b"".join(struct.pack("<I", one) for one in mini_fat)
    small_at = _laid(sectors, fat, small.ljust(-(-len(small) // SECTOR) * SECTOR, b"\xff")) if small else END
    directory_at = _laid(sectors, fat, b"".join(map(_packed, entries)))
    needed = next(n for n in range(1, 100) if n * 128 >= len(sectors) + n)
    fat_at = len(sectors)
    fat += [FAT] * needed
    table = b"".join(struct.pack("<I", one) for one in fat).ljust(needed * SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, needed, directory_at, 0, CUTOFF, small_at, -(-len(small) // SECTOR), END, 0)
    header += b"".join(struct.pack("<I", fat_at + n if n < needed else FREE) for n in range(109))
    return header + b"".join(sectors) + table


def _listed(entries: list[_Entry], parent: int, tree: Tree) -> None:
    for name, what in tree.items():
        at = len(entries)
        entries[parent].below.append(at)
        if isinstance(what, bytes):
            entries.append(_Entry(name, 2, what, size=len(what)))
        else:
            entries.append(_Entry(name, 1))
            _listed(entries, at, what)


def _balanced(entries: list[_Entry], order: list[int]) -> int:
    if not order:
        return NONE
    middle = len(order) // 2
    entries[order[middle]].links[:2] = [
        _balanced(entries, order[:middle]),
        _balanced(entries, order[middle + 1 :]),
    ]
    return order[middle]


def _mini(entries: list[_Entry]) -> tuple[bytes, list[int]]:
    mini, fat = b"", []
    for entry in entries:
        if entry.kind == 2 and 0 < len(entry.content) < CUTOFF:
            count = -(-len(entry.content) // SMALL)
            entry.start = len(fat)
            fat += [*range(len(fat) + 1, len(fat) + count), END]
            mini += entry.content.ljust(count * SMALL, b"\0")
    return mini, fat


def _laid(sectors: list[bytes], fat: list[int], content: bytes) -> int:
    start = len(sectors)
    pieces = [content[at : at + SECTOR].ljust(SECTOR, b"\0") for at in range(0, len(content), SECTOR)]
    sectors += pieces
    fat += [*range(start + 1, start + len(pieces)), END]
    return start


def _packed(entry: _Entry) -> bytes:
    name = entry.name.encode("utf-16-le") + b"\0\0"
    kind = struct.pack("<HBB", len(name), entry.kind, 1)
    where = struct.pack("<IQ", entry.start if entry.size else (END if entry.kind == 5 else 0), entry.size)
    return name.ljust(64, b"\0") + kind + struct.pack("<III", *entry.links) + bytes(36) + where


def text(tag: str, value: str, charset: str = "") -> Tree:
    """A text property: UTF-16, or a code page if one is named."""
    if charset:
        return {f"__substg1.0_{tag}001E": value.encode(charset)}
    return {f"__substg1.0_{tag}001F": value.encode("utf-16-le")}


def binary(tag: str, value: bytes) -> Tree:
    """A binary property."""
    return {f"__substg1.0_{tag}0102": value}


def table(skip: int, *fixed: tuple[int, int, int]) -> Tree:
    """The table of properties of fixed length: (tag, type, value)."""
    return {
        _PROPERTIES: bytes(skip) + b"".join(struct.pack("<HHIQ", kind, tag, 6, value) for tag, kind, value in fixed)
    }


def recipient(number: int, name: str, address: str, kind: int = 1) -> Tree:
    """Somebody a message is sent to: 1 to, 2 copy, 3 blind copy."""
    return {
        f"__recip_version1.0_#{number:08X}": {
            **table(8, (0x0C15, 3, kind)), **text("3001", name), **text("39FE", address), **text("3003", "/O=ORG/CN=X"),
        }
    }  # fmt: skip


def attachment(number: int, name: str, content: bytes | Tree, type_: str = "") -> Tree:
    """A file, or a message as a tree of its own."""
    data: Tree = binary("3701", content) if isinstance(content, bytes) else {"__substg1.0_3701000D": content}
    method = 1 if isinstance(content, bytes) else 5
    more = text("370E", type_) if type_ else {}
    return {
        f"__attach_version1.0_#{number:08X}": {**table(8, (0x3705, 3, method)), **text("3707", name), **more, **data}
    }


def packed_rtf(rtf: bytes) -> bytes:
    """RTF packed as Outlook packs it (MS-OXRTFCP), with back references where three bytes or more come again."""
    from seawall.sources.mail.rtf import _START

    ring = bytearray(_START.ljust(4_096, b"\0"))
    write, at, out = len(_START), 0, bytearray()
    done = False
    while not done:
        control, run = 0, bytearray()
        for bit in range(8):
            if at >= len(rtf):
                control |= 1 << bit
                run += struct.pack(">H", write << 4)
                done = True
                break
            size = next(
                (n for n in range(min(17, len(rtf) - at), 2, -1) if 0 <= ring.find(rtf[at : at + n]) < write - 20), 0
            )
            if size:
                control |= 1 << bit
                run += struct.pack(">H", ring.find(rtf[at : at + size]) << 4 | size - 2)
            else:
                run.append(rtf[at])
            for byte in rtf[at : at + (size or 1)]:
                ring[write] = byte
                write = (write + 1) % 4_096
            at += size or 1
        out += bytes([control]) + run
    return struct.pack("<III", len(out) + 12, len(rtf), 0x75465A4C) + bytes(4) + bytes(out)
