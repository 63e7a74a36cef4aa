"""What the vault remembers: for each commitment the places it stands in, never the identifier itself.

One sealed file (AES-256-GCM) per source, named by its digest, whole or not at all.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.vault.commitments import Tags

SUFFIX: Final = ".sealed"
_BOUND: Final = b"seawall vault source v1:"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Locator:
    """Where an identifier stands: in the decompressed bytes of a file, and there at a JSON pointer (RFC 6901)."""

    digest: str  # SHA-256 of the file's decompressed content, hex
    offset: int  # of the record, bytes
    length: int
    pointer: str  # within the record


@dataclass(frozen=True, slots=True)
class Kept:
    """One identifier of a source, as kept."""

    commitment: str
    kind: str
    width: str
    tags: Tags
    offset: int
    length: int
    pointer: str


@dataclass(slots=True)
class Known:
    """Everything known of a commitment."""

    kind: str
    width: str
    tags: Tags
    locators: list[Locator] = field(default_factory=list)


class Store:
    """Locators by commitment; in memory while the vault is open, sealed on the disk always."""

    def __init__(self, folder: Path, key: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._folder = folder
        self._box = AESGCM(key)
        self.known: dict[str, Known] = {}
        self.paths: dict[str, str] = {}  # digest of a source -> where it lay when it was read
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            self._load(path)

    def keep(self, digest: str, path: str, rows: Sequence[Kept]) -> None:
        """Remember a source; one that is known is written again. Raises InputError if the disk refuses."""
        if not _DIGEST.fullmatch(digest):
            raise InputError("no digest of a file")
        document = {"path": path, "rows": [_row(kept) for kept in rows]}
        nonce = secrets.token_bytes(12)
        sealed = nonce + self._box.encrypt(nonce, orjson.dumps(document), _BOUND + digest.encode())
        try:
            Disk().write_file(self._folder / f"{digest}{SUFFIX}", sealed)
        except OSError as error:
            raise InputError(
                f"the vault cannot write: {error.strerror}", where=str(self._folder), mend="free some space"
            ) from error
        self._take(digest, path, rows)

    def find(self, commitment: str) -> Known:
        """What is known of a commitment. Raises InputError if nothing is."""
        known = self.known.get(commitment)
        if known is None:
            raise InputError(
                "no source the vault knows holds this commitment", mend="ingest the file it stands in again"
            )
        return known

    def _load(self, path: Path) -> None:
        from cryptography.exceptions import InvalidTag

        digest = path.name.removesuffix(SUFFIX)
        try:
            sealed = path.read_bytes()
            document = orjson.loads(self._box.decrypt(sealed[:12], sealed[12:], _BOUND + digest.encode()))
            self._take(digest, str(document["path"]), list(_rows(document["rows"])))
        except (InvalidTag, ValueError, KeyError, OSError) as error:
            why = "is sealed under another key, or damaged" if isinstance(error, InvalidTag) else "cannot be read"
            raise InputError(
                why, where=str(path), mend="restore it from a backup, or remove it and ingest its source again"
            ) from None

    def _take(self, digest: str, path: str, rows: Sequence[Kept]) -> None:
        self.paths[digest] = path
        for kept in rows:
            known = self.known.setdefault(kept.commitment, Known(kept.kind, kept.width, kept.tags))
            locator = Locator(digest, kept.offset, kept.length, kept.pointer)
            if locator not in known.locators:
                known.locators.append(locator)


def _row(kept: Kept) -> list[Any]:
    tags = kept.tags
    packed = [base64.b64encode(part).decode() for part in (b"".join(tags.cover), tags.around, *tags.inner)]
    return [kept.commitment, kept.kind, kept.width, kept.offset, kept.length, kept.pointer, *packed]


def _rows(raw: list[list[Any]]) -> Iterator[Kept]:
    for commitment, kind, width, offset, length, pointer, *packed in raw:
        cover, around, *inner = (base64.b64decode(part) for part in packed)
        tags = Tags(tuple(cover[i : i + 8] for i in range(0, len(cover), 8)), around, tuple(inner))
        yield Kept(commitment, kind, width, tags, offset, length, pointer)
