"""IOS XR says a commit in two messages, and its shell on the way in and out."""

from __future__ import annotations

import pytest

from seawall.drills.render import iosxr
from tests.drills.render.reading import act, sender


@pytest.mark.parametrize("header", iosxr.HEADERS)
def test_a_commit_is_told_by_two_processes_messages_in_order(header: str) -> None:
    lines = iosxr.write(act("configured"), sender(header))
    names = [line.split("%")[1].split(" ")[0] for line in lines]
    assert names == ["MGBL-CONFIG-6-DB_COMMIT", "MGBL-SYS-5-CONFIG_I"]
    assert [line.split(">")[0] for line in lines] == ["<190", "<189"], "local7, and each message's own severity"


def test_a_space_stands_before_the_colon_of_the_message_and_the_year_only_where_it_is_the_habit() -> None:
    for header, year in (("xr", ""), ("xr-year", "2026 ")):
        (line,) = iosxr.write(act("logout"), sender(header))
        assert "%SECURITY-SSHD-6-INFO_USER_LOGOUT : User" in line
        assert f"RP/0/RP0/CPU0:{year}Nov  9 03:14:05.678 UTC: " in line


def test_the_shell_is_told_on_the_way_in_and_out() -> None:
    told = [iosxr.write(act("shell", detail={"state": state}), sender("xr"))[0] for state in ("in", "out")]
    assert "RUN_LOGIN : " in told[0]
    assert "RUN_LOGOUT : " in told[1]


def test_exec_commands_go_to_accounting_alone() -> None:
    assert iosxr.write(act("command", command="show bgp"), sender("xr")) == []
