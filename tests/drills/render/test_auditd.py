from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.auditd import Ran, write_command, write_login
from tests.sources.recognising import has, read_as_found

TIMES = st.datetimes(datetime(2005, 1, 3), datetime(2037, 1, 1)).map(lambda t: t.replace(tzinfo=UTC, microsecond=3_000))
WORDS = st.text("abcdefgh0123456789 -./ä\"'", min_size=1, max_size=12).filter(lambda w: w == w.strip())


@pytest.mark.parametrize("enriched", [True, False])
@given(
    ran=st.builds(Ran, TIMES, st.integers(1, 10**9), st.just("ann"), st.lists(WORDS, min_size=1, max_size=5).map(tuple))
)
def test_a_command_is_read_back_whatever_its_arguments(enriched: bool, ran: Ran) -> None:
    (row,) = read_as_found("\n".join(write_command(ran, enriched=enriched))).rows("auditd")
    has(row, time=ran.time, serial=ran.serial, activity="command", command_raw=" ".join(ran.arguments))
    has(row, user="ann" if enriched else "1000", type="SYSCALL,EXECVE,PROCTITLE")


@given(TIMES, st.booleans())
def test_a_login_is_read_back(time: datetime, worked: bool) -> None:
    (row,) = read_as_found(write_login(time, 7, "eve", "203.0.113.9", worked=worked)).rows("auditd")
    has(row, time=time, user="eve", src_ip="203.0.113.9", outcome="success" if worked else "failure")
