"""The administration families joined to the world: acts of the trail as deeds, what was noticed as findings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from seawall.detect.oversight.administration import (
    Noticed,
    agency_changes,
    off_hours,
    unexpected_admins,
    unexpected_functions,
)
from seawall.detect.oversight.administration_gaps import (
    Counted,
    Known,
    Standing,
    log_silences,
    mass_deactivations,
    short_lived,
    unlogged_changes,
)
from seawall.detect.oversight.administration_reads import bulk_reads
from seawall.detect.oversight.deeds import Deed, with_actors
from seawall.detect.oversight.facts import Act, Order, Row, World
from seawall.detect.oversight.hours import folded, same_system
from seawall.detect.oversight.saying import found, moment
from seawall.detect.oversight.staff import Staff, read_staff
from seawall.model.finding import Finding

_REFUSED: Final = re.compile(
    r"error|refus|denied|deny|fail|reject|unauthori[sz]|forbidden|unsuccessful|\b[1-8]0\d0\b|\b[45]\d\d\b", re.I
)
_CODE: Final = re.compile(r"\b([1-8]0\d0)\b")
_PROVISIONED_EARLY: Final = timedelta(days=1)  # a task may be made before its order begins, to start with it


def judge(world: World) -> Iterator[Finding]:
    """Everything about who administers intercepts, how, and what their trail leaves out."""
    staff = read_staff(world.policy)
    deeds = with_actors(deed for act in world.acts if (deed := _deed(act)))
    if not deeds:
        return  # without a trail nothing here can be said, and large worlds need not be indexed for it
    known = _known(world, staff)
    now = moment(world.now) or datetime.max.replace(tzinfo=UTC)
    for noticed in _families(deeds, staff, known, world, now):
        yield _finding(noticed)


def _families(deeds: list[Deed], staff: Staff, known: Known, world: World, now: datetime) -> Iterator[Noticed]:
    yield from unexpected_admins(deeds, staff)
    yield from unexpected_functions(deeds, staff)
    yield from off_hours(deeds, staff)
    yield from agency_changes(deeds, staff)
    yield from bulk_reads(deeds, staff)
    yield from short_lived(deeds, known)
    yield from mass_deactivations(deeds, staff, known)
    yield from _gaps(list(log_silences(deeds, staff, now)), unlogged_changes(deeds, _counted(world), staff))


def refused(result: str) -> bool:
    """Whether a result, as written, says that nothing was done."""
    return bool(_REFUSED.search(result))


def _gaps(silences: list[Noticed], unlogged: Iterable[Noticed]) -> Iterator[Noticed]:
    """Gaps of logs, each told once: a change that falls into a silence is what happened in it."""
    for noticed in unlogged:
        place = next((n for n, silence in enumerate(silences) if _falls_into(noticed, silence)), None)
        if place is None:
            yield noticed
            continue
        silence = silences[place]
        taps = [*silence.details.get("taps", ()), noticed.tap]
        silences[place] = replace(
            silence, why=f"{silence.why}; meanwhile {noticed.why}", details={**silence.details, "taps": taps[:100]}
        )
    yield from silences


def _falls_into(change: Noticed, silence: Noticed) -> bool:
    if change.at is None or "from" not in silence.details or not same_system(change.systems[0], silence.systems[0]):
        return False
    start, end = (datetime.fromisoformat(str(silence.details[name])) for name in ("from", "to"))
    return start <= change.at <= end


def _deed(act: Act) -> Deed | None:
    """A record of the trail as a deed; None without a time, which nothing here can judge."""
    at = moment(act.row.time)
    if at is None:
        return None
    code = _CODE.search(act.result)
    no = refused(act.result)
    return Deed(
        event_id=act.row.event_id,
        origin=act.row.origin,
        time=at,
        system=act.system,
        request=act.request or act.message,
        user=act.actor,
        admf=act.admf,
        peer=act.peer,
        certificate=act.cert_cn,
        tap=act.xid or act.liid or act.native,
        agency=act.agency,
        returned=_whole(act.other, "tasks_returned", "returned", "rows", "count"),
        refused=no,
        code=int(code[1]) if code and no else None,
        interactive=_flag(act.other, "interactive", "tty"),
    )


def _known(world: World, staff: Staff) -> Known:
    """Orders and reports, asked about one deed."""
    orders: dict[str, list[Order]] = defaultdict(list)
    for order in world.orders:
        for name in {*order.xids, order.liid, order.native}:
            if name:
                orders[_name(name)].append(order)
    standing = {(folded(t.system), _name(n)) for t in world.taps for n in {t.tap, t.xid, t.native, *t.liids} if n}
    complete = {folded(report.system) for report in world.reports if report.complete}

    def named(deed: Deed) -> bool:
        return _name(deed.tap) in orders

    def ordered(deed: Deed) -> bool:
        return any(_covers(order, deed.time, staff.skew) for order in orders.get(_name(deed.tap), ()))

    def ended(deed: Deed) -> bool:
        some = orders.get(_name(deed.tap), ())
        return not some or not any(_in_force(order, deed.time) for order in some)

    def stands(deed: Deed) -> Standing:
        if (folded(deed.system), _name(deed.tap)) in standing:
            return "there"
        return "gone" if folded(deed.system) in complete else "unknown"

    return Known(
        named=named, ordered=ordered, ended=ended, stands=stands, listed=_Listed(world), orders=bool(world.orders)
    )


class _Listed:
    """Which part of the orders expected on a system list the sort of name (XID, LIID, native) a record gives."""

    def __init__(self, world: World) -> None:
        self._sorts: dict[str, str] = {
            act.row.event_id: "xid" if act.xid else "liid" if act.liid else "native" for act in world.acts
        }
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        for order in world.orders:
            for system in {"", *map(folded, order.elements)}:
                some = self._counts[system]
                some.update(all=1, xid=bool(order.xids), liid=bool(order.liid), native=bool(order.native))

    def __call__(self, deed: Deed) -> float:
        sort = self._sorts.get(deed.event_id, "xid")
        some = self._counts.get(folded(deed.system)) or Counter()
        if some["all"]:
            return some[sort] / some["all"]
        return 1.0 if self._counts[""][sort] else 0.0


def _covers(order: Order, at: datetime, skew: timedelta) -> bool:
    for span in order.spans:
        start, end = moment(span.start), moment(span.end)
        if (start is None or start - _PROVISIONED_EARLY - skew <= at) and (end is None or at <= end + skew):
            return True
    return not order.spans


def _in_force(order: Order, at: datetime) -> bool:
    """Whether an order stands at a moment; one cancelled, suspended or expired does not, whenever that happened."""
    status = folded(order.spans[0].status) if order.spans else ""
    return status not in ("cancelled", "suspended", "expired", "rejected", "invalid") and _covers(
        order, at, timedelta(0)
    )


def _counted(world: World) -> Iterator[Counted]:
    for tap in world.taps:
        if tap.path == "element" and tap.xid and (tap.modifications is not None or tap.modified is not None):
            yield Counted(tap.system, tap.xid, tap.modifications, moment(tap.modified))


def _finding(noticed: Noticed) -> Finding:
    rows = [Row(deed.event_id, deed.origin, _micros(deed.time)) for deed in noticed.deeds]
    inferred = bool(noticed.details.get("actor_inferred"))
    return found(
        noticed.kind,
        noticed.why,
        rows,
        system=noticed.systems,
        tap=noticed.tap,
        actor=noticed.actor,
        agency=noticed.agency,
        at=_micros(noticed.at) if noticed.at else None,
        confidence=noticed.confidence,
        inferred=inferred,
        details=noticed.details,
    )


def _micros(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _name(tap: str) -> str:
    """A tap's name for comparing: `cTap2MediationContentId=990` is 990, leading zeros and capitals say nothing."""
    bare = "".join(tap.split()).lower().rpartition("=")[2].removeprefix("0x")
    return bare.lstrip("0") or bare


def _whole(other: Mapping[str, Any], *names: str) -> int | None:
    for name in names:
        value = other.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
    return None


def _flag(other: Mapping[str, Any], *names: str) -> bool | None:
    return next((bool(other[name]) for name in names if isinstance(other.get(name), bool)), None)
