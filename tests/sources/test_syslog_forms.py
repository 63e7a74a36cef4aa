from __future__ import annotations

from typing import Any

import pytest

from seawall.sources import syslog
from tests.sources.reading import read_bytes


def only(line: str) -> dict[str, Any]:
    (row,) = read_bytes(syslog.SOURCE, line.encode() + b"\n").rows("syslog")
    return row


@pytest.mark.parametrize(
    ("word", "severity"),
    [("CRITICAL", 1), ("MAJOR", 2), ("MINOR", 3), ("WARNING", 4), ("INDETERMINATE", 6), ("CLEARED", 6)],
)
def test_sros_words_are_the_severities_its_maker_maps_them_to(word: str, severity: int) -> None:
    row = only(f"Nov 22 10:15:30 sr7 TMNX: 18 vprn-7 PORT-{word}-linkDown-2004 [1/1/3]:  Interface is down")
    assert (row["severity"], row["sequence"], row["platform"]) == (severity, 18, "sros")
    assert (row["mnemonic"], row["message"]) == (f"PORT-{word}-linkDown-2004", "[1/1/3]:  Interface is down")


def test_text_that_begins_with_a_number_is_no_event_of_sros() -> None:
    row = only("Nov 22 10:15:30 sr7 app: 18 base something [1]: x")
    assert (row["mnemonic"], row["platform"], row["message"]) == (None, None, "18 base something [1]: x")


def test_fortios_says_its_own_name_time_and_zone() -> None:
    row = only('<189>Nov 22 11:15:31 192.0.2.1 date=2026-11-22 time=11:15:30 devname="fw1" tz="+0100" type="event"')
    assert (row["observer"], row["platform"], row["time"].isoformat()) == (
        "fw1",
        "fortios",
        "2026-11-22T10:15:30+00:00",
    )
    assert row["time_quality"] == "exact"


def test_an_impossible_fortios_date_leaves_the_headers_time() -> None:
    row = only('<189>Nov 22 11:15:31 192.0.2.1 date=2026-13-41 time=11:15:30 devname="fw1"')
    assert (row["observer"], row["time"].second) == ("fw1", 31)
