"""JSON of any shape as objects one by one: a list, an object that holds lists, or one object a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Final

import orjson

from seawall.sources.base import Evidence
from seawall.sources.intercepts.base import Rows, lines_of, squeezed, whole_file
from seawall.sources.intercepts.delimited import rows_of

MAX_WHOLE: Final = 512 << 20  # a document that is no list of lines
MAX_LINE: Final = 8 << 20


def objects_of(evidence: Evidence, rows: Rows) -> Iterator[tuple[str | int, Mapping[str, Any]]]:
    """Each object with its place; what is none is counted as a reject."""
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"["):
        yield from rows_of(evidence)  # a table: each row an object
        return
    if head[:1] == b"{" and _by_lines(head):
        with closing(evidence.open()) as stream:
            for number, raw in lines_of(stream, MAX_LINE):
                line = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"").strip()
                if not line:
                    continue
                one = _loaded(line)
                if isinstance(one, dict):
                    yield number, one
                else:
                    rows.reject(number, "a line that is no JSON object")
        return
    content = whole_file(evidence, MAX_WHOLE)
    whole = _loaded(content.removeprefix(b"\xef\xbb\xbf"))
    if whole is None:
        rows.reject(evidence.origin, "broken JSON")
        return
    for number, one in enumerate(_members(whole), 1):
        if isinstance(one, dict):
            yield f"{evidence.origin}#{number}", one
        else:
            rows.reject(f"{evidence.origin}#{number}", "an entry that is no object")


def _by_lines(head: bytes) -> bool:
    """Whether it is an object a line; one broken line at the start says nothing of the rest."""
    lines = [line.replace(b"\0", b"").strip() for line in head.split(b"\n")[:20]]
    return len(lines) > 1 and any(isinstance(_loaded(line), dict) for line in lines if line)


def _loaded(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def _members(whole: Any) -> list[Any]:
    """The records of a document: its list, the largest list it holds, or itself."""
    if isinstance(whole, list):
        return whole
    lists = [v for v in whole.values() if isinstance(v, list) and any(isinstance(x, dict) for x in v)]
    return max(lists, key=len) if lists else [whole]


__all__ = ["objects_of", "squeezed"]
