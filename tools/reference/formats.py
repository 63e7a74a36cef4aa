"""The page about formats of evidence, asked from the list of sources."""

from __future__ import annotations

from seawall.sources import ALL
from tools.reference.markdown import cell, code, page, table


def write() -> str:
    """What is read, and what is recognised but refused."""
    intro = (
        "A file is recognised by its content, never by its name alone. Compressed files and folders are opened on the "
        "way. `seawall ingest --explain PATH` says for each file what it was taken for."
    )
    read = [(code(s.name), cell(s.title), ", ".join(map(code, s.kinds))) for s in ALL if s.refused is None]
    refused = [(code(s.name), cell(s.title), cell(s.refused)) for s in ALL if s.refused is not None]
    parts = ["## Read", table(("format", "what it is", "event tables"), read)]
    if refused:
        parts += ["## Recognised and refused", table(("format", "what it is", "why"), refused)]
    return page("Formats of evidence", intro, *parts)
