"""Who writes a log line: its names, its header habit and its counters."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MONTHS: Final = tuple(calendar.month_abbr)
WEEKDAYS: Final = tuple(calendar.day_abbr)
LOCAL7: Final = 23 * 8  # priority of facility local7, severity 0


@dataclass(slots=True)
class Sender:
    """A device that logs. Writing a line moves its counters on, as the device's own do."""

    host: str
    address: str
    header: str = ""  # the header habit, one of those the platform's writer names
    count: int = 0  # messages sent to this log server
    sequence: int = 0  # messages made
    pid: int = 3046

    def next(self) -> tuple[int, int]:
        """The counters of the next line: (count, sequence)."""
        self.count += 1
        self.sequence += 1
        return self.count, self.sequence


def stamp(time: datetime) -> str:
    """`Nov 22 09:14:03`, the day padded with a space as RFC 3164 does."""
    return f"{MONTHS[time.month]} {time.day:2d} {time.hour:02d}:{time.minute:02d}:{time.second:02d}"


def stamp_ms(time: datetime) -> str:
    """`Nov 22 09:14:03.512`."""
    return f"{stamp(time)}.{time.microsecond // 1000:03d}"


def stamp_year_ms(time: datetime) -> str:
    """`Nov 22 2026 09:14:03.512`."""
    day = f"{MONTHS[time.month]} {time.day:2d} {time.year}"
    return f"{day} {time.hour:02d}:{time.minute:02d}:{time.second:02d}.{time.microsecond // 1000:03d}"


def tail_stamp(time: datetime) -> str:
    """`09:14:03 UTC Sun Nov 22 2026`, as Cisco closes its login messages."""
    clock = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}"
    return f"{clock} UTC {WEEKDAYS[time.weekday()]} {MONTHS[time.month]} {time.day} {time.year}"
