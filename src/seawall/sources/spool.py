"""Room for what archives hold: small members in memory, larger ones in one temporary folder that is always removed.

The folder is a room (`disk.rooms`): what a killed process left behind is removed by the next one.
"""

from __future__ import annotations

import io
import shutil
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from seawall.disk.rooms import SPOOL, Room
from seawall.sources.containers.base import Blocks

IN_MEMORY: Final = 1 << 20  # bytes; what is smaller never touches the disk
RESERVE: Final = 512 << 20  # bytes of the disk that are left free
_ASK_EVERY: Final = 64 << 20  # bytes between two looks at the free space


class NoRoom(Exception):  # noqa: N818 - never leaves the room
    """The disk of the temporary folder is full."""


class Spool:
    """A temporary folder for unpacked members; gone with the object, and with the process however it ends."""

    def __init__(self) -> None:
        self._room: Room | None = None
        self._made = 0

    @property
    def folder(self) -> Path:
        """Where it is; made now if it was not needed before."""
        if self._room is None:
            self._room = Room(SPOOL)
        return self._room.folder

    def keep(self, blocks: Blocks, most: int | None = None) -> Kept:
        """Put content by, `most` bytes of it. Raises `NoRoom` if the disk would be full."""
        held = bytearray()
        for block in blocks:
            held += block
            if most is not None and len(held) >= most:
                return Kept(self, bytes(held[:most]), None, most)
            if len(held) > IN_MEMORY:
                return self._on_disk(bytes(held), blocks)
        return Kept(self, bytes(held), None, len(held))

    def _on_disk(self, held: bytes, blocks: Blocks) -> Kept:
        self._made += 1
        path = self.folder / f"{self._made:08d}"
        size, asked = 0, -_ASK_EVERY
        try:
            with path.open("xb") as file:
                size += file.write(held)
                for block in blocks:
                    if size - asked >= _ASK_EVERY:
                        asked = size
                        if shutil.disk_usage(self.folder).free < RESERVE:
                            raise NoRoom
                    size += file.write(block)
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise NoRoom from error
            raise
        return Kept(self, b"", path, size)


@dataclass(eq=False)
class Kept:
    """Content put by; a file of it goes when nobody refers to this any more."""

    spool: Spool
    content: bytes
    path: Path | None
    size: int

    def __post_init__(self) -> None:
        if self.path is not None:
            weakref.finalize(self, _unlink, self.path)

    def open(self) -> BinaryIO:
        """A stream that can move about."""
        return io.BytesIO(self.content) if self.path is None else self.path.open("rb")


def _unlink(path: Path) -> None:
    path.unlink(missing_ok=True)
