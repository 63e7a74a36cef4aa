"""Hand one file of intercept records to its reader, through a vault that lives as long as the test."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.sources.base import Reading
from seawall.sources.intercepts import listed
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.years import SurveyedYears
from seawall.vault.passing import PassingVault
from tests.sources.reading import check_schema


@dataclass
class Handed:
    """What came out of a file."""

    form: str
    tables: dict[str, pa.Table] = field(default_factory=dict)
    rejects: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: str = ""

    def rows(self, kind: str) -> list[dict[str, Any]]:
        return self.tables[kind].to_pylist() if kind in self.tables else []

    @property
    def text(self) -> str:
        """Everything a row, a reject or a note says."""
        rows = [str(table.to_pylist()) for table in self.tables.values()]
        return " ".join((*rows, *self.rejects, *self.notes, self.refused))


def hand(content: bytes | str, origin: str = "sample", form: str = "", **frame: str) -> Handed:
    """Read a file as the format it is taken for, or as `form`."""
    raw = content.encode() if isinstance(content, str) else content
    evidence = evidence_from_bytes(raw, origin)
    made = Handed(form or listed.format_of(evidence))
    vault = PassingVault()
    reading = Reading(SurveyedYears(date(2026, 3, 18)), vault=vault)
    try:
        for chunk in listed.read(made.form, evidence, reading, dict(frame)) if made.form else ():
            for kind, table in chunk.tables.items():
                check_schema(kind, table)
                made.tables[kind] = pa.concat_tables([made.tables[kind], table]) if kind in made.tables else table
            made.rejects += [reject.what for reject in chunk.rejects]
            made.notes += chunk.notes
    except InputError as error:
        made.refused = error.what
    finally:
        vault.forget()
    assert all(re.fullmatch(r"[^\x00-\x1f\x7f]+", line) for line in made.rejects), "a reject is one printable line"
    return made


@st.composite
def damaged(draw: st.DrawFn, sample: bytes) -> bytes:
    """A sample with pieces cut, doubled or overwritten."""
    content = bytearray(sample)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            del content[at : at + draw(st.integers(1, 200))]
        elif kind == 1:
            content[at:at] = draw(st.binary(max_size=12))
        elif kind == 2:
            content[at:at] = content[at : at + 80]
        else:
            content[at : at + 2] = draw(
                st.sampled_from([b'"', b"<", b">", b"}", b"[", b"\0", b"\xff", b"{", b"\r", b"\n"])
            )
    return bytes(content)
