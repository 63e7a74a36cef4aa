from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.sources import radius
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes

DETAIL = b"""Sun Nov 22 10:15:30 2026
\tPacket-Type = Accounting-Request
\tAcct-Status-Type = Stop
\tUser-Name = "ann"
\tUser-Password = "hUnter2Zx9"
\tNAS-IP-Address = 192.0.2.1
\tAcct-Session-Id = "00AB"
\tAcct-Session-Time = 61
\tAcct-Delay-Time = 5
\tTimestamp = 1795342530

"""


def test_the_time_is_the_servers_less_the_delay() -> None:
    (row,) = read_bytes(radius.SOURCE, DETAIL).rows("radius")
    assert (row["time"], row["time_quality"]) == (datetime(2026, 11, 22, 10, 15, 25, tzinfo=UTC), "exact")
    assert (row["received"], row["session_s"]) == (datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC), 61)


def test_no_password_is_in_any_row_or_reject() -> None:
    broken = b'\tUser-Password = "hUnter2Zx9"\n' + DETAIL + b'Sun Nov 22 10:15:31 2026\n\tUser-Password "hUnter2Zx9"\n'
    result = read_bytes(radius.SOURCE, broken)
    assert "hUnter2Zx9" not in str(result)
    assert [(r.where, r.what) for r in result.rejects] == [
        ("sample.log:1", "an attribute outside a packet: User-Password"),
        ("sample.log:13", "line 14: no `name = value`: User-Password"),
    ]


def test_a_packet_that_starts_a_tap_is_refused() -> None:
    result = read_bytes(radius.SOURCE, DETAIL + DETAIL.replace(b"\tAcct-Delay", b"\tLI-Action = on\n\tAcct-Delay"))
    assert (result.counts(), result.rejected) == ({"radius": 1}, 1)
    assert "intercept" in result.rejects[0].what


def test_a_packet_over_two_blocks_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_bytes(radius.SOURCE, DETAIL * 3).rows("radius")
    monkeypatch.setattr("seawall.sources.lines.BLOCK_BYTES", 100)
    assert read_bytes(radius.SOURCE, DETAIL * 3).rows("radius") == whole
    assert len({row["event_id"] for row in whole}) == 3


def test_a_packet_without_end_is_refused_not_held() -> None:
    result = read_bytes(radius.SOURCE, DETAIL[:-1] + b'\tReply-Message = "x"\n' * 5_000)
    assert (result.counts(), result.rejected) == ({}, 1)
    assert "more than" in result.rejects[0].what


@pytest.mark.parametrize(
    "other",
    [
        b"Nov 22 10:15:30 pe1 sshd[1]: text\n",
        b"a,b,c\n1,2,3\n",
        b"Sun Nov 22 10:15:30 2026\nno attribute\n",
        b"\tx = y\n",
    ],
)
def test_other_files_are_not_taken(other: bytes) -> None:
    assert radius.sniff(evidence_from_bytes(other, "x")) == 0


def test_the_file_is_known_for_what_it_is() -> None:
    found = sources.recognise(evidence_from_bytes(DETAIL, "detail-20261122"))
    assert found is radius.SOURCE


_PIECES = st.sampled_from(
    [DETAIL[:25], b"\tUser-Name = \"a\\\"b\"\n", b"\tX =", b"\n", b"\t", b'"NPS1","IAS",11/22/2026,10:15:30,4,"ann"\n',
     b"192.0.2.1,ann,11/22/2026,10:15:30,IAS,N,4,192.0.2.1,40,1,99999999,\n", b"<Event><Packet-Type>4</Packet-Type>",
     b"User-Name,NAS-IP-Address,Acct-Status-Type,Time\n", b"a,b,1,99/99/9999 1:2:3\n", b'"', b"\xff", b"\0"]
)  # fmt: skip


@given(st.lists(_PIECES | st.binary(max_size=20), max_size=30).map(b"".join))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    radius.sniff(evidence_from_bytes(content, "x"))
    read_bytes(radius.SOURCE, content)
