"""Operation logs as network managers and gateways export them: tables with each product's own names, and JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# What each product calls time, account, client address, operation, object, result.
HEADERS: Final[Mapping[str, Sequence[str]]] = {
    "u2020": ("Operation Time", "Operator", "Terminal IP Address", "Operation", "Operation Object", "Result"),
    "netact": ("Timestamp", "User ID", "Client IP", "Operation Name", "Managed Object", "Status"),
    "enm": ("time", "user", "sourceIp", "action", "resource", "outcome"),
    "epnm": ("Event Time", "User Name", "IP Address", "Audit Description", "Device Name", "Status"),
    "pam": ("Time", "Account", "Source IP", "Activity", "Target", "Result"),
}
FORMS: Final = (*HEADERS, "json")


@dataclass(frozen=True, slots=True)
class Done:
    """One operation."""

    time: datetime  # UTC, whole seconds
    user: str
    client: str
    operation: str
    object: str
    worked: bool


def write(deeds: Sequence[Done], form: str, delimiter: str = ",") -> str:
    """The operations as one export in one of `FORMS`."""
    if form == "json":
        names = ("time", "user", "addr.remote", "event", "resource", "success")
        return "\n".join(json.dumps(dict(zip(names, _cells(d, d.worked), strict=True))) for d in deeds)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADERS[form])
    writer.writerows(_cells(d, "Successful" if d.worked else "Failed") for d in deeds)
    return out.getvalue()


def _cells(done: Done, result: object) -> tuple[object, ...]:
    stamp = f"{done.time:%Y-%m-%d %H:%M:%S}"
    return (stamp, done.user, done.client, done.operation, done.object, result)
