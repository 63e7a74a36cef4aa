from __future__ import annotations

import numpy as np
import pyarrow as pa

from seawall.platforms import Act
from seawall.sources.acts import LONGEST_MESSAGE, Acts, act_columns

_CONFIGURED = "Configured from console by ann on vty0 (192.0.2.15)"


def acts_of(*messages: str, mnemonics: tuple[int, ...]) -> Acts:
    count = len(messages)
    none = np.zeros(count, np.int64)
    numbers = np.array(mnemonics, np.int64)
    names = [None, "SYS-5-CONFIG_I", "PARSER-5-CFGLOG_LOGGEDCMD"]
    return Acts.of(pa.array(messages), (numbers, names), (none, ["ios"]), (none, [""]))


def test_acts_come_in_the_order_of_their_lines_whoever_reads_them() -> None:
    found = acts_of(
        "User:ann  logged command:sh run",
        "nothing",
        _CONFIGURED,
        "User:bob  logged command:exit",
        mnemonics=(2, 0, 1, 2),
    )
    assert found.rows.tolist() == [0, 2, 3]
    assert [act.user for act in found.acts] == ["ann", "ann", "bob"]


def test_a_message_its_reader_cannot_read_has_no_act() -> None:
    assert acts_of("Configured by magic", _CONFIGURED, mnemonics=(1, 1)).rows.tolist() == [1]


def test_messages_too_long_to_be_honest_are_not_interpreted() -> None:
    assert acts_of(_CONFIGURED + " " * LONGEST_MESSAGE, mnemonics=(1,)).acts == []


def test_columns_hold_commands_as_typed_and_in_their_one_spelling() -> None:
    act = Act("command", "success", user="ann", command_raw="sh run", section="conf t ; int Gi0/1")
    columns = act_columns(3, Acts(np.array([1]), [act], ["ios"]))
    assert columns["user"].to_pylist() == [None, "ann", None]
    assert columns["command_raw"].to_pylist()[1] == "sh run"
    assert columns["command"].to_pylist()[1] == "show running-config"
    assert columns["section"].to_pylist()[1] == "configure terminal ; interface gi0/1"


def test_no_acts_give_empty_columns_of_the_right_length() -> None:
    columns = act_columns(2, Acts(np.zeros(0, np.int64), [], []))
    assert {column.to_pylist() == [None, None] for column in columns.values()} == {True}


def test_a_line_given_below_a_path_of_the_model_driven_command_line_is_told_from_its_root() -> None:
    def typed(section: str | None, command: str, platform: str = "sros") -> str:
        act = Act("command", command_raw=command, section=section)
        return act_columns(1, Acts(np.array([0]), [act], [platform]))["command"].to_pylist()[0]

    assert typed('configure log log-id "10"', "admin-state disable") == "configure log log-id 10 admin-state disable"
    assert typed("configure log", 'delete syslog "1"') == "delete configure log syslog 1"
    assert typed("configure log", "info") == "info"
    assert typed("configure log", "/show port") == "show port"
    assert typed("config log", "no syslog 1") == "no syslog 1"  # classic: its prompt leaves out names
    assert typed("configure terminal", "feature telnet", "nxos") == "feature telnet"
