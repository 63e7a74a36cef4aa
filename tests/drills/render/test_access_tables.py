# ruff: noqa: E501 - samples are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.access_tables import FORMS, Done, write
from tests.sources.recognising import has, read_as_found

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
DEEDS = st.builds(
    Done, TIMES, st.sampled_from(["ann", "svc_nms"]), st.just("192.0.2.9"),
    st.sampled_from(["Export NE configuration", "Delete User", "Log In"]), st.sampled_from(["edge1", 'a "b", c']), st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(deeds=st.lists(DEEDS, min_size=1, max_size=4))
def test_what_is_written_is_read_back(form: str, deeds: list[Done]) -> None:
    rows = read_as_found(write(deeds, form)).rows("access")
    assert len(rows) == len(deeds)
    for row, done in zip(rows, deeds, strict=True):
        has(row, time=done.time, user=done.user, src_ip=done.client, operation=done.operation, object=done.object)
        has(row, outcome="success" if done.worked else "failure")
