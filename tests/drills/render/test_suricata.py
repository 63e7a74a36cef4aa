from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import suricata
from tests.drills.render.reading import AT, act, read_back

COMMON = {"to": "203.0.113.9", "port": "443", "sport": "50123", "sent": "1240", "got": "860", "duration": "1.25"}


@pytest.mark.parametrize("version", [1, 2, 3])
def test_dns_of_every_version_is_read_back_alike(version: int, tmp_path: Path) -> None:
    detail = {**COMMON, "port": "53", "proto": "udp", "service": "dns", "query": "a.example.net", "answer": "192.0.2.7"}
    lines = suricata.write(act("flow", detail=detail), 7, dns_version=version)
    asked, answered, _ = read_back(tmp_path, "eve.json", lines, "suricata")["suricata"]
    for row in (asked, answered):
        assert (row["dns_rrname"], row["dns_rrtype"], row["dns_id"]) == ("a.example.net", "A", 7)
    assert (asked["dns_answers"], answered["dns_answers"], answered["dns_rcode"]) == (None, "192.0.2.7", "NOERROR")


@pytest.mark.parametrize(
    ("detail", "kind", "expected"),
    [
        (
            {},
            "flow",
            {"flow_bytes_toserver": 1240, "flow_bytes_toclient": 860, "flow_start": AT, "flow_state": "closed"},
        ),
        ({"service": "http", "uri": "/%2577eb"}, "http", {"http_url": "/%2577eb", "http_status": 200}),
        ({"service": "tls", "name": "a.example.net"}, "tls", {"tls_sni": "a.example.net"}),
        ({"signature": "DRILL x"}, "alert", {"alert_signature": "DRILL x", "alert_signature_id": 9_000_001}),
    ],
)
def test_a_flow_is_read_back_from_its_events(
    detail: dict[str, str], kind: str, expected: dict[str, object], tmp_path: Path
) -> None:
    rows = read_back(tmp_path, "eve.json", suricata.write(act("flow", detail={**COMMON, **detail}), 7), "suricata")
    (row,) = [row for row in rows["suricata"] if row["event_type"] == kind]
    assert (row["observer"], row["src_ip"], row["dst_ip"], row["dest_port"]) == (
        "ids1",
        "10.9.20.15",
        "203.0.113.9",
        443,
    )
    assert expected.items() <= row.items()
