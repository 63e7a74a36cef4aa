from __future__ import annotations

from pathlib import Path

from seawall.drills.render import indicators
from tests.drills.render.reading import AT, read_back


def test_addresses_and_names_are_read_back_with_their_confidence(tmp_path: Path) -> None:
    lines = indicators.write(
        ["203.0.113.9", "sync-12.telemetry.example.net", "2001:db8::9"], AT.date(), confidence="low"
    )
    rows = read_back(tmp_path, "partner.csv", lines, "indicators")["indicators"]
    assert [(row["value"], row["type"], row["confidence"]) for row in rows] == [
        ("203.0.113.9", "ip", "low"), ("sync-12.telemetry.example.net", "domain", "low"), ("2001:db8::9", "ip", "low"),
    ]  # fmt: skip
