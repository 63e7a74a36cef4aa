"""What STIX and MISP have in common: one JSON text whose objects name known-bad values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from seawall.model.indicator_values import normalise
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject
from seawall.sources.indicators import table_of
from seawall.sources.records import excerpt

MAX_BYTES: Final = 256 << 20
_ROWS: Final = 20_000
_TLP: Final = re.compile(r"tlp:(white|clear|green|amber(?:\+strict)?|red)\b", re.I)


def read_json(evidence: Evidence) -> Any:
    """The JSON value of a file; a string says why there is none."""
    with closing(evidence.open()) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        return f"larger than {MAX_BYTES >> 20} MiB; split it"
    try:
        value = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return f"no whole JSON text: {str(error)[:100]}"
    return value if isinstance(value, (dict, list)) else "JSON, but no object"


def tlp_of(text: object) -> str | None:
    """The traffic light a marking names, in the words of TLP 2.0."""
    found = _TLP.search(str(text))
    return found[1].lower().replace("white", "clear") if found else None


def known_value(value: str, said: str) -> tuple[str, str] | None:
    """(type, value) of an indicator by what its publisher calls it; None if it is no such thing."""
    return normalise(value, "" if said == "ip or domain" else said)


@dataclass(slots=True)
class Gathered:
    """The indicators of one file, as they are found."""

    evidence: Evidence
    reading: Reading
    rows: list[dict[str, object]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # what was not taken, in words
    seen: set[bytes] = field(default_factory=set)

    def add(self, place: str, found: tuple[str, str], columns: Mapping[str, object]) -> None:
        """Take an indicator, its type and value; `place` names its object."""
        kind, value = found
        record = "\0".join((str(columns.get("published_as") or ""), kind, value)).encode("utf-8", "replace")
        if record not in self.seen:
            self.seen.add(record)
            named = {"type": kind, "value": value, "origin": f"{self.evidence.origin}#{place}", "line": record}
            self.rows.append({**columns, **named})

    def reject(self, place: str, what: str) -> None:
        """Count an object that cannot be used, and say why."""
        self.rejected += 1
        if len(self.rejects) < MAX_REJECTS_KEPT:
            self.rejects.append(Reject(f"{self.evidence.origin}#{excerpt(place)}", excerpt(what, 300)))

    def chunks(self, read_bytes: int) -> Iterator[Chunk]:
        """Everything, in bounded pieces."""
        notes = tuple(f"{what}: {count:,}" for what, count in sorted(self.left_out.items()))
        yield Chunk({}, tuple(self.rejects), self.rejected, read_bytes, notes)
        for start in range(0, len(self.rows), _ROWS):
            yield Chunk({"indicators": table_of(self.rows[start : start + _ROWS], self.reading)})


def words(value: object, width: int = 500) -> str | None:
    """A publisher's text on one printable line; None if there is none."""
    return excerpt(value, width) if isinstance(value, str) and value.strip() else None
