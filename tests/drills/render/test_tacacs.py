from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seawall.drills.render import tacacs
from tests.drills.render.reading import AT, act, read_back, sender

WORDS = st.lists(st.text("abcdefghij0123456789./:-", min_size=1, max_size=8), min_size=1, max_size=5).map(" ".join)


def test_commands_and_sessions_are_read_back(tmp_path: Path) -> None:
    device = sender("")
    acts = [act("login", detail={"service": "ssh"}), act("command", command="show tacacs"), act("logout")]
    lines = [line for one in acts for line in tacacs.write(one, device)]
    rows = read_back(tmp_path, "tac_plus.acct", lines, "tacacs")["tacacs"]
    assert [row["record"] for row in rows] == ["start", "stop", "stop"]
    command = rows[1]
    assert command["time"] == AT.replace(microsecond=0)
    assert (command["observer"], command["user"], command["src_ip"]) == ("10.9.10.1", "r.novak", "10.9.20.15")
    assert (command["command"], command["priv_lvl"], command["activity"]) == ("show tacacs", 15, "command")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(command=WORDS)
def test_any_command_is_read_back_as_written(command: str, tmp_path: Path) -> None:
    lines = tacacs.write(act("command", command=f"show {command}"), sender(""))
    rows = read_back(tmp_path, "tac_plus.acct", lines, "tacacs")["tacacs"]
    assert rows[0]["command_raw"].removesuffix(" <cr>") == f"show {command}"


def test_what_a_machine_says_by_itself_is_not_accounted() -> None:
    assert tacacs.write(act("interface", detail={"interface": "x", "state": "up"}), sender("")) == []
