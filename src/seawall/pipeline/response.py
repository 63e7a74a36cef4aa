"""Response over a case: what a plan is made from, and everything that acts, opened together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from seawall.disk.locks import take_turn
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.ledger import Ledger, open_ledger
from seawall.model.action import Action
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import Finding, utc_text
from seawall.model.incident import one_incident
from seawall.model.site import Site
from seawall.people.approval import sign
from seawall.people.approve import Tally, approve, tally
from seawall.people.changes import read_register
from seawall.people.decisions import Desk
from seawall.people.keys import PrivateKey
from seawall.people.register import Register
from seawall.people.rules import rule_for
from seawall.pipeline.cases import case_lake, case_settings, case_site, case_state
from seawall.response.addresses import inside, literals
from seawall.response.channels.opening import opener
from seawall.response.evidence import Source, Standing
from seawall.response.execute import Hands
from seawall.response.guard import Guard
from seawall.response.holds import holds
from seawall.response.plan import Asked, propose
from seawall.response.plans import Plan, Plans
from seawall.response.safelist import safelist_of
from seawall.response.steps import stand_of
from seawall.response.stopping import MARK
from seawall.response.targets import NAME, Targets, load_targets

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOLDER: Final = "response"  # of a case
TURN: Final = "turn.lock"
PATIENCE_S: Final = 120.0  # how long an acting process waits for another
_ASKED: Final = 2_000  # events looked up at a time
_MOST_EVENTS: Final = 20_000  # of an incident's evidence


@dataclass(frozen=True)
class Response:
    """Everything response needs of a case, open."""

    case: Case
    clock: Clock
    site: Site
    targets: Targets
    ledger: Ledger
    register: Register
    plans: Plans
    hands: Hands
    desk: Desk

    def actions(self) -> dict[str, Action]:
        """Every action of every plan, by id."""
        return {action.id: action for plan in self.plans.all() for action in plan.actions}

    def register_has(self, who: str) -> None:
        """Raises InputError unless people.toml knows the person."""
        if self.register.person(who) is None:
            raise InputError(f"nobody here is called {who}", mend="see: seawall people list")

    def approvers(self, plan: Plan, action: Action, deed: str = "") -> tuple[str, ...]:
        """Who signed for an action so that it counts now."""
        request = plan.request(action, self.case.uuid, deed)
        return tally(request, register=self.register, book=self.ledger, clock=self.clock).approvers

    def sign(self, plan: Plan, action: Action, who: str, key: PrivateKey, hours: float, deed: str = "") -> Tally:
        """One person's signature for one action (or for taking it back, `deed`), into the ledger. Raises InputError."""
        request = plan.request(action, self.case.uuid, deed)
        hours = min(hours, rule_for(request.kind, self.register.rules).longest_h)
        approval = sign(request, who, key, self.clock.now(), hours)
        return approve(approval, request, register=self.register, book=self.ledger, clock=self.clock)


@contextmanager
def open_response(
    case: Case, clock: Clock, site_file: Path | None = None, *, acting: bool = False
) -> Iterator[Response]:
    """Open what response needs: settings, ledger, people, plans. The state database is not among it.

    `acting`: to change targets; one process does at a time, and others wait for their turn.

    Raises:
        InputError: one of the files is damaged, or the ledger was changed.
    """
    targets = load_targets(case.folder / NAME)
    site = case_site(case, site_file)
    folder = case.folder / FOLDER
    safe = safelist_of(
        site,
        own=targets.safelist,
        emergency=targets.emergency,
        more=targets.infrastructure,
        peers=targets.peers(),
    )
    with ExitStack() as stack:
        if acting:
            folder.mkdir(mode=0o700, exist_ok=True)
            stack.callback(take_turn(folder / TURN, patience_s=PATIENCE_S, what="what this case changes").release)
        ledger = stack.enter_context(open_ledger(case, clock=clock))
        register = read_register(case.people_file, ledger)
        desk = Desk(case.uuid, folder / "decisions", register, ledger, clock)
        guard = Guard(site, targets, safe, holds(desk), folder / MARK)
        hands = Hands(case.uuid, register, ledger, clock, guard, opener(targets, site))
        yield Response(case, clock, site, targets, ledger, register, Plans(folder / "plans"), hands, desk)


def plan_incident(
    opened: Response, start: str, *, requester: str, purpose: str, hours: float | None = None
) -> tuple[Plan, Mapping[str, Standing]]:
    """The plan for an incident, by the first letters of its id, and what each of its actions rests on.

    Raises:
        InputError: not exactly one incident's id starts so.
    """
    with case_state(opened.case, case_settings(opened.case)) as state:
        incidents, findings = state.incidents(), {f.id: f for f in state.findings()}
    incident = one_incident(incidents, start)
    mine = [findings[id_] for id_ in incident.findings if id_ in findings]
    lake = case_lake(opened.case)
    asked = Asked(
        incident,
        mine,
        opened.site,
        opened.hands.guard,
        sources_of(mine, lake),
        shared_by(lake, opened.site, mine),
        hours or opened.targets.hours,
    )
    return propose(asked, requester=requester, purpose=purpose, made=utc_text(opened.clock.now()))


