"""Junos lines in both headers carry the same facts, and a statement is told twice, as Junos does."""

from __future__ import annotations

import pytest

from seawall.drills.render import junos
from tests.drills.render.reading import act, sender


@pytest.mark.parametrize("header", junos.HEADERS)
def test_a_configuration_statement_is_a_command_and_an_audit_line(header: str) -> None:
    first, second = junos.write(act("config", command="interfaces ge-0/1/3 description uplink"), sender(header))
    assert "command 'set interfaces ge-0/1/3 description uplink '" in first
    assert "UI_CFG_AUDIT_SET" in second
    assert 'set: [interfaces ge-0/1/3 description] <unconfigured> -- "uplink"' in second


@pytest.mark.parametrize(("state", "number"), [("up", "up(1)"), ("down", "down(2)")])
def test_a_port_names_its_state_by_word_and_by_the_number_of_the_mib(state: str, number: str) -> None:
    (line,) = junos.write(act("interface", detail={"interface": "ge-0/1/3", "state": state}), sender("relay"))
    assert f"SNMP_TRAP_LINK_{state.upper()}" in line
    assert f"ifOperStatus {number}, ifName ge-0/1/3" in line


def test_structured_data_names_the_account_or_is_a_dash() -> None:
    (named,) = junos.write(act("logout"), sender("rfc5424"))
    assert '[junos@2636.1.1.1.2.18 username="r.novak"]' in named
    detail = {"mnemonic": "RPD_X", "text": "t"}
    (machine,) = junos.write(act("notice", account="", detail=detail), sender("rfc5424"))
    assert machine.endswith("RPD_X - t")


def test_the_time_of_rfc5424_has_three_digits_and_a_z() -> None:
    (line,) = junos.write(act("logout"), sender("rfc5424"))
    assert line.split()[1] == "2026-11-09T03:14:05.678Z"


def test_what_junos_has_no_words_for_leaves_no_line() -> None:
    assert junos.write(act("container", detail={"state": "up"}), sender("relay")) == []
