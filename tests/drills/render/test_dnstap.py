from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.dnstap import Exchange, write
from tests.sources.recognising import has, read_as_found

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC))
NAMES = st.lists(st.text("abcdefgh0123456789-_", min_size=1, max_size=63), min_size=1, max_size=3).map(".".join)
EXCHANGES = st.builds(
    Exchange, TIMES, st.sampled_from(["192.0.2.9", "2001:db8::9"]), st.integers(1, 65_535), NAMES,
    st.sampled_from(["A", "AAAA", "TXT"]), rcode=st.sampled_from(["", "NOERROR", "NXDOMAIN"]),
    addresses=st.lists(st.sampled_from(["203.0.113.7", "2001:db8::7"]), max_size=3).map(tuple),
)  # fmt: skip


@given(st.lists(EXCHANGES, min_size=1, max_size=5))
def test_what_is_written_is_read_back(exchanges: list[Exchange]) -> None:
    rows = read_as_found(write(exchanges)).rows("dns_queries")
    assert len(rows) == len(exchanges)
    for row, one in zip(rows, exchanges, strict=True):
        has(row, time=one.time, src_ip=one.client, src_port=one.port, query=one.name, qtype=one.qtype, proto="udp")
        has(row, rcode=one.rcode or None, dst_ip=one.server, answers=",".join(one.addresses) or None)
