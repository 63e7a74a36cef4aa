"""Disks that fail on purpose: power that goes at one boundary, room that ends, a sync that is refused."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

from seawall.disk.durable import Disk, DurableFile


class KillingDisk(Disk):
    """A disk whose machine loses power at one boundary."""

    def __init__(self, kill_at: int = 0) -> None:
        self.crossed = 0
        self._kill_at = kill_at

    def _cross(self) -> bool:
        self.crossed += 1
        return self.crossed == self._kill_at

    def _die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _before(self) -> None:
        if self._cross():
            self._die()

    def make_folder(self, folder: Path) -> None:
        self._before()
        super().make_folder(folder)

    def create(self, path: Path) -> DurableFile:
        self._before()
        return super().create(path)

    def write(self, descriptor: int, data: memoryview, offset: int) -> int:
        if self._cross():
            super().write(descriptor, data[: len(data) // 2], offset)
            self._die()
        return super().write(descriptor, data, offset)

    def extend(self, path: Path) -> DurableFile:
        self._before()
        return super().extend(path)

    def truncate(self, descriptor: int, size: int) -> None:
        self._before()
        super().truncate(descriptor, size)

    def sync(self, descriptor: int) -> None:
        self._before()
        super().sync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        self._before()
        super().replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        self._before()
        super().sync_folder(folder)

    def remove(self, path: Path) -> None:
        self._before()
        super().remove(path)


class FullDisk(Disk):
    """A disk with room for so many bytes."""

    def __init__(self, room: int, number: int = errno.ENOSPC) -> None:
        self.room = room
        self._number = number

    def write(self, descriptor: int, data: memoryview, offset: int) -> int:
        if len(data) > self.room:
            raise OSError(self._number, os.strerror(self._number))
        self.room -= len(data)
        return super().write(descriptor, data, offset)