def sources_of(findings: list[Finding], lake: Lake) -> Mapping[str, Source]:
    """Where each event behind the findings comes from, as far as the lake holds it."""
    wanted = list({e.event_id for f in findings for e in f.evidence})[:_MOST_EVENTS]
    found: dict[str, Source] = {}
    if not wanted:
        return found
    con = lake.connect()
    try:
        for kind in lake.kinds():
            for start in range(0, len(wanted), _ASKED):
                ids = [bytes.fromhex(id_) for id_ in wanted[start : start + _ASKED]]
                marks = ", ".join("?" * len(ids))
                sql = f'SELECT event_id, trust FROM "{kind}" WHERE event_id IN ({marks})'  # noqa: S608 - our own names
                for id_, trust in con.execute(sql, ids).fetchall():
                    found[bytes(id_).hex()] = Source(kind, trust or "file")
    finally:
        con.close()
    return found


def goes_on(opened: Response, action: Action) -> str:
    """Whether flows since an action was applied still show its address, in words; empty if there is nothing to say.

    A missing effect is told and never rolls a block back: the traffic may pass where the block does not stand.
    """
    stand, address = stand_of(opened.ledger, action.id), action.values.get("address", "")
    if stand is None or not stand.stands or stand.applied is None or not address:
        return ""
    lake = case_lake(opened.case)
    if not ({"flow_records", "zeek_conn"} & set(lake.kinds())):
        return "the case holds no flows: whether it goes on is not known"
    con = lake.connect(opened.site)
    try:
        plain, spoken = address.removesuffix("/32").removesuffix("/128"), _spoken(con, address)
        seen, last, newest = con.execute(
            "SELECT count(*) FILTER (WHERE time > $1 AND (list_contains($2, src_ip) OR list_contains($2, dst_ip))), "
            "max(time) FILTER (WHERE list_contains($2, src_ip) OR list_contains($2, dst_ip)), max(time) FROM flows",
            [stand.applied, spoken],
        ).fetchall()[0]
    finally:
        con.close()
    if newest is None or newest <= stand.applied:
        return "the case holds no flows since it was applied: whether it goes on is not known; ingest newer ones"
    if seen:
        return f"IT GOES ON: {seen} flows with {plain} since it was applied, the last at {last:%Y-%m-%d %H:%M} UTC"
    return f"no flow with {plain} since it was applied, in flows until {newest:%Y-%m-%d %H:%M} UTC"


def _spoken(con: DuckDBPyConnection, address: str) -> list[str]:
    """Every address of flows that lies in an address or network, as flows spell it."""
    wanted = list(literals(address))[-1]
    if wanted.prefixlen == wanted.max_prefixlen:
        return [str(wanted.network_address)]
    start = str(wanted.network_address).rpartition(".")[0] + "." if wanted.version == 4 else ""  # at most a /24
    found = con.execute(
        "SELECT DISTINCT ip FROM (SELECT src_ip AS ip FROM flows UNION ALL SELECT dst_ip FROM flows) "
        "WHERE ip IS NOT NULL AND starts_with(ip, ?) AND contains(ip, ?)",
        [start, "." if wanted.version == 4 else ":"],
    )
    spoken: list[str] = []
    while rows := found.fetchmany(10_000):
        spoken += [ip for (ip,) in rows if any(inside(one, wanted) for one in literals(ip))]
    return spoken


def shared_by(lake: Lake, site: Site, findings: list[Finding]) -> Callable[[str], str]:
    """How to say who else speaks with an address, and how much, from the case's flows."""
    named = {e.value for f in findings for e in f.entities if e.type == "ip"}

    def said(address: str) -> str:
        nets = list(literals(address))
        if not nets or not ({"flow_records", "zeek_conn"} & set(lake.kinds())):
            return "not measured: the case holds no flows"
        con = lake.connect(site)
        try:
            spoken = _spoken(con, address)
            rows = con.execute(
                "SELECT CASE WHEN list_contains($1, src_ip) THEN dst_ip ELSE src_ip END AS peer, count(*), "
                "sum(coalesce(src_bytes, 0) + coalesce(dst_bytes, 0)) FROM flows "
                "WHERE list_contains($1, src_ip) OR list_contains($1, dst_ip) "
                "GROUP BY peer ORDER BY 3 DESC LIMIT 10000",
                [spoken],
            ).fetchall()
        finally:
            con.close()
        others = [row for row in rows if row[0] not in named]
        if not rows:
            return "no flow of the case touches it"
        octets = sum(int(row[2] or 0) for row in others)
        return (
            f"{sum(row[1] for row in rows)} flows with {len(rows)} hosts; {len(others)} of them are not named by the "
            f"incident ({sum(row[1] for row in others)} flows, {octets:,} octets)"
        )

    return said
