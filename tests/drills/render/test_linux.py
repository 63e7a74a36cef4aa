"""A server's auth log: how somebody came in, and which program says so."""

from __future__ import annotations

import pytest

from seawall.drills.render import linux
from tests.drills.render.reading import act, sender


@pytest.mark.parametrize(("method", "key"), [("publickey", True), ("password", False)])
def test_a_key_is_named_only_where_one_was_shown(method: str, key: bool) -> None:
    accepted, opened = linux.write(act("login", detail={"method": method}), sender("linux"))
    assert f"Accepted {method} for r.novak from 10.9.20.15 port 40002 ssh2" in accepted
    assert ("SHA256:" in accepted) is key
    assert "session opened for user r.novak" in opened


@pytest.mark.parametrize(("process", "tag"), [("CRON", "CRON[24101]: "), ("systemd", "systemd: ")])
def test_only_programs_that_fork_for_each_message_carry_a_number(process: str, tag: str) -> None:
    (line,) = linux.write(act("notice", detail={"process": process, "text": "done"}), sender("linux"))
    assert line == f"Nov  9 03:14:05 edge1-hav {tag}done"


def test_a_router_s_acts_leave_no_line_on_a_server() -> None:
    assert linux.write(act("configured"), sender("linux")) == []
