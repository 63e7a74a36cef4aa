"""Containers: what holds evidence without being evidence. One file per kind; to add one is a file and a line here."""

from __future__ import annotations

from typing import Final

from seawall.sources.containers import bzip2, gz, lz4, sevenzip, tar, xz, zip, zstd
from seawall.sources.containers.base import Archive, Wrapping

WRAPPINGS: Final[tuple[Wrapping, ...]] = (
    gz.CONTAINER,
    bzip2.CONTAINER,
    xz.CONTAINER,
    zstd.CONTAINER,
    lz4.CONTAINER,
)
ARCHIVES: Final[tuple[Archive, ...]] = (zip.CONTAINER, sevenzip.CONTAINER, tar.CONTAINER)


def wrapping_of(head: bytes) -> Wrapping | None:
    """The compression a file's first bytes show, if any."""
    return next((one for one in WRAPPINGS if one.is_one(head)), None)


def archive_of(head: bytes) -> Archive | None:
    """The archive a file's first bytes show, if any."""
    return next((one for one in ARCHIVES if one.is_one(head)), None)


__all__ = ["ARCHIVES", "WRAPPINGS", "Archive", "Wrapping", "archive_of", "wrapping_of"]
