"""Showing one identifier: what is signed for it, and reading it again from the source it stands in."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.people.approval import Request
from seawall.vault.store import Locator

ACTION: Final = "vault.show"
MAX_SOURCE_BYTES: Final = 1 << 30
_MEND: Final = "name the file, or a folder that holds it, with --source"


def show_request(case: str, commitment: str, requester: str, purpose: str, name: str) -> Request:
    """What is signed to see one identifier; `name` (hex) tells one showing from another."""
    exactly = hashlib.sha256(canonical({"show": commitment})).hexdigest()
    return Request(case, f"{ACTION}:{name}", exactly, requester, purpose)


def read_again(locator: Locator, candidates: list[Path]) -> dict[str, Any]:
    """The record at a locator, from the first candidate whose content has the digest.

    Raises:
        InputError: none of them has it; or the record is not what was read then.
    """
    for path in candidates:
        content = _content(path)
        if content is not None and hashlib.sha256(content).hexdigest() == locator.digest:
            record = content[locator.offset : locator.offset + locator.length]
            return _at(record, locator.pointer)
    raise InputError(
        f"the source with SHA-256 {locator.digest} is not where it was read, and the vault keeps no copy", mend=_MEND
    )


def _content(path: Path) -> bytes | None:
    """A file's bytes, decompressed; None if it is none, or too large."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_SOURCE_BYTES:
            return None
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else path.open("rb") as stream:
            content: bytes = stream.read(MAX_SOURCE_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        return None
    return content if len(content) <= MAX_SOURCE_BYTES else None


def _at(record: bytes, pointer: str) -> dict[str, Any]:
    try:
        here: Any = json.loads(record)
        for part in pointer.split("/")[1:]:
            step = part.replace("~1", "/").replace("~0", "~")
            here = here[int(step)] if isinstance(here, list) else here[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise InputError("the record is not what was read then", mend="ingest its source again") from None
    return here if isinstance(here, dict) else {"value": here}
