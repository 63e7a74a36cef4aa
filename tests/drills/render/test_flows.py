from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import flows
from tests.drills.render.reading import AT, act, read_back

DETAIL = {"to": "203.0.113.9", "port": "443", "sport": "50123", "sent": "1240", "got": "860", "duration": "1.250"}
SECONDS_ONLY = {"vpc"}
TWO_WAY = {"argus"}
INTERFACES = {"nfdump-old", "silk", "goflow2"}


@pytest.mark.parametrize("form", flows.HEADERS)
def test_a_flow_is_read_back_from_every_collectors_form(form: str, tmp_path: Path) -> None:
    lines = [*filter(None, [flows.HEADERS[form]]), flows.write(act("flow", detail=DETAIL), form)]
    (row,) = read_back(tmp_path, f"{form}.txt", lines, "flows")["flow_records"]
    assert (row["src_ip"], row["src_port"], row["dst_ip"], row["dst_port"]) == ("10.9.20.15", 50123, "203.0.113.9", 443)
    assert (row["proto"], row["ip_proto"], row["src_bytes"], row["src_pkts"]) == ("tcp", 6, 1240, 9)
    assert row["time"] == (AT.replace(microsecond=0) if form in SECONDS_ONLY else AT)
    assert row["duration"] == pytest.approx(1.25, abs=1 if form in SECONDS_ONLY else 1e-6)
    assert row["dst_bytes"] == (860 if form in TWO_WAY else None)
    if form in INTERFACES:
        assert (row["input_if"], row["output_if"]) == ("12", "34")
    assert (row["observer"] == "192.0.2.254") == (form in {"nfdump-old", "goflow2"})
