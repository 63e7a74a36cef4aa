# ruff: noqa: E501 - samples are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.oracle_audit import FORMS, Deed, write
from tests.sources.recognising import has, only_row

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
DEEDS = st.builds(
    Deed, TIMES, st.sampled_from(["ANN", "SYS"]), st.just("192.0.2.9"), st.sampled_from(["SELECT", "DELETE", "LOGON"]),
    st.just("CRM"), st.just("CUSTOMERS"), st.sampled_from(["", "select a, b from crm.customers where a < 5 and b > '&'"]),
    st.sampled_from([0, 1017]),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(deed=DEEDS)
def test_what_is_written_is_read_back(form: str, deed: Deed) -> None:
    row = only_row(write(deed, form), "db_audit")
    has(row, time=deed.time, user=deed.user, src_ip=deed.client, operation=deed.action, object="CRM.CUSTOMERS")
    has(row, outcome="failure" if deed.code else "success", system="oracle")
    assert row["action"] == {"SELECT": "read", "DELETE": "delete", "LOGON": "login"}[deed.action]
    if form != "text":
        assert row.get("statement") == (deed.statement or None)
