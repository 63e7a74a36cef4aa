from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import zeek
from tests.drills.render.reading import AT, act, read_back

COMMON = {"to": "203.0.113.9", "port": "443", "sport": "50123", "sent": "1240", "got": "860", "duration": "1.250000"}


@pytest.mark.parametrize(
    ("log", "detail", "expected"),
    [
        (
            "conn",
            {"service": "ftp"},
            {"service": "ftp", "orig_bytes": 1240, "resp_bytes": 860, "duration": 1.25, "proto": "tcp"},
        ),
        ("conn", {"state": "S0"}, {"conn_state": "S0", "orig_bytes": None, "duration": None}),
        ("conn", {"proto": "unknown_transport", "ip_proto": "47"}, {"proto": "unknown_transport"}),
        (
            "dns",
            {"service": "dns", "query": "a.example.net", "answer": "192.0.2.7"},
            {"query": "a.example.net", "answers": "192.0.2.7", "rcode_name": "NOERROR"},
        ),
        ("dns", {"service": "dns", "query": "gone.example.net"}, {"rcode_name": "NXDOMAIN", "answers": None}),
        (
            "http",
            {"service": "http", "uri": "/%2577eb", "method": "POST", "host": "h.example.net", "status": "404"},
            {"uri": "/%2577eb", "method": "POST", "host": "h.example.net", "status_code": 404},
        ),
        ("ssl", {"service": "ssl", "name": "a.example.net"}, {"server_name": "a.example.net", "version": "TLSv13"}),
        ("ssh", {"service": "ssh"}, {"auth_success": True, "client": "SSH-2.0-OpenSSH_9.6"}),
    ],
)
def test_a_flow_is_read_back_from_each_log(
    log: str, detail: dict[str, str], expected: dict[str, object], tmp_path: Path
) -> None:
    rows = zeek.write(act("flow", detail={**COMMON, **detail}), 7)
    lines = [*zeek.head(log, AT), rows[log], *zeek.tail(AT)]
    (row,) = read_back(tmp_path, f"{log}.log", lines, "zeek")[f"zeek_{log}"]
    assert row["time"] == AT
    assert (row["src_ip"], row["dst_ip"]) == ("10.9.20.15", "203.0.113.9")
    assert (row["id_orig_p"], row["id_resp_p"]) == (50123, 443)
    assert expected.items() <= row.items()


def test_the_logs_of_one_flow_share_its_uid_and_no_two_flows_do() -> None:
    rows = [zeek.write(act("flow", detail={**COMMON, "service": "ssl", "name": "a"}), n) for n in range(2000)]
    uids = [row["conn"].split("\t")[1] for row in rows]
    assert len(set(uids)) == len(uids)
    assert [row["ssl"].split("\t")[1] for row in rows] == uids


@pytest.mark.parametrize(
    ("log", "kind"), [("radius", "zeek_radius"), ("known_hosts", "zeek_other"), ("acme", "zeek_other")]
)
def test_a_record_of_any_log_is_read_back_with_every_field(log: str, kind: str, tmp_path: Path) -> None:
    fields = [("ts", "time"), ("uid", "string"), ("id.orig_h", "addr"), ("username", "string"), ("result", "string"),
              ("tags", "set[string]"), ("none", "set[string]"), ("unset", "string"), ("sure", "bool")]  # fmt: skip
    row = {"ts": f"{AT.timestamp():.6f}", "uid": "C1", "id.orig_h": "192.0.2.7", "username": "ana", "result": "failed",
           "tags": ["a", "b"], "none": [], "sure": True}  # fmt: skip
    (read,) = read_back(tmp_path, "x.log", zeek.write_log(log, fields, [row], AT), "zeek")[kind]
    expected = {"time": AT, "user": "ana", "src_ip": "192.0.2.7", "tags": "a,b", "none": "", "unset": None, "sure": "T"}
    assert expected.items() <= read.items()
    assert read.get("log", log) == log
