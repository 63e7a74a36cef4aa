"""What a drill writes is taken by the programs a carrier runs: rsyslog, nfdump, and our own auditor."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from seawall.drills.conditions import Conditions
from seawall.drills.gather import Gather
from seawall.drills.programme import Programme, intrusion, plan
from seawall.drills.render import exports
from seawall.drills.scenario import builtin, names
from seawall.model.site import Site
from seawall.pipeline.audit import Asked, audit
from tests.drills.conftest import Played
from tests.parts import program
from tests.sources.exports.test_collectors import TRIES, collected

PATIENCE_S = 20
CONFIG = """
module(load="imptcp")
input(type="imptcp" address="127.0.0.1" port="{port}" ruleset="relay"
  SupportOctetCountedFraming="off")
template(name="message" type="string" string="%rawmsg%\\n")
ruleset(name="relay") {{ action(type="omfile" file="{file}" template="message") }}
"""


@pytest.fixture(scope="module")
def programme() -> Programme:
    return plan([builtin(name) for name in names()], 7, Conditions())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_rsyslog_takes_every_line_of_every_scenario_as_it_is(programme: Programme, tmp_path: Path) -> None:
    daemon, port, file = program("rsyslogd"), free_port(), tmp_path / "out.log"
    sent = []
    for cue in programme.cues:
        gather = Gather(programme.world)
        for deed in sorted(intrusion(cue, programme.world), key=lambda deed: deed.act.time):
            gather.add(deed)
        sent += [line.text for log in gather.logs() if log.name.startswith("syslog/") for line in log.lines]
    assert len(sent) > 150
    config = tmp_path / "rsyslog.conf"
    config.write_text(CONFIG.format(port=port, file=file), encoding="utf-8")
    command = [daemon, "-n", "-f", str(config), "-i", str(tmp_path / "pid")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            deadline = time.monotonic() + PATIENCE_S
            while True:
                with suppress(ConnectionError):
                    device = socket.create_connection(("127.0.0.1", port), timeout=5)
                    break
                assert running.poll() is None
                assert time.monotonic() < deadline
            with device:
                device.sendall(("\n".join(sent) + "\n").encode())
            while not (file.exists() and file.read_bytes().count(b"\n") >= len(sent)):
                assert time.monotonic() < deadline
        finally:
            running.terminate()
            running.wait(timeout=10)
    assert file.read_text(encoding="utf-8").splitlines() == sent


@pytest.mark.parametrize("form", ["netflow9", "ipfix"])
def test_nfdump_reads_every_flow_of_every_scenario(form: str, programme: Programme, tmp_path: Path) -> None:
    program("nfdump")
    acts = [
        deed.act
        for cue in programme.cues
        for deed in intrusion(cue, programme.world)
        if deed.act.doing == "flow" and deed.act.detail.get("proto", "tcp") != "unknown_transport"
    ]
    assert len(acts) > 50
    sent = exports.datagrams(sorted(acts, key=lambda act: act.time), form)
    found = [collected(sent, tmp_path / "0")]
    while len(found[-1]) != len(acts) and len(found) < TRIES:
        found.append(collected(sent, tmp_path / str(len(found))))
    rows = sorted((str(row[1]), str(row[2]), str(row[4])) for row in found[-1])
    assert rows == sorted((act.source, act.detail["to"], act.detail["port"]) for act in acts)


def test_the_auditor_reads_every_configuration_and_knows_its_platform(played: Played) -> None:
    found = list(audit([played.folder / "configs"], Site(), Asked(), jobs=1))
    folder = played.folder / "configs"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.cfg")}
    assert files <= {one.origin for one in found if one.verdicts}
    assert {one.notes for one in found} == {()}
