"""Which time a line gets, how far it can be trusted, and what is to be said of the clock that wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

import numpy as np
import pyarrow as pa

from seawall.model.clock import Clock
from seawall.model.events import TIME_QUALITIES
from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.base import Years
from seawall.sources.times import EARLIEST_YEAR, STAMP_WIDTH, Flags, Ints, moments, zone_minutes

_CODE: Final = {name: number for number, name in enumerate(TIME_QUALITIES)}
_EARLIEST: Final = int(datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
_DAY: Final = 86_400_000_000


class Stamped(Protocol):
    """Lines whose shapes are known (`syslog_rows`, `tacacs`)."""

    data: bytes
    bytes_: cut.Bytes
    starts: Ints
    numbers: Ints
    table: Ints
    shapes: Ints


class Doubts:
    """Doubts about a file's clocks, each said once, with the first line it was seen in."""

    def __init__(self, origin: str, clock: Clock) -> None:
        self._origin = origin
        self._latest = int(clock.now().timestamp()) * 1_000_000 + _DAY
        self._said: set[str] = set()
        self._fresh: list[tuple[str, int]] = []

    def say(self, what: str, line: int) -> None:
        """Note a doubt unless it was noted before."""
        if what not in self._said:
            self._said.add(what)
            self._fresh.append((what, line))

    def new(self) -> list[str]:
        """Doubts since the last call."""
        return [f"{self._origin}:{line}: {what}" for what, line in self.take()]

    def take(self) -> list[tuple[str, int]]:
        """The same, as what is to be said and the line."""
        fresh, self._fresh = self._fresh, []
        return fresh

    def judge(self, micros: Ints, valid: Flags, numbers: Ints) -> None:
        """Say which lines lie before any log could, or after now."""
        for rows, what in (
            (valid & (micros < _EARLIEST), f"dated before {EARLIEST_YEAR}: the clock was not set; kept as written"),
            (valid & (micros > self._latest), "dated in the future: the clock is wrong; kept as written"),
        ):
            if rows.any():
                self.say(what, int(numbers[rows.argmax()]))


@dataclass(slots=True)
class When:
    """Times of a block: UTC microseconds, and their quality as a number into `TIME_QUALITIES`."""

    micros: Ints
    valid: Flags
    codes: Ints
    received: Ints
    received_valid: Flags

    def zoned(self) -> Flags:
        """Which times stand with their zone."""
        found: Flags = self.codes == _CODE["exact"]
        return found

    def own(self) -> Flags:
        """Which times are the writers' own, by clocks that were set."""
        found: Flags = self.valid & (self.codes != _CODE["received"])
        return found

    def quality(self) -> pa.Array:
        """The column `time_quality`."""
        return cut.decode(self.codes, TIME_QUALITIES)

    def override(self, row: int, micros: int, *, zone_written: bool) -> None:
        """Put in a time the message itself carries."""
        self.micros[row], self.valid[row] = micros, True
        self.codes[row] = _CODE["exact" if zone_written else "zone_assumed"]


def times_of(lines: Stamped, hosts: Ints, host_names: list[str], years: Years, doubts: Doubts) -> When:
    """The device's own time where it wrote one, else the relay's."""

    def zones(starts: Ints, lengths: Ints) -> tuple[Ints, Flags]:
        return _zones(lines, starts, lengths, doubts)

    def year_for(host: int, month: int, day: int) -> int:
        return years.year_for(host_names[host], month, day)

    def stamps(column: int) -> tuple[Ints, Flags, Ints]:
        table = lines.table[:, column : column + STAMP_WIDTH]
        if not table[:, -1].any():
            nothing = np.zeros(len(lines.starts), np.int64)
            return nothing, nothing > 0, nothing
        said = moments(lines.bytes_, lines.starts, table, lines.shapes, zones, hosts, year_for)
        codes = np.where(said.zone_assumed, _CODE["zone_assumed"], _CODE["exact"])
        codes = np.where(said.year_assumed, _CODE["year_assumed"], codes)
        codes = np.where(said.flag == 1, _CODE["unsynced"], codes)
        return said.micros, said.valid, np.where(said.flag == 2, _CODE["unset"], codes)

    micros, valid, codes = stamps(h.TIME)
    received, received_valid, _ = stamps(h.RELAYED)
    relayed = ~valid & received_valid
    codes = np.where(micros < _EARLIEST, _CODE["unset"], codes)
    codes = np.where(valid, codes, np.where(relayed, _CODE["received"], _CODE["missing"]))
    micros = np.where(relayed, received, micros)
    doubts.judge(micros, valid | relayed, lines.numbers)
    return When(micros, valid | relayed, codes, received, received_valid)


def _zones(lines: Stamped, starts: Ints, lengths: Ints, doubts: Doubts) -> tuple[Ints, Flags]:
    """Minutes east of Greenwich and certainty of the zone written at each place; (0, False) where none is.

    A zone without digits is the same for all lines of a shape, so one of them is asked.
    """
    example = cut.first_of_each(lines.shapes, len(lines.table))
    places = zip(starts[example].tolist(), (starts + lengths)[example].tolist(), strict=True)
    names = [lines.data[start:end].decode() for start, end in places]
    which = lines.shapes
    if any(character.isdigit() for name in names for character in name):
        which, names = cut.encode(cut.spans(lines.data, starts, starts + lengths))
    read = [zone_minutes(name) for name in names]
    for number, name in enumerate(names):
        if name.strip() and not read[number][1] and (which == number).any():
            line = int(lines.numbers[(which == number).argmax()])
            doubts.say(f"zone {name.strip()!r} is unknown or ambiguous; read as {read[number][0]:+d} minutes", line)
    return np.array([r[0] for r in read], np.int64)[which], np.array([r[1] for r in read], np.bool_)[which]
