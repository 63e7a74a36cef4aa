from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.nat import BLOCKS, FORMS, Translation, write
from tests.sources.recognising import has, read_as_found

TIMES = st.datetimes(datetime(2025, 12, 1), datetime(2026, 11, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
PORTS = st.integers(1, 65_535)
TRANSLATIONS = st.builds(
    Translation, TIMES, st.just("10.1.1.5"), PORTS, st.just("192.0.2.1"), PORTS, proto=st.sampled_from(["tcp", "udp"]),
    create=st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(one=TRANSLATIONS)
def test_what_is_written_is_read_back(form: str, one: Translation) -> None:
    if form in BLOCKS:
        one = replace(one, outside_port_end=65_535)
    (row,) = read_as_found(write(one, form)).rows("nat_logs")
    has(row, time=one.time, inside_ip=one.inside, outside_ip=one.outside, outside_port=one.outside_port)
    has(row, action="create" if one.create else "delete")
    if form in BLOCKS:
        has(row, outside_port_end=65_535, inside_port=None)
    else:
        has(row, inside_port=one.inside_port, outside_port_end=None)
