# ruff: noqa: E501 - samples are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.mysql_audit import FORMS, Asked, write
from tests.sources.recognising import has, read_as_found

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
ENDS = st.lists(st.sampled_from(["\n", " where a = 'x'", ",", " /* note */", " limit 5"]), max_size=5).map("".join)
ASKED = st.builds(
    Asked, TIMES, st.just("ann"), st.just("192.0.2.9"), st.just("crm"), ENDS.map(lambda e: f"select * from customers{e} end")
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(asked=ASKED)
def test_what_is_written_is_read_back(form: str, asked: Asked) -> None:
    row = read_as_found(write(asked, form)).rows("db_audit")[-1]
    has(row, time=asked.time, user="ann", src_ip="192.0.2.9", database="crm", action="read", statement=asked.statement)
