from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.web import FORMS, Request, write, write_error
from tests.sources.recognising import has, only_row

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
WORDS = st.text('abcdefgh0123456789./_-%"\\+~', min_size=1, max_size=30)
ADDRESSES = st.sampled_from(["192.0.2.9", "2001:db8::9", "198.51.100.255"])
REQUESTS = st.builds(
    Request, TIMES, ADDRESSES, st.sampled_from(["GET", "POST", "PROPFIND"]), WORDS.map(lambda w: "/" + w),
    st.integers(100, 599), st.integers(0, 2**50), user=st.sampled_from(["", "ann"]),
    host=st.just("www.example.net"), agent=st.sampled_from(["", "Mozilla/5.0 (X11)", 'a "b" \\c']),
    referrer=st.sampled_from(["", "https://www.example.net/x"]), forwarded_for=st.sampled_from(["", "203.0.113.5"]),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(request_=REQUESTS)
def test_what_is_written_is_read_back(form: str, request_: Request) -> None:
    row = only_row(write(request_, form), "web")
    r = request_
    has(
        row,
        time=r.time,
        src_ip=r.client,
        method=r.method,
        uri=r.uri,
        status=r.status,
        bytes=r.octets,
        user=r.user or None,
    )
    if form != "common":
        has(row, user_agent=r.agent or None, referrer=r.referrer or None)
    if form == "vhost":
        has(row, host=r.host, dst_port=r.port)
    if form == "forwarded":
        has(row, forwarded_for=r.forwarded_for or None)


@given(request_=REQUESTS)
def test_a_complaint_is_read_back(request_: Request) -> None:
    row = only_row(write_error(request_, 'open() "/x" failed (2: No such file or directory)'), "web")
    has(row, time=request_.time, src_ip=request_.client, uri=request_.uri, host=request_.host, level="error")
