# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import nat
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)


def test_an_export_is_read_by_the_names_of_its_columns() -> None:
    text = "Report of 2026\n\nDate;Time;Private IP;Private Port;Public IP;Public Port;Protocol;Event\n22/11/2026;10:30:17;10.1.1.5;1024;192.0.2.1;40001;17;Release\nx;y;z;;;;;\n"
    assert recognised(text) == "nat"
    result = read_as_found(text)
    (row,) = result.rows("nat_logs")
    has(
        row,
        time=AT,
        inside_ip="10.1.1.5",
        inside_port=1024,
        outside_ip="192.0.2.1",
        outside_port=40001,
        proto="udp",
        action="delete",
    )
    assert [r.where for r in result.rejects] == ["sample.log:5"]


def test_conntrack_lines_carry_their_own_time() -> None:
    text = "[1795343417.250000]\t    [NEW] tcp      6 src=10.1.1.5 dst=203.0.113.9 sport=1 dport=2 src=203.0.113.9 dst=192.0.2.1 sport=2 dport=3\n    [DESTROY] udp 17 src=10.1.1.5 dst=203.0.113.9 sport=1 dport=2 src=203.0.113.9 dst=192.0.2.1 sport=2 dport=3\n"
    assert recognised(text) == "nat"
    first, second = read_as_found(text).rows("nat_logs")
    has(first, time=AT.replace(microsecond=250_000), proto="tcp", action="create")
    has(second, time=None, time_quality="missing", action="delete")


def test_inside_syslog_a_translation_stands_beside_its_line() -> None:
    result = read_as_found(
        "<134>Nov 22 10:30:17 fw1 %ASA-6-305012: Teardown dynamic TCP translation from inside:10.1.1.5/1 to outside:192.0.2.1/2 duration 0:00:30\n"
    )
    assert result.counts() == {"syslog": 1, "nat_logs": 1}
    has(result.rows("nat_logs")[0], observer="fw1", time=AT, action="delete")


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(nat.SOURCE, content)
    nat.sniff(evidence_from_bytes(content, "x"))


_HEADER = b"time,private_ip,public_ip\n"


@given(st.binary(max_size=500))
def test_any_bytes_below_a_header_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(nat.SOURCE, _HEADER + content)
