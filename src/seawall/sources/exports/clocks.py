"""Clocks of exporters: how the time in their datagrams stands against the receiver's, or against each other's.

With a receiver's clock (a capture, the service) that is the measure. In a bare file neighbours are: datagrams that
stand side by side were received one after another, so exporters whose times lie an hour apart there disagree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Final

MAX_EXPORTERS: Final = 4_096
NOTES: Final = 20
SKEW_S: Final = 60  # routers and collectors agree to the second; buffers hold datagrams for a few more
APART_S: Final = 900  # neighbours in a file without a receiver's clock
_KEPT: Final = 64


@dataclass(slots=True)
class _Clock:
    against_receiver: list[float] = field(default_factory=list)
    against_neighbour: list[float] = field(default_factory=list)


class Clocks:
    """Watches the headers of datagrams; says at the end whose clock is off, and by how much."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._clocks: dict[str, _Clock] = {}
        self._last: tuple[str, int] | None = None

    def see(self, data: bytes, exporter: str, received_us: int | None) -> None:
        """Take a datagram's header; sFlow has no time of its own."""
        version = int.from_bytes(data[:2], "big")
        if version not in (5, 9, 10) or len(data) < 16:
            return
        seconds = int.from_bytes(data[4:8] if version == 10 else data[8:12], "big")
        where = {5: slice(20, 22), 9: slice(16, 20), 10: slice(12, 16)}[version]
        who = exporter or f"domain {int.from_bytes(data[where], 'big')}"
        clock = self._clocks.get(who)
        if clock is None:
            if len(self._clocks) >= MAX_EXPORTERS:
                return
            clock = self._clocks[who] = _Clock()
        if received_us is not None:
            _keep(clock.against_receiver, seconds - received_us / 1e6)
        elif self._last is not None and self._last[0] != who:
            _keep(clock.against_neighbour, float(seconds - self._last[1]))
        self._last = (who, seconds)

    def notes(self) -> tuple[str, ...]:
        """One line for each clock that is off."""
        said = []
        for who, clock in self._clocks.items():
            for gaps, least, whom in (
                (clock.against_receiver, SKEW_S, "the receiver's clock"),
                (clock.against_neighbour, APART_S, "the exporters beside it"),
            ):
                if gaps and abs(off := median(gaps)) >= least:
                    way = "ahead of" if off > 0 else "behind"
                    said.append(f"{self._origin}: the clock of {who} is {_told(abs(off))} {way} {whom}")
        if len(said) > NOTES:
            said[NOTES:] = [f"{self._origin}: {len(said) - NOTES} more clocks are off"]
        return tuple(said)


def _keep(gaps: list[float], gap: float) -> None:
    if len(gaps) >= _KEPT:
        del gaps[::2]
    gaps.append(gap)


def _told(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 120
        else f"{seconds / 60:.0f} min"
        if seconds < 7200
        else f"{seconds / 3600:.1f} h"
    )
