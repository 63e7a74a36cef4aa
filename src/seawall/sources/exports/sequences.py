"""Sequence numbers of flow export: what was sent and never arrived.

NetFlow v5 counts flows, v9 datagrams, IPFIX data records, sFlow datagrams; all modulo 2^32. A step forward is a loss; a
small step back is a datagram that was overtaken; anything else is an exporter that began anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MAX_WATCHED: Final = 16_384
NOTES: Final = 20
_FAR: Final = 1_000_000  # a larger step is a restart, not a loss
_UNITS: Final = {5: "flows", 9: "datagrams", 10: "records", 1005: "datagrams"}


@dataclass(slots=True)
class _Counter:
    expected: int | None = None
    lost: int = 0
    gaps: int = 0
    restarts: int = 0


class Sequences:
    """Counts gaps per exporter and domain."""

    def __init__(self) -> None:
        self._counters: dict[tuple[str, int, int], _Counter] = {}

    def see(self, key: tuple[str, int, int], number: int, count: int | None) -> None:
        """Take a datagram's number; `count`: what it counts on by, None if nobody knows."""
        counter = self._counters.get(key)
        if counter is None:
            if len(self._counters) >= MAX_WATCHED:
                return
            counter = self._counters[key] = _Counter()
        if counter.expected is not None:
            step = (number - counter.expected) & 0xFFFFFFFF
            if 0 < step < _FAR:
                counter.lost += step
                counter.gaps += 1
            elif step and (1 << 32) - step < _FAR and number:  # overtaken: counted as lost when it was missing
                counter.lost = max(0, counter.lost - (count or 0))
                return
            elif step:
                counter.restarts += 1
        counter.expected = None if count is None else (number + count) & 0xFFFFFFFF

    def lost(self) -> dict[tuple[str, int, int], int]:
        """What never arrived, by exporter, domain and version."""
        return {key: counter.lost for key, counter in self._counters.items() if counter.lost}

    def notes(self) -> tuple[str, ...]:
        """One line for each exporter that lost something or began anew; the worst first."""
        said = []
        for (exporter, domain, version), counter in sorted(self._counters.items(), key=lambda kv: -kv[1].lost):
            who = f"{exporter or 'exporter'} domain {domain}"
            if counter.lost:
                unit = _UNITS.get(version, "records")
                said.append(f"{who}: {counter.lost} {unit} never arrived, by {counter.gaps} gaps in its numbers")
            if counter.restarts:
                said.append(f"{who}: its numbers began anew {counter.restarts} times")
        if len(said) > NOTES:
            said[NOTES:] = [f"{len(said) - NOTES} more notes on sequence numbers"]
        return tuple(said)
