"""Exports in UTF-16 are read as they are in UTF-8."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from seawall.sources.intercepts import listed
from seawall.sources.intercepts.wide import narrowed
from seawall.sources.opening import evidence_from_bytes

AUDIT = '{"ts": "2026-01-28T11:47:01Z", "neIdentifier": "e", "user": "ü", "request": "ActivateTask", "result": "ok"}\n'


@example("\x1f<", "utf-16-le")  # blank to Python, text to XML
@given(st.text(max_size=200), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_every_text_comes_out_in_utf_8(text: str, encoding: str) -> None:
    clean = text.encode("utf-8", "replace").decode().lstrip("<\ufeff \t\r\n")
    evidence = narrowed(evidence_from_bytes(("\ufeff" + clean).encode(encoding), "sample"))
    with evidence.open() as stream:
        assert stream.read().decode() == clean
    assert evidence.head.decode() == clean


def test_a_trail_saved_by_windows_is_known_for_one() -> None:
    assert listed.format_of(narrowed(evidence_from_bytes((AUDIT * 3).encode("utf-16"), "audit.jsonl"))) == "audit"


def test_broken_signs_end_in_replacements_and_lines_go_on() -> None:
    content = (AUDIT * 9_000).encode("utf-16") + b"\xd8"
    with narrowed(evidence_from_bytes(content, "audit.jsonl")).open() as stream:
        lines = stream.read().splitlines()
    assert len(lines) == 9_001
    assert json.loads(lines[8_999])["user"] == "ü"


def test_what_is_no_utf_16_and_what_is_xml_stays_as_it_is() -> None:
    for content in (AUDIT.encode(), "\ufeff<X1Response/>".encode("utf-16-le")):
        evidence = evidence_from_bytes(content, "sample")
        assert narrowed(evidence) is evidence
