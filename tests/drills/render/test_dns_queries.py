from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.dns_queries import FORMS, Query, write
from tests.sources.recognising import has, only_row

# The last year before the tests' clock, so that forms without a year have one.
TIMES = st.datetimes(datetime(2025, 12, 1), datetime(2026, 11, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
LABELS = st.text("abcdefghijk0123456789-_", min_size=1, max_size=20)
NAMES = st.lists(LABELS, min_size=1, max_size=5).map(".".join)
QUERIES = st.builds(
    Query, TIMES, st.sampled_from(["192.0.2.9", "2001:db8::9"]), st.integers(1, 65_535), NAMES,
    st.sampled_from(["A", "AAAA", "TXT", "NULL", "TYPE65"]), rcode=st.sampled_from(["NOERROR", "NXDOMAIN"]),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(query=QUERIES)
def test_what_is_written_is_read_back(form: str, query: Query) -> None:
    row = only_row(write(query, form), "dns_queries")
    has(row, src_ip=query.client, qtype=query.qtype)
    assert str(row["query"]).removesuffix(".") == query.name
    assert row.get("time") == (None if form in ("bind-bare", "coredns") else query.time)
    if form in ("unbound-reply", "coredns"):
        has(row, rcode=query.rcode, message="response")
