"""From event tables to a world: rows become facts, systems get one name, and `now` is what the evidence says it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import Any, Final, TypeVar

import orjson
import pyarrow as pa

from seawall.detect.oversight import naming
from seawall.detect.oversight.facts import (
    Act,
    Amendment,
    Destination,
    Flow,
    Handover,
    Mirror,
    Order,
    Report,
    Row,
    Span,
    Tap,
    Target,
    World,
)
from seawall.detect.oversight.settling import settled
from seawall.detect.oversight.staff import read_staff

T = TypeVar("T")
KINDS: Final = (
    "warrants",
    "taps",
    "tap_reports",
    "mirrors",
    "intercept_audit",
    "delivery",
    "handover_agencies",
    "tap_destinations",
    "intercept_policy",
)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BATCH: Final = 20_000


def gather(
    tables: Mapping[str, Sequence[pa.Table]],
    *,
    now: int | None = None,
    covers: Callable[[str, str], bool | None] | None = None,
    dirty: bool = False,
) -> World:
    """The world some tables tell of. `now` (UTC microseconds) is asked of the evidence where it is not given."""
    handed, policy_row = _policy(tables.get("intercept_policy", ()))
    policy, doubts = settled(handed)
    world = World(0, policy, policy_row=policy_row, dirty=dirty)
    world.unread = [*doubts, *(f"policy: {doubt}" for doubt in read_staff(policy).doubts)]
    world.orders = _each(tables, "warrants", _order)
    world.taps = _each(tables, "taps", _tap)
    world.reports = _each(tables, "tap_reports", _report)
    world.acts = _each(tables, "intercept_audit", _act)
    world.flows = _each(tables, "delivery", _flow)
    world.mirrors = _each(tables, "mirrors", _mirror)
    world.handovers = _each(tables, "handover_agencies", _handover)
    if covers is not None:
        world.covers = covers
    world.now = now if now is not None else _now(world)
    for one in world.reports:
        if one.status.startswith("uptime ") and one.restarted is None:
            uptime = int(one.status.removeprefix("uptime "))
            one.restarted = (one.row.time if one.row.time is not None else world.now) - uptime * 10_000
    naming.settle(world)
    _deliver(world, _each(tables, "tap_destinations", _destination))
    if any(tap.delivery for tap in world.taps) and not policy.get("mediation"):
        world.unread.append("policy: no mediation functions are named; whether taps deliver to them was not judged")
    return world


def _deliver(world: World, destinations: Sequence[Destination]) -> None:
    """Addresses a system gave in other answers than its tasks (GetTaskDetails names destinations, and no more)."""
    if not destinations:
        return
    addresses: dict[tuple[str, str], list[str]] = {}
    members: dict[tuple[str, str], list[str]] = {}
    for one in destinations:
        place = (naming.folded(one.system), one.did)
        if one.address and one.address not in addresses.setdefault(place, []):
            addresses[place].append(one.address)
        if one.member and one.member not in members.setdefault(place, []):
            members[place].append(one.member)
    for tap in world.taps:
        if not tap.unresolved:
            continue
        system = naming.folded(tap.system)
        asked = [did for one in tap.unresolved for did in members.get((system, one)) or [one]]
        found = [address for did in asked for address in addresses.get((system, did), ())]
        tap.delivery = tuple(dict.fromkeys((*tap.delivery, *found)))
        tap.unresolved = tuple(did for did in asked if (system, did) not in addresses)


def _each(tables: Mapping[str, Sequence[pa.Table]], kind: str, make: Callable[[dict[str, Any]], T]) -> list[T]:
    return [make(row) for row in _rows(tables.get(kind, ()))]


def _rows(tables: Sequence[pa.Table]) -> Iterator[dict[str, Any]]:
    for table in tables:
        whole = table.set_column(table.schema.get_field_index("time"), "time", table.column("time").cast(pa.int64()))
        for index, field in enumerate(whole.schema):
            if pa.types.is_timestamp(field.type):
                whole = whole.set_column(index, field.name, whole.column(index).cast(pa.int64()))
        for batch in whole.to_batches(max_chunksize=_BATCH):
            yield from batch.to_pylist()


def _now(world: World) -> int:
    """When the evidence was gathered: what policy and registry say, else the latest report, else the latest act."""
    said = [row.time for row in (world.policy_row, *(o.row for o in world.orders[:1])) if row and row.time is not None]
    reports = [r.row.time for r in world.reports if r.row.time is not None]
    acts = [a.row.time for a in world.acts if a.row.time is not None]
    return max([*said, *reports], default=max(acts, default=0))


def _policy(tables: Sequence[pa.Table]) -> tuple[dict[str, Any], Row | None]:
    """The policy in force: of several files the one stated last, others filling what it lacks."""
    made: dict[str, Any] = {}
    row: Row | None = None
    for raw in sorted(_rows(tables), key=lambda r: r["time"] or 0):
        made |= orjson.loads(raw["policy"])
        row = _row(raw)
    return made, row


def _row(raw: Mapping[str, Any]) -> Row:
    return Row(raw["event_id"].hex(), raw["origin"] or "", raw["time"])


def _list(raw: str | None) -> list[Any]:
    if not raw or raw == "[]":
        return []
    value = orjson.loads(raw)
    return value if isinstance(value, list) else []


def _targets(raw: str | None) -> tuple[Target, ...]:
    return tuple(_target(one) for one in _list(raw))


def _target(one: Mapping[str, Any]) -> Target:
    also = tuple(name.rpartition(":")[2] for name in one.get("also", ()))
    return Target(
        intern(one["type"]),
        one["commitment"],
        intern(one.get("width") or ""),
        also,
        bool(one.get("normalised", True)),
        intern(one.get("form") or ""),
    )


def moment(value: Any) -> int | None:
    """UTC microseconds of an ISO time in a JSON column."""
    if not isinstance(value, str) or not value:
        return None
    try:
        made = datetime.fromisoformat(value)
    except ValueError:
        return None
    made = made if made.tzinfo else made.replace(tzinfo=UTC)
    return (made - _EPOCH) // timedelta(microseconds=1)


def _t(value: Any) -> str:
    return intern(value) if type(value) is str else "" if value is None else str(value)


def _order(raw: dict[str, Any]) -> Order:
    first = Span(raw["valid_from"], raw["valid_to"], _t(raw["status"]), _t(raw["order_scope"]), _t(raw["warrant_id"]))
    spans = [first]
    for one in _list(raw["renewals"]):
        name = next((str(one[k]) for k in ("order", "warrant_id", "id", "renewal_id", "order_id") if one.get(k)), "")
        spans.append(
            Span(
                moment(one.get("valid_from")),
                moment(one.get("valid_to")),
                str(one.get("status") or ""),
                str(one.get("scope") or ""),
                name,
                _first(one.get("replaces")),
            )
        )
    amended = tuple(
        Amendment(
            moment(one.get("at")),
            str(one.get("scope") or ""),
            tuple(_target(t) for t in one.get("targets_add", ())),
            tuple(_target(t) for t in one.get("targets_remove", ())),
        )
        for one in _list(raw["amendments"])
    )
    delivery = tuple(d for d in (raw["hi2"], raw["hi3"]) if d)
    return Order(
        _row(raw),
        _t(raw["warrant_id"]),
        _t(raw["liid"]),
        _t(raw["agency_id"]),
        _t(raw["jurisdiction"]),
        _t(raw["order_type"]),
        tuple(spans),
        _targets(raw["targets"]),
        amended,
        _t(raw["confirmation_status"]),
        _t(raw["confirmation_method"]),
        raw["emergency_order_due"],
        _t(raw["desired_status"]),
        raw["desired_since"],
        delivery,
        _t(raw["mediator"]),
        tuple(map(str, _list(raw["xids"]))),
        _t(raw["native_value"]),
        _t(raw["native_kind"]),
        tuple(intern(str(e)) for e in _list(raw["network_elements"])),
        tuple(map(str, _list(raw["flags"]))),
        raw["confirmation_status"] is not None or raw["confirmation_method"] is not None,
    )


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value or "")


def _tap(raw: dict[str, Any]) -> Tap:
    return Tap(
        _row(raw),
        _t(raw["system"]),
        _t(raw["path"]),
        _t(raw["form"]),
        raw["tap"] or "",
        _t(raw["state"]),
        raw["xid"] or "",
        tuple(map(str, _list(raw["liids"]))),
        raw["native_value"] or "",
        _targets(raw["targets"]),
        _t(raw["tap_scope"]),
        raw["starts"],
        raw["ends"],
        _t(raw["agency_id"]),
        _t(raw["mediator"]),
        tuple(intern(str(d)) for d in _list(raw["delivery"])),
        tuple(map(str, _list(raw["unresolved"]))),
        bool(raw["redundant"]),
        raw["modified"],
        raw["modifications"],
        _t(raw["report"]),
        _t(raw["state_raw"]),
    )


def _report(raw: dict[str, Any]) -> Report:
    return Report(
        _row(raw),
        _t(raw["system"]),
        _t(raw["path"]),
        _t(raw["form"]),
        bool(raw["complete"]),
        bool(raw["names_only"]),
        raw["taps"] or 0,
        raw["restarted"],
        tuple(map(str, _list(raw["features"]))),
        _t(raw["status"]),
        _t(raw["report"]),
    )


def _act(raw: dict[str, Any]) -> Act:
    other = orjson.loads(raw["other"]) if raw["other"] else {}
    return Act(
        _row(raw),
        _t(raw["system"]),
        _t(raw["actor"]),
        _t(raw["admf"]),
        _t(raw["peer"]),
        _t(raw["cert_cn"]),
        _t(raw["request"]),
        raw["xid"] or "",
        raw["liid"] or "",
        raw["native_value"] or "",
        _t(raw["agency_id"]),
        _t(raw["result"]),
        _t(raw["form"]),
        raw["message"] or "",
        other,
    )


def _flow(raw: dict[str, Any]) -> Flow:
    return Flow(
        _row(raw),
        _t(raw["src"]),
        _t(raw["dst"]),
        raw["dst_port"] or 0,
        _t(raw["proto"]),
        raw["octets"] or 0,
        raw["liid"] or "",
        raw["xid"] or "",
    )


def _mirror(raw: dict[str, Any]) -> Mirror:
    return Mirror(
        _row(raw),
        _t(raw["system"]),
        _t(raw["mirror_kind"]),
        _t(raw["session"]),
        _t(raw["source"]),
        _t(raw["destination"]),
        _t(raw["state"]),
    )


def _destination(raw: dict[str, Any]) -> Destination:
    return Destination(_t(raw["system"]), _t(raw["did"]), _t(raw["address"]), _t(raw["member"]))


def _handover(raw: dict[str, Any]) -> Handover:
    return Handover(_row(raw), _t(raw["system"]), _t(raw["agency_id"]), _t(raw["hi2"]), _t(raw["hi3"]))
