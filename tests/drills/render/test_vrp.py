"""The two generations of VRP write the same act in different modules; both are read back."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.render import vrp
from tests.drills.render.reading import act, read_back, sender


@pytest.mark.parametrize("header", vrp.HEADERS)
@pytest.mark.parametrize("command", ["display version", "undo info-center enable"])
def test_a_command_is_read_back_whole_from_either_generation(header: str, command: str, tmp_path: Path) -> None:
    lines = vrp.write(act("command", command=command), sender(header))
    (row,) = read_back(tmp_path, "access1.log", lines, "syslog")["syslog"]
    assert (row["command_raw"], row["user"], row["src_ip"]) == (command, "r.novak", "10.9.20.15")


def test_looking_is_less_severe_than_doing_on_the_old_generation_alone() -> None:
    def name(command: str, header: str) -> str:
        return vrp.write(act("command", command=command), sender(header))[0].split("%%01")[1].split("(")[0]

    assert name("display version", "vrp5") == "SHELL/6/DISPLAY_CMDRECORD"
    assert name("save", "vrp5") == "SHELL/5/CMDRECORD"
    assert name("display version", "vrp8") == name("save", "vrp8") == "CLI/5/CMDRECORD"


def test_the_priority_follows_the_severity_of_the_message() -> None:
    assert vrp.write(act("command", command="display version"), sender("vrp5"))[0].startswith(f"<{23 * 8 + 6}>")
    assert vrp.write(act("login_failed"), sender("vrp8"))[0].startswith(f"<{23 * 8 + 4}>")
