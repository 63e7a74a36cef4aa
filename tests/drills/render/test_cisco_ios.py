"""IOS lines where one act is several messages, or none: those are the ones a detector stumbles over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seawall.drills.render import cisco_ios
from tests.drills.render.reading import act, read_back, sender


def said(doing: str, header: str = "relayed", **values: object) -> list[str]:
    return [line.split("%", 1)[1] for line in cisco_ios.write(act(doing, **values), sender(header))]


def test_an_exec_command_is_left_to_accounting() -> None:
    assert said("command", command="show running-config") == []


def test_a_port_says_link_and_protocol_and_a_tunnel_only_protocol() -> None:
    state = {"interface": "GigabitEthernet0/1", "state": "down"}
    assert [line.partition(":")[0] for line in said("interface", detail=state)] == [
        "LINK-3-UPDOWN",
        "LINEPROTO-5-UPDOWN",
    ]
    (only,) = said("interface", detail={**state, "interface": "Tunnel77"})
    assert only == "LINEPROTO-5-UPDOWN: Line protocol on Interface Tunnel77, changed state to down"


def test_each_line_of_one_act_has_the_next_sequence_number() -> None:
    device = sender("plain")
    lines = cisco_ios.write(act("interface", detail={"interface": "Gi0/1", "state": "up"}), device)
    assert [re.match(r"<\d+>(\d{6}):", line)[1] for line in lines] == ["004094", "004095"]  # type: ignore[index]


def test_the_priority_is_local7_with_the_severity_of_the_message() -> None:
    detail = {"mnemonic": "SYS-3-CPUHOG", "text": "busy"}
    assert cisco_ios.write(act("notice", detail=detail), sender("plain"))[0].startswith(f"<{23 * 8 + 3}>")


@pytest.mark.parametrize(("line", "place"), [(0, "vty4294967295"), (3, "vty3")])
def test_a_process_without_a_line_wears_the_number_ios_prints_for_minus_one(line: int, place: str) -> None:
    (only,) = said("programmed", line=line, detail={"process": "SEP_webui_wsma_http"})
    assert only.endswith(f"as r.novak on {place}")


@pytest.mark.parametrize("service", ["ssh", "web", "netconf"])
def test_a_login_is_read_back_with_who_and_from_where_by_any_service(service: str, tmp_path: Path) -> None:
    lines = cisco_ios.write(act("login", detail={"service": service}), sender("counted-year"))
    (row,) = read_back(tmp_path, "edge1.log", lines, "syslog")["syslog"]
    assert (row["user"], row["src_ip"], row["outcome"]) == ("r.novak", "10.9.20.15", "success")
