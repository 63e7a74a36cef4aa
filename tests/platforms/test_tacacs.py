# ruff: noqa: E501 - records are as long as they are
from __future__ import annotations

import pytest

from seawall.platforms import Act
from seawall.platforms.tacacs import act_of_fields, attributes


def test_a_command_comes_in_one_piece_or_argument_by_argument() -> None:
    assert attributes(["cmd=show", "cmd-arg=version", "cmd-arg=<cr>"])["cmd"] == "show version <cr>"
    assert attributes(['Task_ID="7"', "priv-lvl*15", "nothing"]) == {"task-id": "7", "priv-lvl": "15"}


@pytest.mark.parametrize(
    ("fields", "act"),
    [
        ("ann tty1 192.0.2.15 stop service=shell cmd=reload", Act("command", None, "shell", "tty1", "ann", "192.0.2.15", command_raw="reload")),
        ("ann tty1 192.0.2.15 stop shell reload", Act("command", None, "shell", "tty1", "ann", "192.0.2.15", command_raw="reload")),
        ("ann tty0 async start service=shell", Act("login", "success", "console", "tty0", "ann")),
        ("ann tty2 192.0.2.15 stop service=shell", Act("logout", None, "shell", "tty2", "ann", "192.0.2.15")),
        ("unknown unknown unknown update service=system", Act(None, None, "system")),
        ("ann tty2 192.0.2.15 login service=shell", None),
        ("ann tty2", None),
    ],
)  # fmt: skip
def test_a_record_tells_its_act(fields: str, act: Act | None) -> None:
    assert act_of_fields(fields.split(" ")) == act
