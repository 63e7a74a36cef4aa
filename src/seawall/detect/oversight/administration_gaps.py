"""What only the trail shows, and what the trail leaves out.

SHORT_LIVED_TAP_WITHOUT_WARRANT (set and gone between two polls), MASS_DEACTIVATION, and LOG_GAP: a silence longer than
the policy allows, or a change the element counted (`numberOfModifications`, ETSI TS 103 221-1) and no record explains.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final, Literal

from seawall.detect.oversight.administration import Noticed, one_noticed
from seawall.detect.oversight.deeds import Act, Deed, dense, runs
from seawall.detect.oversight.hours import Span, folded, same_system
from seawall.detect.oversight.staff import Staff

Standing = Literal["there", "gone", "unknown"]
BRIEF: Final = timedelta(days=3)
MOSTLY: Final = 0.5
CLOCK_SLACK: Final = timedelta(minutes=5)  # between an element's clock and that of the log, at least


@dataclass(frozen=True, slots=True)
class Counted:
    """What an element says of changes of one of its tasks."""

    system: str
    tap: str  # as deeds name it
    changes: int | None  # numberOfModifications since it was activated
    last: datetime | None  # timeOfLastModification, UTC


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the trail; each question gets a deed."""

    named: Callable[[Deed], bool]  # some order bears this tap's name, in force or not
    ordered: Callable[[Deed], bool]  # such an order was in force at that time
    ended: Callable[[Deed], bool]  # the order behind it ended or was taken back: its removal is due
    stands: Callable[[Deed], Standing]  # whether the last report of the system still shows the tap
    listed: Callable[[Deed], float] = lambda _: 1.0  # part of the orders that list names of this kind (XID, LIID …)
    orders: bool = True  # a registry was handed over


def short_lived(deeds: Sequence[Deed], known: Known) -> Iterator[Noticed]:
    """A tap set without an order that no report shows any more."""
    if not known.orders:
        return
    removed: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for deed in deeds:
        if deed.act is Act.REMOVE and not deed.refused and deed.tap:
            removed[_tap(deed)].append(deed)
    told: set[tuple[str, str]] = set()
    for deed in deeds:
        if deed.act is not Act.ADD or deed.refused or not deed.tap or known.ordered(deed):
            continue
        end = next((gone for gone in removed[_tap(deed)] if gone.time >= deed.time), None)
        if not _tellable(deed, end, known):
            continue
        standing = known.stands(deed)
        if _tap(deed) in told or (
            end is None and (standing == "there" or (standing == "unknown" and known.named(deed)))
        ):
            continue
        told.add(_tap(deed))
        yield _short(deed, end, standing)


def _tellable(added: Deed, end: Deed | None, known: Known) -> bool:
    """Whether a missing name means a missing order: a registry that seldom lists such names says little of it, and of
    what stood for days it says nothing."""
    listed = known.listed(added)
    brief = end is not None and end.time - added.time <= BRIEF
    return listed >= MOSTLY or (listed > 0 and brief)


def _short(added: Deed, end: Deed | None, standing: Standing) -> Noticed:
    run = [added, end] if end else [added]
    if end:
        seconds = (end.time - added.time).total_seconds()
        lived = f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
        why = f"set a tap on {added.system} without an order, and it was removed {lived} later"
    elif standing == "gone":
        why = f"set a tap on {added.system} without an order; it is gone, and no record tells of its removal"
    else:
        why = f"set a tap on {added.system} without an order; no report of that system says if it is still there"
    kind = "SHORT_LIVED_TAP_WITHOUT_WARRANT" if end or standing == "gone" else "TAP_WITHOUT_WARRANT"
    return one_noticed(kind, run, why, added.who, tap=added.tap)


def mass_deactivations(deeds: Sequence[Deed], staff: Staff, known: Known) -> Iterator[Noticed]:
    """Everything removed at a stroke, or many taps within minutes whose orders still stand."""
    by_actor: dict[str, list[Deed]] = defaultdict(list)
    for deed in deeds:
        if staff.maintained(deed.system, deed.time):
            continue
        if deed.act is Act.REMOVE_ALL or (
            deed.act is Act.REMOVE and deed.tap and not deed.refused and not known.ended(deed)
        ):
            by_actor[folded(deed.who)].append(deed)
    for some in by_actor.values():
        for run in _bursts(some, staff):
            stroke = [deed for deed in run if deed.act is Act.REMOVE_ALL]
            what = "asked to remove everything at a stroke" if stroke else f"removed {len(run)} taps whose orders stand"
            took = (run[-1].time - run[0].time).total_seconds()
            yield one_noticed("MASS_DEACTIVATION", run, what if stroke else f"{what}, in {took:.0f} s", run[0].who)


