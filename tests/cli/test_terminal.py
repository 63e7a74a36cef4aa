"""A hunt on a real terminal: it fits, it shows progress, and it leaves nothing strange behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from tests.parts import program


@pytest.mark.part("tmux")
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_hunt_fits_the_terminal(evidence: Path, tmp_path: Path, columns: int) -> None:
    tmux, socket = program("tmux"), f"seawall-{uuid.uuid4().hex}"
    done, end = tmp_path / "done", "the-end-of-the-hunt"
    script = tmp_path / "run.sh"
    hunt = f"{sys.executable} -m seawall hunt {evidence} > /dev/tty"
    script.write_text(f"cd {tmp_path}\n{hunt}\necho {end} > /dev/tty\ntmux -L {socket} wait-for -S {done.name}\n")
    # The size is the terminal's alone: readline leaves COLUMNS and LINES to whatever a test runner starts.
    told = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    environment = {**told, "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm-256color"}
    screen = [tmux, "-L", socket, "new-session", "-d", "-x", str(columns), "-y", "200", f"sh {script}; sh"]
    subprocess.run(screen, check=True, env=environment)
    try:
        subprocess.run([tmux, "-L", socket, "wait-for", done.name], check=True, timeout=120)
        shown = _screen_with(end, [tmux, "-L", socket, "capture-pane", "-p"])
    finally:
        subprocess.run([tmux, "-L", socket, "kill-server"], check=False)
    lines = shown.rstrip().splitlines()
    assert any("edge7" in line for line in lines)
    assert max(map(len, lines)) <= columns
    assert not any("reading" in line and "━" in line for line in lines), f"bars go when the work is done:\n{shown}"


def _screen_with(end: str, capture: list[str]) -> str:
    """What stands on the screen once `end` does: tmux hears that a program ended before it has read all it wrote."""
    until = time.monotonic() + 30
    while end not in (shown := subprocess.run(capture, capture_output=True, text=True, check=True).stdout):
        assert time.monotonic() < until, f"never drawn to its end:\n{shown}"
    return shown
