"""Worlds of two agencies for tests: one agency's part drawn, the other's drawn apart from it."""

from __future__ import annotations

import random
from typing import Any, Final

from hypothesis import strategies as st

from seawall.detect.oversight.facts import Act, Handover, Order, Report, Row, Span, Tap, Target, World

SYSTEMS: Final = ("amf-1", "smf-1", "cr-1", "prov")
DAY_US: Final = 86_400_000_000
NOW: Final = 1_773_828_000_000_000  # 2026-03-18T10:00:00Z
_USERS: Final = ("jdoe", "mkahu", "rlane", "")
_DOES: Final = ("ActivateTask", "ModifyTask", "DeactivateTask", "GetTaskDetails", "SNMPSet createAndGo")


def _row(draw: st.DrawFn) -> Row:
    return Row(f"{draw(st.integers(0, 1 << 60)):032x}", "somewhere:1", NOW - draw(st.integers(0, 20)) * DAY_US // 4)


@st.composite
def part(draw: st.DrawFn, agency: str) -> dict[str, list[Any]]:
    """Orders, taps and records of one agency. Its names begin with its own letter, so no other has them."""
    made: dict[str, list[Any]] = {"orders": [], "taps": [], "acts": [], "handovers": [], "entries": []}
    for number in range(draw(st.integers(0, 3))):
        name = f"{agency[0]}{number}"
        system = draw(st.sampled_from(SYSTEMS))
        start = NOW - draw(st.integers(-2, 10)) * DAY_US
        status = draw(st.sampled_from(["Approved", "Cancelled", "EmergencyApproval"]))
        scope = draw(st.sampled_from(["IRI", "CC", "IRIandCC"]))
        span = Span(start, start + draw(st.integers(0, 20)) * DAY_US, status, scope)
        letter = draw(st.sampled_from("ghij"))  # two agencies may listen to one person
        target = Target("msisdn", (letter * 64)[:64])
        made["orders"].append(
            Order(_row(draw), f"W-{name}", f"LI-{name}", agency, spans=(span,), targets=(target,),
                  xids=(f"xid-{name}",), kind="FISA", native=f"{900 + number}", elements=(system,))
        )  # fmt: skip
        for _ in range(draw(st.integers(0, 2))):
            made["taps"].append(
                Tap(_row(draw), system, draw(st.sampled_from(["element", "management"])), "x1", f"xid-{name}", "active",
                    xid=f"xid-{name}", liids=draw(st.sampled_from([(), (f"LI-{name}",)])), targets=(target,),
                    scope=scope, agency=draw(st.sampled_from(["", agency])), delivery=("192.0.2.77:1",))
            )  # fmt: skip
        for _ in range(draw(st.integers(0, 3))):
            made["acts"].append(
                Act(_row(draw), system, draw(st.sampled_from(_USERS)), "admf-1", "192.0.2.2", "",
                    draw(st.sampled_from(_DOES)), f"xid-{name}", "", "", "",
                    draw(st.sampled_from(["ok", "ErrorResponse 1030"])), "audit")
            )  # fmt: skip
    for _ in range(draw(st.integers(0, 2))):
        login = "user 'jdoe' successfully authenticated"
        made["acts"].append(Act(_row(draw), "prov", "jdoe", "", "", "", login, "", "", "", "", "", "openli"))
        change = "modified existing agency"
        made["acts"].append(Act(_row(draw), "prov", "", "", "", "", change, "", "", "", agency, "", "openli"))
        made["handovers"].append(Handover(_row(draw), "prov", agency, "192.0.2.9:1", "192.0.2.9:2"))
    hi2 = f"198.51.100.{draw(st.integers(1, 250))}"
    made["entries"].append({"agencyid": agency, "hi2address": hi2, "hi2port": "1"})
    return made


def world_of(parts: list[dict[str, list[Any]]], returned: int, seed: int) -> World:
    """A world of several agencies' parts, mixed; a stranger has read the list of targets on every system."""
    rows = {name: [one for some in parts for one in some[name]] for name in parts[0]}
    for system in SYSTEMS:
        row = Row(f"{SYSTEMS.index(system):032x}", "audit.jsonl:9", NOW - DAY_US)
        read = ("unknown", "admf-9", "203.0.113.9", "", "GetAllDetails", "", "", "", "", "ok", "audit")
        rows["acts"].append(Act(row, system, *read, other={"tasks_returned": returned}))
    for some in rows.values():
        random.Random(seed).shuffle(some)
    policy = {
        "as_of": "2026-03-18T10:00:00Z",
        "admins": [{"user": "jdoe", "role": "li-admin", "hours": "07:00-19:00"}, {"user": "mkahu", "role": "li-admin"}],
        "admf": [{"admfIdentifier": "admf-1", "peer": "192.0.2.2"}],
        "agencies": rows["entries"],
        "delivery_changes": [{"agencyid": e["agencyid"], "effective": "2026-03-17T00:00:00Z"} for e in rows["entries"]],
    }
    reports = [Report(Row("f" * 32, "x", NOW), s, "element", "x1", True, False, len(rows["taps"])) for s in SYSTEMS]
    return World(NOW, policy, orders=rows["orders"], taps=rows["taps"], acts=rows["acts"], reports=reports,
                 handovers=rows["handovers"])  # fmt: skip
