"""Reading as a hunt does: recognise bytes by their content, then read them with the source that was surest."""

from __future__ import annotations

from seawall import sources
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import Result, read_evidence


def recognised(content: str | bytes) -> str | None:
    """The name of the source that takes these bytes."""
    raw = content.encode() if isinstance(content, str) else content
    source = sources.recognise(evidence_from_bytes(raw, "sample.log"))
    return source.name if source else None


def read_as_found(content: str | bytes) -> Result:
    """Everything the surest source makes of these bytes."""
    raw = content.encode() if isinstance(content, str) else content
    evidence = evidence_from_bytes(raw, "sample.log")
    source = sources.recognise(evidence)
    assert source is not None, f"nobody knows {raw[:80]!r}"
    return read_evidence(source, evidence)


def only_row(content: str | bytes, kind: str) -> dict[str, object]:
    """The one row of a kind, without the columns that are null."""
    result = read_as_found(content)
    (row,) = result.rows(kind)
    return {name: value for name, value in row.items() if value is not None}


def has(row: dict[str, object], **wanted: object) -> None:
    """Hold the columns named to these values."""
    assert {name: row.get(name) for name in wanted} == wanted
