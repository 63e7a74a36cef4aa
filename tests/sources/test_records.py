from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seawall.model.events import event_id
from seawall.sources.records import NEVER, Records, When, excerpt, read_time
from tests.sources.reading import READING, check_schema


def _micros(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-20T03:04:05Z rest", When(_micros(2026, 11, 20, 3, 4, 5), "exact")),
        ("2026-11-20 03:04:05.250 rest", When(_micros(2026, 11, 20, 3, 4, 5) + 250_000, "zone_assumed")),
        ("20/Nov/2026 03:04:05", NEVER),
        ("Nov 20 03:04:05 host", When(_micros(2026, 11, 20, 3, 4, 5), "year_assumed")),
        ("1763607845.5", When(1_763_607_845_500_000, "exact")),
        ("2026-02-30 03:04:05", NEVER),
        ("no time", NEVER),
    ],
)
def test_a_time_is_read_with_its_quality(text: str, when: When) -> None:
    assert read_time(text, READING, "host") == when


def test_records_become_rows_of_their_kind_with_documented_ids() -> None:
    with Records("tacacs", "a.log", READING) as records:
        records.add(1, b"one", When(5, "exact"), "aaa1", {"user": "eve", "priv_lvl": "15"})
        records.add(2, b"one", NEVER, "aaa1", {"priv_lvl": "many"})
        records.reject(3, "no record: password secret\x1b[31m")
        chunk = records.chunk(99)
    table = chunk.tables["tacacs"]
    check_schema("tacacs", table)
    rows = table.to_pylist()
    assert [row["event_id"] for row in rows] == [event_id("tacacs", "aaa1", b"one", n) for n in (0, 1)]
    assert [row["priv_lvl"] for row in rows] == [15, None]
    assert [row["origin"] for row in rows] == ["a.log:1", "a.log:2"]
    assert (chunk.rejected, chunk.read_bytes) == (1, 99)
    assert chunk.rejects[0].what.isprintable()


def test_an_open_ended_kind_keeps_unknown_fields_as_text_once_whatever_their_case() -> None:
    with Records("zeek_dns", "d.log", READING) as records:
        records.add(1, b"r", NEVER, None, {"query": "a", "Odd": 7, "ODD": 8, "query_x": None})
        table = records.chunk().tables["zeek_dns"]
    check_schema("zeek_dns", table)
    assert table.to_pylist()[0]["Odd"] == "7"


def test_fields_without_limit_are_left_out_and_said() -> None:
    with Records("zeek_dns", "d.log", READING) as records:
        records.add(1, b"r", NEVER, None, {f"f{n}": "x" for n in range(900)})
        chunk = records.chunk()
    assert chunk.tables["zeek_dns"].num_columns < 450
    assert any("different fields" in note for note in chunk.notes)


def test_a_slip_of_a_source_is_loud() -> None:
    with Records("tacacs", "a.log", READING) as records:
        records.add(1, b"r", NEVER, None, {"nonsense": "x"})
        with pytest.raises(KeyError, match="nonsense"):
            records.chunk()


def test_an_excerpt_is_one_printable_line() -> None:
    assert excerpt("a\nb\x00", 80) == "a·b·"
