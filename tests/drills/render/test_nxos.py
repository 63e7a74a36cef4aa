"""NX-OS logs commands itself, each with its verdict; sessions open and close in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import nxos
from tests.drills.render.reading import act, read_back, sender


@pytest.mark.parametrize("header", nxos.HEADERS)
def test_a_configuration_line_is_read_back_as_what_was_typed(header: str, tmp_path: Path) -> None:
    lines = nxos.write(act("config", command="no logging server 10.9.20.50"), sender(header))
    (row,) = read_back(tmp_path, "dc1.log", lines, "syslog")["syslog"]
    assert "no logging server 10.9.20.50" in row["command_raw"]
    assert "SUCCESS" not in row["command_raw"]
    assert (row["user"], row["src_ip"]) == ("r.novak", "10.9.20.15")


def test_a_port_going_down_gives_a_reason_and_one_coming_up_does_not() -> None:
    def said(state: str) -> str:
        return nxos.write(act("interface", detail={"interface": "Ethernet1/1", "state": state}), sender("nx"))[0]

    assert said("down").endswith("%ETHPORT-5-IF_DOWN: Interface Ethernet1/1 is down (Link failure)")
    assert said("up").endswith("%ETHPORT-5-IF_UP: Interface Ethernet1/1 is up")


def test_no_line_ends_in_a_space_even_where_nothing_was_typed() -> None:
    for doing in ("login", "logout", "command", "config"):
        assert all(line == line.rstrip() for line in nxos.write(act(doing, command=""), sender("nx")))
