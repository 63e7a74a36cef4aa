"""`seawall serve --demo`: a whole service on the loopback, and a carrier that lives in fast time before it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from seawall.drills.programme import Programme
    from seawall.model.case import Case
    from seawall.model.incident import Incident
    from seawall.model.settings import Settings

SPEED: Final = 720.0  # a day of the carrier's in two minutes
SEED: Final = 2026
SENT: Final = ("syslog/", "servers/")  # what devices and servers send by themselves
PORT: Final = 15_514
LEAD: Final = timedelta(hours=16)  # before the intruder's last deed: some ordinary life, then the way to the end
_WATCH_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 2.0
_CONFIG: Final = """# Made by seawall serve --demo: everything on the loopback.
[serve]
syslog_udp = []
syslog_tcp = ["127.0.0.1:{port}"]
flows_udp = []
web = "127.0.0.1:8443"

[detect]  # a day takes minutes: ask for chains and incidents again at once
settle_s = 2.0
settle_share = 1.0
"""

_TARGETS: Final = """# Made by seawall serve --demo: a firewall in a network namespace of its own.
legal_basis = "none needed: a demo, through which nobody's traffic passes"

[[firewalls]]
name = "demo-firewall"
command = {command}
"""


def live_demo(case_folder: Path) -> None:
    """Start a service for a demo case, and send it what the demo carrier's devices log, an intruder among them.

    Runs until Ctrl-C, as the service does. The case must be new, or one a demo made.

    Raises:
        InputError: the case holds something else.
    """
    from seawall.cli.serve import run_service
    from seawall.drills.conditions import Conditions
    from seawall.drills.programme import plan
    from seawall.drills.scenario import builtin
    from seawall.errors import InputError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.settings import load_settings

    scenario = builtin()
    programme = plan([scenario], SEED, Conditions())
    case = open_case(case_folder, SystemClock())
    made = _CONFIG.format(port=PORT)
    if case.settings_file.exists() and case.settings_file.read_text(encoding="utf-8") != made:
        raise InputError("not a demo's case", where=str(case_folder), mend="name a new folder with --case")
    case.settings_file.write_text(made, encoding="utf-8")
    case.site_file.write_text(programme.world.site_toml(), encoding="utf-8")
    click.echo(f"demo: {scenario.title}; a day takes {86_400 / SPEED / 60:g} minutes", err=True)
    click.echo(f"demo: look at it with: seawall incidents list --case {case_folder}, or in the console", err=True)
    settings = load_settings(case.settings_file)
    threading.Thread(target=_play, args=(_lines(programme, _begin(programme)), PORT, SPEED), daemon=True).start()
    threading.Thread(target=_watch, args=(lambda: _incidents(case, settings), _say(case_folder)), daemon=True).start()
    with _firewall(case.folder):
        run_service(settings, None, case.folder)


@contextmanager
def _firewall(folder: Path) -> Iterator[None]:
    """A firewall to act on: real nftables in a network namespace that reaches nothing, named in response.toml.

    Only root may make one; anybody else plans, signs, and gets packages to hand over.
    """
    ip, nft = shutil.which("ip"), shutil.which("nft")
    name, targets = f"seawall-demo-{os.getpid()}", folder / "response.toml"
    if ip is None or nft is None or not _namespace(ip, "add", name):
        targets.write_text("# Made by seawall serve --demo: no direct way to any target; see respond handover.\n")
        click.echo("demo: without root, ip and nft there is no firewall to act on; plans become packages", err=True)
        yield
        return
    targets.write_text(_TARGETS.format(command=json.dumps([ip, "netns", "exec", name, nft])), encoding="utf-8")
    click.echo(f"demo: blocks go to a real nftables in the namespace {name}, which nothing passes", err=True)
    try:
        yield
    finally:
        _namespace(ip, "del", name)


def _namespace(ip: str, deed: str, name: str) -> bool:
    told = subprocess.run([ip, "netns", deed, name], capture_output=True, timeout=30, check=False)  # noqa: S603 - ours
    return told.returncode == 0


def _begin(programme: Programme) -> datetime:
    """When the demo begins: `LEAD` before the intruder's last deed; the last night alone adds up to an incident."""
    return max(deed.act.time for deed in programme.deeds() if deed.label is not None) - LEAD


def _lines(programme: Programme, begin: datetime) -> Iterator[tuple[float, list[str]]]:
    """(seconds since `begin`, what is logged then), in order."""
    from seawall.drills.gather import Gather

    gather = Gather(programme.world)
    for deed in programme.deeds():
        if deed.act.time < begin:
            continue
        gather.add(deed)
        texts = [line.text for log in gather.take() if log.name.startswith(SENT) for line in log.lines]
        if texts:
            yield (deed.act.time - begin).total_seconds(), texts


def _incidents(case: Case, settings: Settings) -> tuple[Incident, ...]:
    """What the case knows now; nothing while its database is busy, or before the detector has one."""
    from seawall.errors import SeawallError
    from seawall.pipeline.cases import case_state
    from seawall.service.status import read_status

    if "detect" not in read_status(case.folder):
        return ()  # who opens the database first makes its tables: that is the service's part
    try:
        with case_state(case, settings) as state:
            return tuple(state.incidents())
    except SeawallError:
        return ()


def _say(case_folder: Path) -> Callable[[str, str, float], None]:
    from seawall.reporting.text import safe_terminal

    def say(name: str, title: str, after_s: float) -> None:
        click.echo(safe_terminal(f"demo: INCIDENT after {after_s:.0f} s: {title}"), err=True)
        click.echo(safe_terminal(f"demo: read it: seawall incidents show {name} --case {case_folder}"), err=True)

    return say


def _watch(incidents: Callable[[], tuple[Incident, ...]], say: Callable[[str, str, float], None]) -> None:
    """Say every incident once, as it comes up."""
    began, said = time.monotonic(), set[str]()
    while True:
        for one in incidents():
            if one.id not in said:
                said.add(one.id)
                say(one.id[:8], one.title, time.monotonic() - began)
        time.sleep(_WATCH_S)


def _play(lines: Iterator[tuple[float, list[str]]], port: int, speed: float) -> None:
    """Send lines at their pace, over one connection that is made again when it breaks."""
    collector, sent, at = None, 0, 0.0
    for moment, texts in lines:
        pause, at = min(_LONGEST_PAUSE_S, max(0.0, moment - at) / speed), moment
        if pause > 0:
            time.sleep(pause)
        data = "".join(f"{text}\n" for text in texts).encode()
        while True:
            try:
                collector = collector or socket.create_connection(("127.0.0.1", port), timeout=10)
                collector.sendall(data)
                break
            except OSError:
                collector = None
                time.sleep(0.5)  # it starts, or starts again
        sent += len(texts)
    click.echo(f"demo: the carrier's days are over, {sent:,} lines; Ctrl-C ends the service", err=True)
