"""EOS logs sessions and commands itself, with accounting tasks in the words of TACACS+."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import eos
from tests.drills.render.reading import act, read_back, sender


@pytest.mark.parametrize("header", eos.HEADERS)
def test_a_command_with_equals_signs_is_read_back_whole(header: str, tmp_path: Path) -> None:
    command = "bash sudo env cmd=x service=y tcpdump"
    lines = eos.write(act("command", command=command), sender(header))
    (row,) = read_back(tmp_path, "leaf1.log", lines, "syslog")["syslog"]
    assert (row["command_raw"], row["user"], row["src_ip"]) == (command, "r.novak", "10.9.20.15")


def test_the_priority_follows_the_severity_and_the_year_habit_has_none() -> None:
    what = act("login_failed")
    assert eos.write(what, sender("eos"))[0].startswith(f"<{23 * 8 + 4}>Nov  9 03:14:05 edge1-hav Aaa: %AAA-4-")
    assert eos.write(what, sender("eos-year"))[0].startswith("2026 Nov  9 03:14:05 UTC edge1-hav Aaa: 4101: %AAA-4-")


def test_a_login_opens_an_accounting_task_at_its_own_second() -> None:
    _, task = eos.write(act("login"), sender("eos"))
    assert f"start_time={int(act('login').time.timestamp())} " in task
    assert "r.novak ssh 10.9.20.15 start" in task
