"""A session at a terminal: from login to logout, in the order a device would see it.

A step is an exec command; with `> ` in front a configuration line; `! doing key=value …` is what the device then
says by itself. Values hold no spaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.world.model import Node

ENTER: Final[Mapping[str, str]] = {
    "ios": "configure terminal",
    "iosxr": "configure",
    "nxos": "configure terminal",
    "eos": "configure",
    "junos": "configure",
    "vrp": "system-view",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits where: the account, the address it comes from, the terminal line."""

    account: str
    source: str
    line: int = 0
    service: str = "ssh"
    pace_s: tuple[float, float] = (2.0, 18.0)  # seconds between two commands
    login: Mapping[str, str] = field(default_factory=dict)  # more detail for the login


def step_act(step: str, time: datetime, device: str, seat: Seat) -> Act:
    """The act a step stands for."""
    doing, command, detail = "command", step, {}
    if step.startswith("> "):
        doing, command = "config", step[2:]
    elif step.startswith("? "):
        doing, command, detail = "query", step[2:], {"database": "main"}
    elif step.startswith("! "):
        doing, *pairs = step[2:].split(" ")
        command = ""
        detail = dict(pair.split("=", 1) for pair in pairs)
    return Act(time, device, doing, seat.account, seat.source, seat.line, command, detail)


def session(start: datetime, node: Node, seat: Seat, steps: Sequence[str], chance: Random) -> list[Act]:
    """Login, the steps, logout; configuration mode is entered and left as the steps need it."""
    detail = {"service": seat.service, "to": node.management, **seat.login}
    now = start
    acts = [Act(now, node.name, "login", seat.account, seat.source, seat.line, "", detail)]
    for step in _with_modes(node.platform, steps):
        now += timedelta(seconds=chance.uniform(*seat.pace_s))
        acts.append(step_act(step, now, node.name, seat))
    now += timedelta(seconds=chance.uniform(*seat.pace_s))
    acts.append(Act(now, node.name, "logout", seat.account, seat.source, seat.line))
    return acts


def _with_modes(platform: str, steps: Sequence[str]) -> Iterator[str]:
    """The steps with the commands that enter configuration mode and the message that tells it was left."""
    inside = False
    for step in steps:
        if step.startswith("> ") and not inside:
            inside = True
            if platform in ENTER:
                yield ENTER[platform]
        elif inside and not step.startswith(("> ", "! ")):
            inside = False
            yield "! configured"
        yield step
    if inside:
        yield "! configured"
