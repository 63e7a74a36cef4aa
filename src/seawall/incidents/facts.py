"""What the lake says about looking: which kind of record of which machine is there, from when to when, with what gaps;
who was at the crown jewels; and what left them. Facts only: `assess` judges.

A gap is a silence longer than an hour, and than one and a half times what is the longest silence of a day on half of
that machine's days, so that one that speaks in working hours is not called silent every night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from seawall.engine.snapshot import literal
from seawall.incidents.expected import device_of_file
from seawall.incidents.names import is_inside
from seawall.incidents.words import short_value
from seawall.model.entities import is_address
from seawall.model.site import Site, lies_in

if TYPE_CHECKING:
    from seawall.engine.lake import Lake

SHORTEST_GAP: Final = timedelta(hours=1)
USUAL_TIMES: Final = 1.5  # a silence so many times the usual longest one of a day is a gap
MOST_FILES: Final = 10_000  # named after a machine; more than that are archives of a fleet, and name their machines
MOST_ACCESSES: Final = 1_000  # kept of one machine; all are counted
MOST_OUTFLOWS: Final = 200
MOST_GAPS: Final = 50  # of one machine and kind of record
ANY: Final = "heard"  # every record by which a device shows that it is alive
VIEWS: Final = (ANY, "logins", "commands", "accesses")
_ONLY: Final = {"logins": "AND kind NOT IN ('db_audit', 'access')"}  # who entered a database did not enter its machine


@dataclass(frozen=True, slots=True)
class Presence:
    """One kind of record of one machine in the period. Times are UTC."""

    events: int
    first: datetime
    last: datetime
    gaps: tuple[tuple[datetime, datetime], ...] = ()
    usual: timedelta = SHORTEST_GAP  # the longest silence that means nothing


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody at a crown jewel, as the record tells it."""

    time: datetime
    device: str
    account: str
    source: str
    action: str
    object: str
    rows: int | None
    bytes: int | None
    outcome: str
    origin: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What one address sent to one outside."""

    source: str
    target: str
    bytes: int
    flows: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the lake says about looking, in one period."""

    first: datetime | None = None  # earliest and latest dated record of the whole lake
    last: datetime | None = None
    presence: Mapping[tuple[str, str], Presence] = field(default_factory=dict)  # (device, lower case; view)
    seats: Mapping[str, tuple[Seat, ...]] = field(default_factory=dict)  # device, lower case → who was there
    seats_total: Mapping[str, int] = field(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    flows: int = 0  # flow records of the period
    rejected: int = 0
    untimed: int = 0  # records without a time: they belong to no period
    doubts: tuple[str, ...] = ()  # about clocks


def gather(
    lake: Lake,
    site: Site,
    first: datetime,
    last: datetime,
    *,
    jewels: Iterable[str] = (),
    senders: Iterable[str] = (),
    doubts: Sequence[str] = (),
) -> Facts:
    """Ask the lake about a period. `jewels`: device names; `senders`: addresses whose outgoing volume is counted."""
    span = _span(lake, site)
    wanted = sorted({name.lower() for name in jewels})
    seats, totals = _seats(lake, site, first, last, wanted)
    sent, flows = _sent(lake, site, first, last, sorted(set(senders)))
    return Facts(
        first=span[0],
        last=span[1],
        presence=dict(_presence(lake, site, first, last)),
        seats=seats,
        seats_total=totals,
        sent=sent,
        flows=flows,
        rejected=sum(file.rejected for file in lake.files()),
        untimed=span[2],
        doubts=tuple(doubts),
    )


def _rows(lake: Lake, site: Site, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of one question; times aware, in UTC."""
    con = lake.connect(site)
    try:
        rows = con.sql(sql, params=list(values)).to_arrow_table().to_pylist()
    finally:
        con.close()
    return [{name: _aware(value) for name, value in row.items()} for row in rows]


def _aware(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def _span(lake: Lake, site: Site) -> tuple[datetime | None, datetime | None, int]:
    """First and last dated record, and how many have no date, over all kinds."""
    parts = [(file.first, file.last) for file in lake.files() if file.first and file.last]
    untimed = _rows(lake, site, "SELECT count(*) AS n FROM heard WHERE time IS NULL")[0]["n"] if parts else 0
    if not parts:
        return None, None, untimed
    return min(first for first, _ in parts), max(last for _, last in parts), untimed


def _presence(lake: Lake, site: Site, first: datetime, last: datetime) -> Iterator[tuple[tuple[str, str], Presence]]:
    """Per device and view: events, span, and the silences that are gaps."""
    for view in VIEWS:
        sql = f"""
            WITH placed AS ({_placed(lake, site, view)}), said AS (
                SELECT lower(device) AS device, time,
                    time - lag(time) OVER (PARTITION BY lower(device) ORDER BY time) AS pause
                FROM placed WHERE device IS NOT NULL AND time BETWEEN ? AND ? {_ONLY.get(view, "")}
            ), daily AS (
                SELECT device, max(epoch(pause)) AS longest FROM said GROUP BY device, date_trunc('day', time)
            ), ordinary AS (
                SELECT device, quantile_disc(longest, 0.5) * {USUAL_TIMES} AS longest FROM daily GROUP BY device
            ), usual AS (
                SELECT device, count(*) AS events, min(time) AS first, max(time) AS last,
                    greatest(any_value(longest), {SHORTEST_GAP.total_seconds()}) AS usual
                FROM said JOIN ordinary USING (device) GROUP BY device
            )
            SELECT usual.*, list(struct_pack(a := time - pause, b := time) ORDER BY time)
                FILTER (epoch(pause) > coalesce(usual, {SHORTEST_GAP.total_seconds()})) AS gaps
            FROM usual JOIN said USING (device) GROUP BY ALL
        """  # noqa: S608 - names of ours, values bound
        for row in _rows(lake, site, sql, [first, last]):
            gaps = [(_aware(gap["a"]), _aware(gap["b"])) for gap in row["gaps"] or ()]
            usual = timedelta(seconds=row["usual"] or SHORTEST_GAP.total_seconds())
            yield (
                (row["device"], view),
                Presence(row["events"], row["first"], row["last"], tuple(gaps[:MOST_GAPS]), usual),
            )


def _placed(lake: Lake, site: Site, view: str) -> str:
    """A view with a device for records that name none and stand in a file named after one: `hosts/jump1-audit.log`."""
    stems = {file.origin: name for file in lake.files() if (name := device_of_file(f"{file.origin}:1", site))}
    if not stems:
        return f"SELECT * FROM {view}"  # noqa: S608 - ours
    rows = ", ".join(f"({literal(origin)}, {literal(name)})" for origin, name in sorted(stems.items())[:MOST_FILES])
    return (
        f"SELECT v.* REPLACE (coalesce(v.device, f.name) AS device) FROM {view} v "  # noqa: S608 - literals
        f"LEFT JOIN (VALUES {rows}) AS f(file, name) "
        "ON v.device IS NULL AND f.file = regexp_replace(v.origin, '[:#][0-9]+$', '')"
    )


def _seats(
    lake: Lake, site: Site, first: datetime, last: datetime, jewels: Sequence[str]
) -> tuple[dict[str, tuple[Seat, ...]], dict[str, int]]:
    """Who was at each crown jewel: logins there, and what was done with its data; the latest of very many."""
    found: dict[str, tuple[Seat, ...]] = {}
    totals: dict[str, int] = {}
    if not jewels:
        return found, totals
    sql = f"""
        SELECT time, device, "user", src_ip, 'login' AS action, NULL AS object, NULL AS rows, NULL AS bytes, outcome,
            origin, event_id FROM ({_placed(lake, site, "logins")})
            WHERE activity = 'login' AND lower(device) = ? AND time BETWEEN ? AND ?
        UNION ALL BY NAME
        SELECT time, device, "user", src_ip, action, object, rows, bytes, outcome, origin, event_id
            FROM ({_placed(lake, site, "accesses")})
            WHERE lower(device) = ? AND time BETWEEN ? AND ? AND coalesce(action, '') NOT IN ('logout')
    """  # noqa: S608 - names of ours and quoted literals, values bound
    for jewel in jewels:
        values = [jewel, first, last, jewel, first, last]
        totals[jewel] = _rows(lake, site, f"SELECT count(*) AS n FROM ({sql})", values)[0]["n"]  # noqa: S608 - ours
        rows = _rows(lake, site, f"{sql} ORDER BY time DESC LIMIT {MOST_ACCESSES}", values)
        found[jewel] = tuple(_seat(row) for row in reversed(rows))
    return found, totals


def _seat(row: Mapping[str, Any]) -> Seat:
    return Seat(
        time=row["time"],
        device=row["device"],
        account=row["user"] or "",
        source=row["src_ip"] or "",
        action=row["action"] or "",
        object=short_value(row["object"] or ""),
        rows=row["rows"],
        bytes=row["bytes"],
        outcome=row["outcome"] or "",
        origin=row["origin"] or "",
        event_id=row["event_id"].hex() if row["event_id"] else "",
    )


def _sent(
    lake: Lake, site: Site, first: datetime, last: datetime, senders: Sequence[str]
) -> tuple[tuple[Sent, ...], int]:
    """What the senders sent to addresses outside, the largest first; and how many flow records the period has."""
    flows = _rows(lake, site, "SELECT count(*) AS n FROM flows WHERE time BETWEEN ? AND ?", [first, last])[0]["n"]
    if not flows or not senders:
        return (), flows
    sql = """
        SELECT source, target, sum(octets)::BIGINT AS bytes, count(*) AS flows, min(time) AS first, max(time) AS last
        FROM (
            SELECT src_ip AS source, dst_ip AS target, coalesce(est_bytes, src_bytes, 0) AS octets, time FROM flows
            WHERE src_ip IN (SELECT unnest(?)) AND time BETWEEN ? AND ?
            UNION ALL
            SELECT dst_ip, src_ip, coalesce(dst_bytes, 0), time FROM flows
            WHERE dst_ip IN (SELECT unnest(?)) AND time BETWEEN ? AND ?
        ) GROUP BY source, target HAVING sum(octets) > 0 ORDER BY bytes DESC, source, target LIMIT 5000
    """
    rows = _rows(lake, site, sql, [list(senders), first, last, list(senders), first, last])
    outside = [Sent(**row) for row in rows if _outside(row["target"], site)]
    return tuple(outside[:MOST_OUTFLOWS]), flows


def _outside(address: str, site: Site) -> bool:
    """Whether an address lies outside the carrier: not private, no device's, and in none of its own networks."""
    own = [network for network in site.own_networks if network not in site.outer_networks]
    known = any(address in device.addresses for device in site.devices)
    return is_address(address) and not (is_inside(address) or known or lies_in(address, own))
