"""BULK_TARGET_LIST_READ: the list of targets read whole, read fast, or read one by one over a day.

A refused read is none, and a read the policy announces (`scheduled_audits`) is no surprise. OpenLI logs no
reads at all: there a login without a change after it stands for one, and the finding says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from seawall.detect.oversight.administration import Noticed, one_noticed, why_no_function
from seawall.detect.oversight.deeds import CHANGES, LOGIN_REACH, NOBODY, Act, Deed, dense, runs
from seawall.detect.oversight.hours import folded
from seawall.detect.oversight.staff import Admin, Staff, request_allowed

LOGINS_PER_HOUR: Final = 30  # without a change after them, where the policy has no limit
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def bulk_reads(deeds: Sequence[Deed], staff: Staff) -> Iterator[Noticed]:
    """What was read in bulk, one thing noticed for each reader and stretch of time."""
    by_reader: dict[str, list[Deed]] = defaultdict(list)
    for deed in deeds:
        if deed.act not in (Act.READ, Act.READ_ALL) or deed.refused or deed.returned == 0 or not deed.who:
            continue
        if not staff.audited((deed.user, deed.admf, deed.who), deed.system, deed.time):
            by_reader[folded(deed.who)].append(deed)
    for reads in by_reader.values():
        yield from _reader(reads, staff)
    yield from _silent_reads(deeds, staff)


def _reader(reads: Sequence[Deed], staff: Staff) -> Iterator[Noticed]:
    entries = staff.admins.get(folded(reads[0].user), ())
    whole = {id(d) for d in reads if d.act is Act.READ_ALL and not _may_read_all(d, entries, staff)}
    fast, slow = _over_limits(reads, entries, staff)
    late = [deed for deed in reads if id(deed) in slow]
    for run in runs(late, _DAY):
        tasks = len({_task(deed) for deed in run})
        yield one_noticed(
            "BULK_TARGET_LIST_READ",
            run,
            f"read {tasks} tasks one by one; the limit is {staff.distinct_per_day} within 24 h",
            run[0].who,
        )
    for run in runs(deed for deed in reads if id(deed) in whole | fast and id(deed) not in slow):
        lists = sum(deed.act is Act.READ_ALL for deed in run)
        returned = sum(deed.returned or 0 for deed in run)
        held = f", {returned} tasks in the answers" if returned else ""
        what = (
            f"read the whole list of targets {lists} times{held}" if lists else f"made {len(run)} reads in a short time"
        )
        yield one_noticed("BULK_TARGET_LIST_READ", run, what, run[0].who)


def _may_read_all(deed: Deed, entries: Sequence[Admin], staff: Staff) -> bool:
    """Whether whoever asked for a whole list may have it."""
    if staff.stated & {"admf", "mediation"} and why_no_function(deed, staff):
        return False
    if folded(deed.user) in NOBODY:
        return bool(deed.admf)  # a function that keeps its own picture true
    if any(entry.bulk for entry in entries):
        return True
    if any(entry.bulk is False for entry in entries) or not entries:
        return not staff.stated & {"admins"}
    if any(entry.requests for entry in entries):
        return any(request_allowed(deed.request, entry.requests) for entry in entries if entry.requests)
    return not staff.bulk_said


def _over_limits(reads: Sequence[Deed], entries: Sequence[Admin], staff: Staff) -> tuple[set[int], set[int]]:
    """Reads within a stretch that holds too many: those too fast, and those too many in a day."""
    hourly = max((entry.reads_per_hour or 0 for entry in entries), default=0)
    fast = dense(reads, _HOUR, hourly, _each) if hourly else set()
    if any(entry.bulk for entry in entries) or (
        folded(reads[0].user) in NOBODY and not why_no_function(reads[0], staff)
    ):
        return fast, set()
    single = [deed for deed in reads if deed.act is Act.READ]
    fast |= dense(single, _MINUTE, staff.reads_per_minute, _each)
    return fast, dense(single, _DAY, staff.distinct_per_day, lambda deed: (_task(deed), deed.returned or 1))


def _each(deed: Deed) -> tuple[object, int]:
    return id(deed), 1


def _task(deed: Deed) -> object:
    return (folded(deed.system), deed.tap.lower()) if deed.tap else id(deed)


def _silent_reads(deeds: Sequence[Deed], staff: Staff) -> Iterator[Noticed]:
    """Logins that changed nothing, on systems whose log never names a read."""
    talking = {deed.system for deed in deeds if deed.act in (Act.READ, Act.READ_ALL)}
    changed: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for deed in deeds:
        if deed.act in CHANGES:
            changed[deed.system, folded(deed.user)].append(deed)
    idle: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for deed in deeds:
        if deed.act is not Act.LOGIN or deed.refused or not deed.who or deed.system in talking:
            continue
        if not staff.audited((deed.user, deed.admf), deed.system, deed.time):
            idle[folded(deed.user), deed.system].append(deed)
    for (user, system), logins in idle.items():
        logins = _without_change(logins, changed[system, user])
        entries = staff.admins.get(user, ())
        hourly = max((entry.reads_per_hour or 0 for entry in entries), default=0)
        if not hourly and any(entry.bulk for entry in entries):
            continue
        limit = hourly or LOGINS_PER_HOUR
        many = dense(logins, _HOUR, limit, _each) | dense(logins, _MINUTE, staff.reads_per_minute, _each)
        for run in runs(deed for deed in logins if id(deed) in many):
            yield one_noticed(
                "BULK_TARGET_LIST_READ",
                run,
                f"made {len(run)} requests that changed nothing; the log of {system} names no reads",
                run[0].who,
            )


def _without_change(logins: Sequence[Deed], changes: Sequence[Deed]) -> list[Deed]:
    """Logins that no change of the same user follows within the same request."""
    times = sorted(deed.time for deed in changes)
    kept, place = [], 0
    for login in sorted(logins, key=lambda one: one.time):
        while place < len(times) and times[place] < login.time:
            place += 1
        if place < len(times) and times[place] - login.time <= LOGIN_REACH:
            continue
        kept.append(login)
    return kept
