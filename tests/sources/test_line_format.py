from __future__ import annotations

from seawall.sources.base import Reading
from seawall.sources.line_format import (
    NOTHING,
    Told,
    has_syslog_header,
    kept,
    number,
    read_lines,
    refused,
    said,
    sureness,
)
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.records import When
from tests.sources.reading import READING


def _tell(text: str, reading: Reading) -> Told | None:
    if text.startswith("#"):
        return NOTHING
    return Told({"query": text}, When(5, "exact")) if text.startswith("q") else None


def test_lines_become_rows_rejects_or_nothing() -> None:
    evidence = evidence_from_bytes(b"#head\nq1\n\nx\nq2", "a.log")
    first, last = read_lines(evidence, READING, "dns_queries", _tell, "question")
    origins = [origin for chunk in (first, last) for origin in chunk.tables["dns_queries"]["origin"].to_pylist()]
    assert origins == ["a.log:2", "a.log:5"]
    assert [(r.where, r.what) for r in first.rejects] == [("a.log:4", "no question: x")]
    assert last.notes == ("a.log:5: the last line has no line end; it may be cut off",)


def test_lines_of_intercept_systems_and_endless_ones_are_refused() -> None:
    assert refused("q openliprovisioner: started").startswith("a line of an intercept system")
    assert "longer than any" in refused("q" * 70_000)
    assert refused("q") == ""


def test_a_head_is_judged_by_most_of_its_lines() -> None:
    fits = lambda text: text.startswith("q")  # noqa: E731 - short
    for content, sure in ((b"#x\nq\nq\nz\n", 90), (b"q\nz\nz\n", 30), (b"z\n" * 9 + b"q\n", 0), (b"", 0)):
        assert sureness(evidence_from_bytes(content, "x"), fits, 90) == sure


def test_columns_hold_no_more_than_they_may() -> None:
    long = kept("x y " * 3_000)
    assert long is not None
    assert (len(long), long[-1]) == (8_192, "…")
    assert (kept(""), kept("password hUnter2Zx9")) == (None, "password <masked>")


def test_numbers_and_nothing_are_told() -> None:
    assert [number(text) for text in ("12", "٣", "-1", "", None, "9" * 30)] == [12, None, None, None, None, None]
    assert [said(text) for text in ("-", "", "(null)", "x")] == [None, None, None, "x"]


def test_a_syslog_header_is_told_from_a_server_s_own_time() -> None:
    for line in ("<134>x", "Nov 22 10:30:17 lb1 a: b", "2026-11-22T10:30:17+00:00 lb1 haproxy[1]: b"):
        assert has_syslog_header(line)
    for line in (
        "Nov 22 10:30:17.123 queries: info: x",
        "22-Nov-2026 10:30:17.1 x",
        '2026-11-22T10:30:17Z 192.0.2.9 - "GET',
    ):
        assert not has_syslog_header(line)