def _bursts(deeds: Sequence[Deed], staff: Staff) -> list[list[Deed]]:
    """Stretches with a removal of everything, or with `mass_count` removals within the window."""
    many = dense(deeds, staff.mass_window, staff.mass_count - 1, lambda deed: (_tap(deed), 1))
    return runs(deed for deed in deeds if id(deed) in many or deed.act is Act.REMOVE_ALL)


def log_silences(deeds: Iterable[Deed], staff: Staff, now: datetime) -> Iterator[Noticed]:
    """Logs that say nothing for longer than the policy allows, announced work left out; one thing for each system."""
    every = list(deeds)
    if not every:
        return  # no trail was handed over at all, which is said elsewhere
    end = every[-1].time if len({deed.system for deed in every}) > 1 else now  # when the trail was taken
    by_system: dict[str, list[Deed]] = defaultdict(list)
    for deed in every:
        by_system[deed.system].append(deed)
    for system, longest in staff.silence.items():
        names = [name for name in by_system if same_system(name, system)]
        some = sorted((deed for name in names for deed in by_system[name]), key=lambda deed: deed.time)
        if not some:
            if _silent(every[0].time, end, longest, system, staff):
                why = f"the trail holds no record of {system}, though its log is never silent for {_hours(longest)}"
                yield Noticed(kind="LOG_GAP", why=why, deeds=(), systems=(system,), at=end, confidence=70)
            continue
        times = [*(deed.time for deed in some), max(end, some[-1].time)]
        gaps = [(a, b) for a, b in pairwise(times) if _silent(a, b, longest, system, staff)]
        if not gaps:
            continue
        start, stop = max(gaps, key=lambda gap: gap[1] - gap[0])
        edges = [deed for deed in some if any(deed.time in gap for gap in gaps)]
        more = f", and {len(gaps) - 1} more such gaps" if len(gaps) > 1 else ""
        yield Noticed(
            kind="LOG_GAP",
            why=f"the log of {some[0].system} is silent for {_hours(stop - start)} from {start:%Y-%m-%d %H:%M} UTC on; "
            f"{_hours(longest)} are allowed{more}",
            deeds=edges[:100],
            systems=(some[0].system,),
            at=gaps[0][0],
            details={"from": start.isoformat(), "to": stop.isoformat(), "gaps": len(gaps)},
        )


def _silent(start: datetime, end: datetime, longest: timedelta, system: str, staff: Staff) -> bool:
    """Whether some unannounced part of a silence is too long."""
    spans = [s for s in staff.maintenance if s.name in ("", "*") or same_system(s.name, system)]
    return any(b - a > longest + staff.skew for a, b in _outside(start, end, spans))


def _outside(start: datetime, end: datetime, spans: Sequence[Span]) -> Iterator[tuple[datetime, datetime]]:
    for span in sorted(spans, key=lambda s: s.start or start):
        begin, stop = span.start or start, span.end or end
        if stop <= start or begin >= end:
            continue
        if begin > start:
            yield start, begin
        start = max(start, stop)
    if start < end:
        yield start, end


def unlogged_changes(deeds: Sequence[Deed], counted: Iterable[Counted], staff: Staff) -> Iterator[Noticed]:
    """Changes an element counted that its trail does not explain, where the trail reaches back that far."""
    began: dict[str, datetime] = {}
    logged: dict[tuple[str, str], list[Deed]] = defaultdict(list)
    for deed in deeds:
        began.setdefault(folded(deed.system), deed.time)
        if deed.tap and deed.changes:
            logged[_tap(deed)].append(deed)
    for one in counted:
        since = began.get(folded(one.system))
        if since is None:
            continue
        yield from _unlogged(one, logged[folded(one.system), one.tap.lower()], since, max(CLOCK_SLACK, staff.skew))


def _unlogged(one: Counted, records: Sequence[Deed], since: datetime, slack: timedelta) -> Iterator[Noticed]:
    adds = [deed for deed in records if deed.act is Act.ADD]
    after = [deed for deed in records if deed.act is Act.CHANGE and (not adds or deed.time >= adds[-1].time)]
    changes = one.changes or 0
    if adds and changes > len(after):
        missing = changes - len(after)
    elif one.last and one.last > since and changes and not any(abs(d.time - one.last) <= slack for d in records):
        missing = 1
    else:
        return
    when = f", the last at {one.last:%Y-%m-%d %H:%M:%S} UTC" if one.last else ""
    yield Noticed(
        kind="LOG_GAP",
        why=f"{one.system} counts {changes} changes of a task{when}; the log explains {len(after)} of them",
        deeds=(*adds[-1:], *after),
        systems=(one.system,),
        tap=one.tap,
        at=one.last,
        details={"changes_counted": changes, "changes_logged": len(after), "missing": missing},
    )


def _tap(deed: Deed) -> tuple[str, str]:
    return folded(deed.system), deed.tap.lower()


def _hours(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours:.1f} h" if hours >= 1 else f"{length.total_seconds() / 60:.0f} min"
