from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.transfers import FORMS, Transfer, write, write_sftp
from tests.sources.recognising import has, only_row, read_as_found

TIMES = st.datetimes(datetime(2025, 12, 1), datetime(2026, 11, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=0))
PATHS = st.lists(st.text("abcdefgh0123456789._- ä", min_size=1, max_size=12), min_size=1, max_size=4).map(
    lambda parts: "/" + "/".join(part.strip() or "x" for part in parts)
)
TRANSFERS = st.builds(
    Transfer, TIMES, st.sampled_from(["ann", "svc_cdr"]), st.sampled_from(["192.0.2.9", "2001:db8::9"]), PATHS,
    st.integers(1, 2**50), st.sampled_from(["in", "out"]), st.booleans(),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@given(transfer=TRANSFERS)
def test_what_is_written_is_read_back(form: str, transfer: Transfer) -> None:
    _same(only_row(write(transfer, form), "transfers"), transfer)


@given(transfer=TRANSFERS)
def test_a_session_of_sftp_is_read_back(transfer: Transfer) -> None:
    result = read_as_found("\n".join(write_sftp(transfer, "sftp1", 711)))
    assert [row["activity"] for row in result.rows("transfers")] == ["login", None, None, "logout"]
    _same(result.rows("transfers")[2], transfer)


def _same(row: dict[str, object], transfer: Transfer) -> None:
    action, outcome = "read" if transfer.direction == "out" else "write", "success" if transfer.complete else "failure"
    has(row, time=transfer.time, user=transfer.user, src_ip=transfer.client, object=transfer.path)
    has(row, action=action, direction=transfer.direction, outcome=outcome, bytes=transfer.octets)
