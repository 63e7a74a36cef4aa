# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import syslog
from tests.sources.reading import read_bytes

WEB = '192.0.2.9 - - [22/Nov/2026:10:30:17 +0000] "GET /a HTTP/1.1" 200 1'
LINES = (
    f"<134>Nov 22 10:30:17 edge1 nginx: {WEB}",
    "<30>Nov 22 10:30:17 ns1 named[5]: client @0x7f1 192.0.2.9#5321 (a.example): query: a.example IN A + (192.0.2.53)",
    "<134>Nov 22 10:30:17 fw1 %ASA-6-305011: Built dynamic TCP translation from inside:10.1.1.5/1024 to outside:192.0.2.1/40001",
    "<134>Nov 22 10:30:17 pam1 CEF:0|a|b|1|2|Logon|5|suser=ann src=192.0.2.9",
    "<134>Nov 22 10:30:17 db1 postgres[1]: [5-1] 2026-11-22 10:30:17 UTC [1] ann@crm LOG:  statement: SELECT 1 FROM cdr",
    "<134>Nov 22 10:30:17 sftp1 internal-sftp[1]: session opened for local user ann from [192.0.2.9]",
    "<134>Nov 22 10:30:17 edge1 sshd[3]: Accepted password for ann from 192.0.2.15 port 4 ssh2",
)


def test_every_line_stays_a_syslog_row_and_some_have_a_richer_one_beside() -> None:
    result = read_bytes(syslog.SOURCE, "\n".join(LINES).encode())
    assert result.counts() == {
        "syslog": 7,
        "web": 1,
        "dns_queries": 1,
        "nat_logs": 1,
        "access": 1,
        "db_audit": 1,
        "transfers": 1,
    }
    by_origin = {row["origin"]: row for row in result.rows("syslog")}
    for kind in set(result.tables) - {"syslog"}:
        (row,) = result.rows(kind)
        line = by_origin[row["origin"]]
        assert (row["time"], row["observer"], row["raw"]) == (line["time"], line["observer"], line["raw"])


def test_a_message_of_asa_with_the_name_of_its_class_is_the_same_message() -> None:
    plain = LINES[2]
    named = plain.replace("%ASA-6-", "%ASA-session-6-")
    one, other = read_bytes(syslog.SOURCE, f"{plain}\n{named}\n".encode()).rows("nat_logs")
    assert (one["inside_ip"], one["outside_port"]) == (other["inside_ip"], other["outside_port"]) == ("10.1.1.5", 40001)


def test_translations_of_a_junos_service_set_are_told_whatever_stands_before_the_tag() -> None:
    tag = "ASP_NAT_PORT_BLOCK_ALLOC: 100.64.1.6 -> 203.0.113.201:1024-2047 0x1"
    heads = ("(FPC Slot 1, PIC Slot 0)  {SS1}[jservices-nat]: ", "(FPC Slot 1, PIC Slot 0) {SS1}[FWNAT]:", "")
    result = read_bytes(syslog.SOURCE, "".join(f"<14>Oct 18 12:51:00 mx1 {head}{tag}\n" for head in heads).encode())
    assert [(r["inside_ip"], r["outside_port"], r["outside_port_end"]) for r in result.rows("nat_logs")] == [
        ("100.64.1.6", 1024, 2047)
    ] * 3


def test_ids_are_as_lasting_as_those_of_the_lines() -> None:
    once, again = (
        read_bytes(syslog.SOURCE, head + "\n".join(LINES).encode(), name)
        for head, name in ((b"", "a"), (b"<1>Nov  1 00:00:00 x y: z\n", "b"))
    )
    for kind in ("web", "nat_logs", "transfers"):
        assert [r["event_id"] for r in once.rows(kind)] == [r["event_id"] for r in again.rows(kind)]
    ids = [row["event_id"] for kind in once.tables for row in once.rows(kind)]
    assert len(ids) == len(set(ids))


def test_the_same_line_twice_is_two_events_of_either_kind() -> None:
    result = read_bytes(syslog.SOURCE, f"{LINES[0]}\n{LINES[0]}\n".encode())
    assert len({row["event_id"] for row in result.rows("web")}) == 2


def test_secrets_are_masked_in_the_richer_row_too() -> None:
    result = read_bytes(syslog.SOURCE, LINES[0].replace("/a ", "/a?password=hUnter2Zx9 ").encode())
    assert result.counts() == {"syslog": 1, "web": 1}
    assert "hUnter2Zx9" not in str(result)


_TEXTS = st.sampled_from(
    [
        *(line.partition(": ")[2] for line in LINES),
        "CEF:0|",
        'open "',
        "client ",
        "NAT44 - [a b",
        "\x00",
        "é",
        "[5-1] LOG:  ",
    ]
)
_HEADS = st.sampled_from([line.partition(": ")[0] + ": " for line in LINES])


@given(st.lists(st.tuples(_HEADS, _TEXTS, _TEXTS).map("".join), max_size=8).map("\n".join))
def test_any_program_may_say_anything(content: str) -> None:
    read_bytes(syslog.SOURCE, content.encode())
