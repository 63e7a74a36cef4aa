"""Checkpoints: a log's signed word about its size and root (C2SP tlog-checkpoint v1)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from seawall.errors import InputError
from seawall.ledger.merkle import HASH_BYTES
from seawall.ledger.note import Note, VerifierKey, read_note, verified

_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")
MAX_SIZE: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How big a log was, and what it held."""

    origin: str
    size: int  # entries
    root: bytes  # 32 bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), base64.b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse(text: str, *, where: str = "checkpoint") -> Checkpoint:
    """Read a checkpoint's text. Raises InputError if it is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() != "" or not all(lines):
        raise InputError("no checkpoint: origin, size and root, one a line", where=where)
    origin, size, root, *extensions = lines
    if not _SIZE.fullmatch(size) or int(size) > MAX_SIZE:
        raise InputError("a checkpoint's size is a number without leading zeros", where=where)
    return Checkpoint(origin, int(size), read_hash(root, where=where), tuple(extensions))


def read_hash(text: str, *, where: str) -> bytes:
    """A SHA-256 value in base64. Raises InputError if it is none."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != HASH_BYTES or base64.b64encode(raw).decode() != text:
        raise InputError("no SHA-256 value in base64", where=where)
    return raw


def open_checkpoint(raw: bytes, log: VerifierKey, *, where: str = "checkpoint") -> tuple[Checkpoint, Note]:
    """A checkpoint the log itself signed, and its note.

    Raises:
        InputError: it is none, another log's, or not signed by this log's key.
    """
    note = read_note(raw, where=where)
    checkpoint = parse(note.text, where=where)
    if checkpoint.origin != log.name:
        raise InputError(
            f"a checkpoint of another log: it says {checkpoint.origin}, this is {log.name}",
            where=where,
            mend="give the checkpoint that belongs to this case",
        )
    verified(note, [log], where=where)
    return checkpoint, note
