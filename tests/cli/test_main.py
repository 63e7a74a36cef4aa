from __future__ import annotations

import click
import pytest

from seawall.cli.main import COMMANDS, LazyGroup, cli
from tests.cli.conftest import Seawall


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_commands_own(name: str) -> None:
    assert isinstance(cli, LazyGroup)
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    first = " ".join((command.help or "").split("\n\n")[0].split())
    assert first.startswith(COMMANDS[name].summary.rstrip("."))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(seawall: Seawall, name: str) -> None:
    ran = seawall(name, "--help")
    assert ran.code == 0
    assert "Usage:" in ran.out


def test_an_unknown_command_is_a_usage_error(seawall: Seawall) -> None:
    ran = seawall("hnut")
    assert ran.code == 2
    assert "hnut" in ran.err


def test_our_own_fault_is_one_line_without_a_traceback(seawall: Seawall, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr("seawall.model.case.open_case", break_down)
    ran = seawall("hunt", "--case", "x")
    assert ran.code == 1
    assert "an error of our own: ZeroDivisionError: boom" in ran.err
    assert "Traceback" not in ran.err


def test_no_color_means_no_color(seawall: Seawall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" not in seawall("--no-color", "doctor").out
