"""Small words for people: lengths of time, and values that fit in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

MAX_VALUE: Final = 60  # characters of one value in a sentence; longer ones end with an ellipsis


def span_text(seconds: float) -> str:
    """A length of time as people say it: `14 s`, `3 min`, `1 h 57 min`, `2 d 3 h`."""
    whole = round(seconds)
    if whole < 1:
        return "less than 1 s"
    if whole < 90:
        return f"{whole} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, hours = divmod(round(seconds / 3600), 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def short_value(value: str) -> str:
    """A value short enough for a sentence; what was cut is shown by an ellipsis."""
    flat = " ".join(value.split())
    return flat if len(flat) <= MAX_VALUE else flat[: MAX_VALUE - 1] + "…"


def clock_text(moment: datetime) -> str:
    """Hours and minutes in UTC."""
    return moment.astimezone(UTC).strftime("%H:%M")


def count_text(number: int, noun: str, plural: str | None = None) -> str:
    """`1 stage`, `3 stages`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def and_text(parts: list[str], more: int = 0) -> str:
    """`a, b and c`; with `more` the rest is counted."""
    if more > 0:
        return f"{', '.join(parts)} and {more:,} more"
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
