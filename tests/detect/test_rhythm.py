from __future__ import annotations

from seawall.detect import rhythm
from tests.detect.worlds import beats, world


def told(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    table = world(heard=rows).ibis().table("heard")
    return sorted(rhythm.pauses(table).to_pyarrow().to_pylist(), key=lambda row: str(row["time"]))


def test_a_pause_knows_the_longest_before_it_and_who_spoke_meanwhile() -> None:
    rows = [*beats(10, "pe1"), *beats(20, "pe1", start_h=12), *beats(30, "pe2"), *beats(30, "pe3")]
    two, last = (row for row in told(rows) if row["device"] == "pe1")
    assert (two["gap_s"], two["usual_s"], two["ended"]) == (7_500, 300, False)
    assert two["awake"] == two["quarters"] == 8
    assert (last["usual_s"], last["ended"]) == (7_500, True)


def test_a_flood_costs_no_more_than_its_minutes() -> None:
    rows = [*beats(2, "pe1", every_s=1), *beats(6, "pe2"), *beats(6, "pe3")]
    (pause,) = (row for row in told(rows) if row["device"] == "pe1")
    assert pause["baseline_events"] == 7_200


def test_ten_thousand_devices_are_no_more_than_ten_thousand_rows() -> None:
    rows = [row for n in range(10_000) for row in beats(1, f"d{n}", every_s=3_600, raw="x")]
    assert told(rows) == []
