"""Parts of a time (Sigma 2.1: `minute`, `hour`, `day`, `week`, `month`, `year`), always in UTC.

A value is a time if it is ISO 8601 (a zone is honoured, none means UTC), or a whole or broken number of seconds,
milliseconds, microseconds or nanoseconds since 1970, told apart by size. Weeks are those of ISO 8601, 1 to 53. A
value that is no time has no parts, and matches nothing.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import numpy.typing as npt

_AGREES: Final[dict[str, Callable[[int, float], bool]]] = {
    "eq": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_PARTS: Final[dict[str, Callable[[datetime], int]]] = {
    "minute": lambda moment: moment.minute,
    "hour": lambda moment: moment.hour,
    "day": lambda moment: moment.day,
    "week": lambda moment: moment.isocalendar().week,
    "month": lambda moment: moment.month,
    "year": lambda moment: moment.year,
}
_FRACTION: Final = re.compile(r"(?<=:\d\d)([.,]\d+)")
_EPOCH: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_SCALES: Final = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (float("inf"), 1e9))  # numbers below this count so


def question(part: str, agrees: str, number: float) -> str:
    """What an atom of `Op.TIME` carries, e.g. `hour gte 22`."""
    return f"{part} {agrees} {number:g}"


def judge(values: Sequence[str], asked: str) -> npt.NDArray[np.bool_]:
    """Which of the texts are times whose part agrees with the question."""
    part, agrees, number = asked.split(" ")
    pick, compare, wanted = _PARTS[part], _AGREES[agrees], float(number)
    moments = (moment_of(text) for text in values)
    return np.fromiter(
        (moment is not None and compare(pick(moment), wanted) for moment in moments), dtype=bool, count=len(values)
    )


def moment_of(text: str) -> datetime | None:
    """The moment a text names, in UTC; None if it names none."""
    text = text.strip()
    try:
        if _EPOCH.fullmatch(text):
            number = float(text)
            scale = next(unit for below, unit in _SCALES if abs(number) < below)
            return datetime.fromtimestamp(number / scale, UTC)
        # Python reads six digits after the point; logs write up to nine.
        found = datetime.fromisoformat(_FRACTION.sub(lambda part: f".{part[1][1:7]:0<6}", text))
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
