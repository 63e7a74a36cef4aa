"""A small folder of intercept exports: one order carried out, one rogue tap, one stranger's change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

ORDERED: Final = "7e0ec7e6-53d6-4a39-8d5e-000000000001"
ROGUE: Final = "7e0ec7e6-53d6-4a39-8d5e-0000000000ff"
ORDERED_NUMBER: Final = "64215550101"
ROGUE_NUMBER: Final = "64215550199"
SECRETS: Final = (  # nothing of these may cross
    ROGUE, ORDERED, ROGUE_NUMBER, ORDERED_NUMBER, "W-SEALED-7", "LIID-SEALED-7", "AGENCY-SEALED", "mallory",
    "li-element-9", "TAP_WITHOUT_WARRANT", "UNEXPECTED_ADMIN", "OFF_HOURS_CHANGE", "warrant",
)  # fmt: skip
_X1: Final = "http://uri.etsi.org/03221/X1/2017/10"
_TASK: Final = (
    "<taskResponseDetails><taskDetails><xId>{xid}</xId><targetIdentifiers><targetIdentifier><e164Number>{number}"
    "</e164Number></targetIdentifier></targetIdentifiers><deliveryType>X2Only</deliveryType><listOfDIDs/></taskDetails>"
    "<taskStatus><provisioningStatus>complete</provisioningStatus><listOfFaults/></taskStatus></taskResponseDetails>"
)


def write_exports(folder: Path, *, rogue: bool = True) -> Path:
    """Write them; every time is March 2026."""
    folder.mkdir(exist_ok=True)
    order = {
        "warrant_id": "W-SEALED-7", "liid": "LIID-SEALED-7", "agency_id": "AGENCY-SEALED", "scope": "IRI",
        "status": "Approved",
        "targets": [{"format": "InternationalE164", "value": ORDERED_NUMBER}], "valid_from": "2026-03-01T00:00:00Z",
        "valid_to": "2026-06-01T00:00:00Z", "xids": [ORDERED], "network_elements": ["li-element-9"],
        "signed_by": "J. H.", "presented_by": "Det. L.", "order_type": "Title III",
    }  # fmt: skip
    registry = {"as_of": "2026-03-18T10:00:00Z", "default_country_code": "64", "warrants": [order]}
    (folder / "warrants.json").write_text(json.dumps(registry))
    policy = {
        "as_of": "2026-03-18T10:00:00Z", "clock_skew_s": 60,
        "admins": [{"user": "jdoe", "role": "li-admin", "hours": "07:00-19:00", "days": "Mon-Fri", "tz": "UTC"}],
        "admf": [{"admfIdentifier": "admf-1", "peer": "192.0.2.2"}],
    }  # fmt: skip
    (folder / "policy.json").write_text(json.dumps(policy))
    write_poll(folder, "x1-li-element-9.xml", [(ORDERED, ORDERED_NUMBER)] + [(ROGUE, ROGUE_NUMBER)] * rogue)
    lines = [audit("2026-03-02T10:00:00Z", "jdoe", ORDERED)]
    lines += [audit("2026-03-16T02:23:00Z", "mallory", ROGUE)] * rogue
    (folder / "li-admin-audit.jsonl").write_text("".join(lines))
    return folder


def write_poll(folder: Path, name: str, tasks: list[tuple[str, str]], at: str = "2026-03-18T10:00:00Z") -> None:
    """One answer of an element: its tasks."""
    body = "".join(_TASK.format(xid=xid, number=number) for xid, number in tasks)
    (folder / name).write_text(
        f'<X1Response xmlns="{_X1}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<x1ResponseMessage xsi:type="GetAllDetailsResponse"><admfIdentifier>admf-1</admfIdentifier>'
        f"<neIdentifier>li-element-9</neIdentifier><messageTimestamp>{at}</messageTimestamp>"
        "<version>v1.13.1</version><x1TransactionId>3ebbaf28-ca27-4135-89eb-df9bfb61256f</x1TransactionId>"
        "<neStatusDetails><neStatus>OK</neStatus><listOfFaults/></neStatusDetails>"
        f"<listOfTaskResponseDetails>{body}</listOfTaskResponseDetails><listOfDestinationResponseDetails/>"
        "</x1ResponseMessage></X1Response>"
    )


def audit(at: str, user: str, xid: str, request: str = "ActivateTask", **more: Any) -> str:
    """One line of the administration's trail."""
    line = {"ts": at, "neIdentifier": "li-element-9", "admfIdentifier": "admf-1", "peer": "192.0.2.2", "user": user}
    return json.dumps(line | {"request": request, "xId": xid, "result": "AcknowledgedAndCompleted"} | more) + "\n"
