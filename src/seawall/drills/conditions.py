"""Under what conditions a scenario is played: how much else goes on, what is lost on the way, whose clock is wrong.

"What if accounting were off on the edge?" is a `Loss` of the telemetry `accounting` at the role `edge`, whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from seawall.drills.seeds import stream
from seawall.drills.world.model import Node
from seawall.errors import UsageError

TELEMETRY: Final = ("log", "accounting", "traffic", "windows", "mail", "configs")
EVERYWHERE: Final = "all"


@dataclass(frozen=True, slots=True)
class Loss:
    """A share of one telemetry that never arrives, from one role or device or everywhere."""

    telemetry: str  # one of TELEMETRY
    where: str = EVERYWHERE  # a role, a device's short name, or all
    share: float = 1.0  # 0 to 1


@dataclass(frozen=True, slots=True)
class Skew:
    """A clock that is wrong."""

    where: str  # a role, a device's short name, or all
    seconds: float  # added to what its lines say


@dataclass(frozen=True, slots=True)
class Conditions:
    """What may differ from one run of a scenario to the next. The defaults change nothing."""

    cover: float = 1.0  # share of the everyday lines that are written, 0 to 1
    losses: tuple[Loss, ...] = ()
    skews: tuple[Skew, ...] = ()
    shift_days: int = 0  # everything later by so many days
    speed: float = 1.0  # the intrusion's pauses are so many times shorter

    def lost(self, seed: int, telemetry: str, node: Node | None, number: int) -> bool:
        """Whether the `number`-th record of a telemetry from a device is lost."""
        for loss in self.losses:
            if loss.telemetry == telemetry and _is(loss.where, node):
                chance = stream(seed, "loss", telemetry, node.short if node else "", number)
                if loss.share >= 1 or chance.random() < loss.share:
                    return True
        return False

    def skew(self, node: Node) -> timedelta:
        """How far ahead a device's clock is."""
        return timedelta(seconds=sum(skew.seconds for skew in self.skews if _is(skew.where, node)))

    @property
    def said(self) -> str:
        """In words, for a report; empty if nothing was changed but the cover."""
        words = [f"{loss.telemetry} lost at {loss.where} ({loss.share:.0%})" for loss in self.losses]
        words += [f"clock at {skew.where} {skew.seconds:+g} s" for skew in self.skews]
        return ", ".join(words)


def _is(where: str, node: Node | None) -> bool:
    return where == EVERYWHERE or (node is not None and where in (node.role, node.short))


def read_loss(text: str) -> Loss:
    """`accounting@edge`, `log@pe=0.3`: a loss as the command line takes it. Raises UsageError."""
    head, _, share = text.partition("=")
    telemetry, _, where = head.partition("@")
    mend = "write TELEMETRY@ROLE[=SHARE], e.g. accounting@edge or log@pe=0.3; telemetry is " + ", ".join(TELEMETRY)
    if telemetry not in TELEMETRY:
        raise UsageError(f"no telemetry is called {telemetry!r}", mend=mend)
    try:
        lost = float(share or 1)
    except ValueError:
        raise UsageError(f"{share!r} is no share", mend=mend) from None
    if not 0 <= lost <= 1:
        raise UsageError(f"a share of {share} is none", mend=mend)
    return Loss(telemetry, where or EVERYWHERE, lost)


def read_skew(text: str) -> Skew:
    """`edge=90`, `bru-pe1=-30`: a clock's error in seconds. Raises UsageError."""
    where, sign, seconds = text.partition("=")
    try:
        if not sign or not where:
            raise ValueError
        return Skew(where, float(seconds))
    except ValueError:
        raise UsageError(f"{text!r} is no clock error", mend="write ROLE=SECONDS, e.g. edge=90 or pe=-30") from None
