"""What the intercept office of a drill's carrier exports: its registry, its policy, one element's taps, its own trail.

One tap in it is rogue: whoever took the mediation host in the scenario set it, minutes later, under the officer's
account. It is written beside the evidence, for the intercept case, and never into it. Every number is invented.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from seawall.drills.cast import Cast, give_parts
from seawall.drills.evidence import write_text
from seawall.drills.render import warrants
from seawall.drills.scenario import Scenario
from seawall.drills.seeds import stream
from seawall.drills.truth import Truth
from seawall.drills.world import build

ELEMENT: Final = "amf-1"
ORDERS: Final = 3
_X1: Final = "http://uri.etsi.org/03221/X1/2017/10"


def write_office(scenario: Scenario, truth: Truth, folder: Path, seed: int, cast: Cast | None = None) -> str:
    """Write the exports below `folder`; returns the XID of the rogue tap, empty if the scenario takes no mediation."""
    world = build(seed, starts=scenario.starts, days=scenario.days)
    cast = cast or give_parts(scenario, world)
    host = next((node for node in cast.nodes.values() if node.role == "mediation"), None)
    taken = [x.time for x in truth.attacks() if "L-07" in x.label.behaviours]
    if host is None or not taken:
        return ""
    chance = stream(seed, "intercepts", scenario.id)
    xids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(ORDERS + 1)]
    numbers = [f"6421555{chance.randrange(10_000):04}" for _ in range(ORDERS + 1)]
    officer = cast.fill("{officer}")
    moment = max(taken) + timedelta(seconds=40)
    asof = max(x.time for x in truth.landed)
    write_text(folder / "warrants.json", _registry(xids, numbers, moment, asof))
    write_text(folder / "policy.json", _policy(officer, host.management, asof))
    write_text(folder / f"x1-{ELEMENT}.xml", _tasks(xids, numbers, asof))
    write_text(folder / "li-admin-audit.jsonl", _trail(xids, officer, host.management, moment))
    return xids[-1]


def _registry(xids: Sequence[str], numbers: Sequence[str], moment: datetime, asof: datetime) -> str:
    orders = [
        warrants.Order(f"W-{n}", f"LI-{n}", moment - timedelta(days=20), moment + timedelta(days=60),
                       [("InternationalE164", numbers[n])], agency="AGENCY-1", scope="IRI")
        for n in range(ORDERS)
    ]  # fmt: skip
    registry = json.loads(warrants.write(orders, asof))
    for order, xid in zip(registry["warrants"], xids, strict=False):
        order |= {"xids": [xid], "network_elements": [ELEMENT], "presented_by": "Det. Ash", "signed_by": "J. Birch"}
    return json.dumps(registry, indent=1) + "\n"


def _policy(officer: str, management: str, asof: datetime) -> str:
    admin = {"user": officer, "role": "li-admin", "hours": "07:00-19:00", "days": "Mon-Fri", "tz": "UTC"}
    admf = {"admfIdentifier": "admf-1", "peer": management}
    return (
        json.dumps({"as_of": asof.isoformat(), "clock_skew_s": 120, "admins": [admin], "admf": [admf]}, indent=1) + "\n"
    )


def _tasks(xids: Sequence[str], numbers: Sequence[str], asof: datetime) -> str:
    """The element's answer to GetAllDetails (ETSI TS 103 221-1)."""
    tasks = "".join(
        f"<taskResponseDetails><taskDetails><xId>{xid}</xId><targetIdentifiers><targetIdentifier><e164Number>{number}"
        "</e164Number></targetIdentifier></targetIdentifiers><deliveryType>X2Only</deliveryType><listOfDIDs/>"
        "</taskDetails><taskStatus><provisioningStatus>complete</provisioningStatus><listOfFaults/></taskStatus></taskResponseDetails>\n"
        for xid, number in zip(xids, numbers, strict=True)
    )
    return (
        f'<X1Response xmlns="{_X1}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        '<x1ResponseMessage xsi:type="GetAllDetailsResponse"><admfIdentifier>admf-1</admfIdentifier>'
        f"<neIdentifier>{ELEMENT}</neIdentifier><messageTimestamp>{asof.isoformat()}</messageTimestamp>"
        f"<version>v1.13.1</version><x1TransactionId>{uuid.UUID(int=7)}</x1TransactionId>"
        "<neStatusDetails><neStatus>OK</neStatus><listOfFaults/></neStatusDetails>"
        f"<listOfTaskResponseDetails>\n{tasks}</listOfTaskResponseDetails><listOfDestinationResponseDetails/>"
        "</x1ResponseMessage></X1Response>\n"
    )


def _trail(xids: Sequence[str], officer: str, management: str, moment: datetime) -> str:
    """The trail of the administration: honest tasks by day, the rogue one by night."""
    days = [moment.replace(hour=10, minute=n, second=0, microsecond=0) - timedelta(days=14) for n in range(ORDERS)]
    days = [day - timedelta(days=max(0, day.weekday() - 4)) for day in days]  # no weekend
    times = [*days, moment]

    def line(at: datetime, xid: str) -> dict[str, Any]:
        return {"ts": at.isoformat(), "neIdentifier": ELEMENT, "admfIdentifier": "admf-1", "peer": management,
                "user": officer, "request": "ActivateTask", "xId": xid, "result": "AcknowledgedAndCompleted",
                }  # fmt: skip

    return "".join(json.dumps(line(at, xid)) + "\n" for at, xid in zip(times, xids, strict=True))
