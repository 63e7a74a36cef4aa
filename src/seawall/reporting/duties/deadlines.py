"""When a clock that started runs out: zones, holidays, month ends. Pure arithmetic over what a duty's file says."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from seawall.errors import InputError
from seawall.reporting.duties.duty import Calendar, Deadline

LAST_SECOND: Final = time(23, 59, 59)  # a day's last second, as 47 CFR 1.4 and ours print it
MOST_DAYS: Final = 4_000  # counted one by one at most
_HOURS: Final = {"moment": None, "end_of_day": LAST_SECOND}


def due(deadline: Deadline, start: datetime, zone: str, calendars: dict[str, Calendar]) -> datetime:
    """The last moment of a deadline whose clock started at `start`, UTC.

    Days, months and business days are counted in `zone`, the day of the start left out; hours are elapsed hours. A
    local time that daylight saving skips or repeats is read as its earlier instant.

    Raises:
        InputError: zone or calendar are not known, or the time lies outside every calendar.
    """
    try:
        if deadline.hours is not None:
            return start.astimezone(UTC) + timedelta(hours=deadline.hours)
        local = start.astimezone(zone_of(zone))
        return _at(_last_day(deadline, local.date(), calendars), deadline, local).astimezone(UTC)
    except OverflowError as error:
        raise InputError("no calendar reaches that far", where=str(start), mend="check the time recorded") from error


def opens(earliest: Deadline, start: datetime, zone: str, calendars: dict[str, Calendar]) -> datetime:
    """The first moment after a time of waiting, UTC: full days that are over, or elapsed hours."""
    end = due(earliest, start, zone, calendars)
    return end if earliest.hours is not None else end + timedelta(seconds=1)


def is_business_day(day: date, calendar: Calendar) -> bool:
    """Whether a day counts: no weekend, no holiday, no closure."""
    if day in calendar.open:
        return True
    return day.weekday() not in calendar.weekend and day not in calendar.closed and not _is_holiday(day, calendar)


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises InputError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"no time zone is called {name!r}", mend="write an IANA name, e.g. Europe/Paris") from error


def _last_day(deadline: Deadline, first: date, calendars: dict[str, Calendar]) -> date:
    if deadline.days is not None:
        return first + timedelta(days=deadline.days)
    if deadline.months is not None:
        return _months_on(first, deadline.months)
    if deadline.yearly is not None:
        month, _, day = deadline.yearly.partition("-")
        return _in_month(first.year + 1, int(month), int(day))
    if deadline.calendar not in calendars:
        known = ", ".join(sorted(calendars)) or "none"
        raise InputError(f"no calendar is called {deadline.calendar!r}", mend=f"one of: {known}")
    return _business_days_on(first, deadline.business_days or 0, calendars[deadline.calendar])


def _business_days_on(first: date, amount: int, calendar: Calendar) -> date:
    days = _days_after(first)
    for _ in range(amount):
        first = next(day for day in days if is_business_day(day, calendar))
    return first


def _days_after(first: date) -> Iterator[date]:
    for number in range(1, MOST_DAYS):
        yield first + timedelta(days=number)
    raise InputError("a calendar without business days", where=str(first), mend="mend its weekend and closed days")


def _months_on(first: date, amount: int) -> date:
    years, month = divmod(first.month - 1 + amount, 12)
    return _in_month(first.year + years, month + 1, first.day)


def _in_month(year: int, month: int, day: int) -> date:
    """A day of a month; the month's last day where it has no such one."""
    if year > date.max.year:
        raise OverflowError("no such year")
    return date(year, month, min(day, monthrange(year, month)[1]))


def _at(day: date, deadline: Deadline, start: datetime) -> datetime:
    """The hour of the last day, in the zone of `start`."""
    until = deadline.until or ("moment" if deadline.months is not None else "end_of_day")
    hour = _HOURS[until] if until in _HOURS else time.fromisoformat(until)
    return datetime.combine(day, hour if hour is not None else start.time(), start.tzinfo)


def _is_holiday(day: date, calendar: Calendar) -> bool:
    return day in _holidays(calendar.country, calendar.subdivision, day.year)


@cache
def _holidays(country: str, subdivision: str, year: int) -> frozenset[date]:
    """Public holidays of a year as they are observed."""
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year, language="en_US"))
    except (NotImplementedError, KeyError) as error:
        raise InputError(
            f"no holidays are known for {country!r} {subdivision}".strip(),
            mend="name an ISO country code, and a subdivision the library `holidays` has",
        ) from error
