# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from typing import Any

import pytest

from seawall.sources import syslog
from seawall.sources.opening import evidence_from_bytes
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


ISE = "<181>Nov 22 10:15:30 ise1 CISE_TACACS_Accounting 0000000345 {} 2026-11-22 11:15:29.500 +01:00 0000104012 3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, Device IP Address=192.0.2.1, {}"


def test_ise_says_its_own_time_code_and_number() -> None:
    row = only(ISE.format("1 0", "CmdSet=[ CmdAV=show users <cr> ], User=ann, Remote-Address=192.0.2.15"))
    assert (row["observer"], row["platform"], row["mnemonic"]) == ("ise1", "ise", "CISE_TACACS_Accounting/3300")
    assert (row["time"].isoformat(), row["time_quality"]) == ("2026-11-22T10:15:29.500000+00:00", "exact")
    assert (row["sequence"], row["severity"], row["lacks"]) == (345, 5, None)
    assert (row["user"], row["src_ip"], row["command"], row["dst_ip"]) == (
        "ann", "192.0.2.15", "show users", "192.0.2.1",
    )  # fmt: skip


def test_segments_of_a_message_are_read_together_in_any_order() -> None:
    head = ISE.format("2 0", "User=ann,")
    tail = "<181>Nov 22 10:15:30 ise1 CISE_TACACS_Accounting 0000000345 2 1  CmdSet=[ CmdAV=reload <cr> ], Port=tty2,"
    for lines in ((head, tail), (tail, head)):
        rows = read_bytes(syslog.SOURCE, ("\n".join(lines) + "\n").encode()).rows("syslog")
        told = {row["command"]: row["lacks"] for row in rows}
        assert told == {"reload": None, None: "segment 2 of 2: what it tells is read with the first"}
    alone = only(head)
    assert (alone["command"], alone["user"]) == (None, "ann")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param('date=2026-11-22 time=11:15:30 devname="fw1" eventtime=1795342530500000000 tz="+0100" logid="0100032001" type="event" subtype="system" level="warning" user="ann" action="login" status="success"', ("fw1", "fortios", "event/system/0100032001", 4, "exact", "ann"), id="fortios-file"),
        pytest.param('<189>date=2026-11-22,time=10:15:30,devname=fw1,logid=0100032001,type=event,subtype=system,level=warning,user="ann",action=login', ("fw1", "fortios", "event/system/0100032001", 4, "zone_assumed", "ann"), id="fortios-csv"),
        pytest.param("1,2026/11/22 10:15:31,007200001056,TRAFFIC,end,2561,2026/11/22 10:15:30,192.0.2.9,203.0.113.9,0.0.0.0,0.0.0.0,r,ann,,ssl", ("007200001056", "panos", "TRAFFIC/end", None, "zone_assumed", "ann"), id="panos-file"),
        pytest.param("<14>Nov 22 10:15:31 fw1 1,2026/11/22 10:15:31,0072,SYSTEM,general,0,2026/11/22 10:15:30,,general,,0,0,general,high,User ann logged in via CLI from 192.0.2.5", ("0072", "panos", "SYSTEM/general", 4, "zone_assumed", "ann"), id="panos-relayed"),
        pytest.param("<14>Nov 22 10:15:31 fw1 CEF:0|Palo Alto Networks|PAN-OS|11.1|general|SYSTEM|3|rt=Nov 22 2026 10:15:30 GMT dvchost=fw1 msg=User ann logged in via CLI from 192.0.2.5", ("fw1", "panos", "general", 5, "exact", "ann"), id="panos-cef"),
        pytest.param("CEF:0|Acme|Wall|1|42|Login|9|rt=1795342530123 dvchost=w1 suser=ann", ("w1", "cef", "42", 2, "exact", "ann"), id="cef-file"),
        pytest.param("2026-11-22 10:15:30.500 +00:00 0000104012 51001 NOTICE Administrator-Login: Administrator authentication succeeded, AdminName=ann, AdminIPAddress=192.0.2.5", (None, "ise", "CISE_Administrative_and_Operational_Audit/51001", 5, "exact", "ann"), id="ise-local-store"),
    ],
)  # fmt: skip
def test_a_form_inside_the_text_is_read_with_and_without_a_header(line: str, expected: tuple[object, ...]) -> None:
    row = only(line)
    names = ("observer", "platform", "mnemonic", "severity", "time_quality", "user")
    assert tuple(row[name] for name in names) == expected
    assert row["time"].isoformat()[:19] == "2026-11-22T10:15:30"
    assert syslog.sniff(evidence_from_bytes(line.encode(), "x")) >= 75
