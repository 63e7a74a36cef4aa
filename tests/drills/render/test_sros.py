"""SR OS names itself by address and the account as the subject; its messages name only where it came from."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import sros
from tests.drills.render.reading import act, read_back, sender


def test_a_configuration_line_is_read_back_with_the_account_from_the_subject(tmp_path: Path) -> None:
    lines = sros.write(act("config", command="port 1/1/4 shutdown"), sender("sros"))
    (row,) = read_back(tmp_path, "agg1.log", lines, "syslog")["syslog"]
    assert (row["observer"], row["user"], row["src_ip"]) == ("10.9.10.1", "r.novak", "10.9.20.15")
    assert row["command_raw"].endswith("port 1/1/4 shutdown")


@pytest.mark.parametrize(("state", "event"), [("up", "linkUp-2005"), ("down", "linkDown-2004")])
def test_a_port_that_moves_is_its_own_event_number(state: str, event: str) -> None:
    (line,) = sros.write(act("interface", detail={"interface": "1/1/4", "state": state}), sender("sros"))
    assert f"SNMP-WARNING-{event} [Port 1/1/4]:  " in line
    assert line.startswith(f"<{23 * 8 + 4}>")


def test_exec_commands_are_suppressed_as_they_are_by_default() -> None:
    assert sros.write(act("command", command="show port"), sender("sros")) == []
