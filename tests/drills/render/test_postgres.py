from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.postgres import FORMS, Message, write
from tests.sources.recognising import has, only_row

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
SQL = st.lists(st.sampled_from(["select *", "\n", "a,", '"B"', "'x'", "-- note", "ä", "=", "(", "1"]), max_size=8).map(
    lambda parts: "select * from cdr " + " ".join(parts) + " end"
)
MESSAGES = st.builds(
    Message, TIMES, st.sampled_from(["ann", "svc_crm"]), st.just("crm"), st.sampled_from(["192.0.2.9", "2001:db8::9"]),
    SQL.map(lambda sql: f"statement: {sql}"),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(message=MESSAGES)
def test_what_is_written_is_read_back(form: str, message: Message) -> None:
    row = only_row(write(message, form), "db_audit")
    has(row, time=message.time, user=message.user, database="crm", src_ip=message.client, action="read", object="cdr")
    sql = message.text.removeprefix("statement: ")
    assert str(row["statement"]).replace("\n\t", "\n") == sql
