"""A scenario played to a running collector on this host, as a signed session: what devices would send, line by line.

Only to the loopback: a drill never reaches a device, another host, or a collector elsewhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from seawall.drills.acts import Deed
from seawall.drills.conditions import Conditions
from seawall.drills.gather import Gather
from seawall.drills.programme import intrusion, plan
from seawall.drills.scenario import Scenario
from seawall.errors import InputError, PeerError
from seawall.model.clock import Clock
from seawall.pipeline.drill_marks import Session

SENT: Final = ("syslog/", "servers/")  # what devices and servers send by themselves
TIMEOUT_S: Final = 10.0


def lines(scenario: Scenario, seed: int, session: Session, clock: Clock) -> Iterator[tuple[float, str, str]]:
    """(pause before it in scenario seconds, marker, line), each dated now.

    Raises:
        InputError: the session is over.
    """
    programme = plan([scenario], seed, Conditions())
    gather, number, before = Gather(programme.world), 0, programme.cues[0].begins
    for deed in sorted(intrusion(programme.cues[0], programme.world), key=lambda deed: deed.act.time):
        pause, before = max(0.0, (deed.act.time - before).total_seconds()), deed.act.time
        now = _running(session, clock)
        gather.add(Deed(deed.act.at(now), deed.label))
        for log in gather.take():
            if log.name.startswith(SENT):
                for line in log.lines:
                    number += 1
                    yield pause, session.marker(number, line.text, now), line.text
                    pause = 0.0


def _running(session: Session, clock: Clock) -> datetime:
    now = clock.now()
    if now > session.until:
        what = f"drill session {session.id} ended at {session.until.isoformat()}"
        raise InputError(what, mend="begin another, with more --minutes")
    return now


def send(
    told: Iterator[tuple[float, str, str]], host: str, port: int, *, speed: float, wait: Callable[[float], None]
) -> int:
    """Send lines over TCP (RFC 6587, one per line) to a collector on this host; returns how many.

    Raises:
        InputError: the host is not the loopback.
        PeerError: nobody listens there.
    """
    try:
        ours = ipaddress.ip_address(host).is_loopback
    except ValueError:
        ours = False
    if not ours:
        raise InputError("a drill is played to this host alone", where=host, mend="name 127.0.0.1 or ::1")
    count = 0
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S) as collector:
            for pause, marker, line in told:
                if pause:
                    wait(pause / speed)
                collector.sendall(f"{marker}\n{line}\n".encode())
                count += 1
    except OSError as error:
        where = f"{host}:{port}"
        raise PeerError(f"the collector does not take it: {error}", where=where, mend="start it, then again") from error
    return count
