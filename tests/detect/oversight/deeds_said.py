"""Deeds for tests, said in few words."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any, Final

from seawall.detect.oversight.deeds import Deed

POLICY: Final[dict[str, Any]] = {
    "clock_skew_s": 60,
    "admins": [
        {"user": "jdoe", "role": "li-admin", "hours": "07:00-19:00", "days": "Mon-Fri", "tz": "Europe/Vienna"},
        {"user": "night", "role": "li-admin", "hours": "22:00-06:00", "days": "Mon-Fri", "tz": "Europe/Vienna"},
        {"user": "svc-sync", "role": "service", "interactive": False, "peers": ["192.0.2.40"],
         "bulk_read_allowed": True},
        {"user": "auditor", "role": "li-auditor", "until": "2026-03-10"},
        {"user": "narrow", "role": "li-admin", "allowed_requests": ["GetTaskDetails", "Deactivate*"]},
        {"user": "webui", "role": "li-readonly-api", "max_reads_per_hour": 30},
    ],
    "on_call": [{"user": "jdoe", "from": "2026-03-14T00:00:00Z", "to": "2026-03-15T23:59:00Z"}],
    "admf": [{"admfIdentifier": "admf-1", "peer": "192.0.2.2", "cert_cn": "admf-1.li.example"}],
    "mediation": [{"id": "md-1", "addr": "192.0.2.5:4000"}],
    "delivery_changes": [{"agencyid": "POLICE", "effective": "2026-03-16T00:00:00Z", "notice": "N-7"}],
    "scheduled_audits": [
        {"user": "auditor", "from": "2026-03-09T08:00:00Z", "to": "2026-03-09T12:00:00Z", "systems": ["amf-1"]}
    ],
    "maintenance": [{"system": "amf-1", "from": "2026-03-12T00:00:00Z", "to": "2026-03-12T06:00:00Z", "ticket": "T-1"}],
    "read_limits": {"per_minute": 5, "distinct_tasks_per_24h": 20},
    "mass_deactivation": {"count": 4, "window_s": 300},
    "log_max_silence_s": {"amf-1": 86_400},
}  # fmt: skip
_NUMBERS = itertools.count(1)


def at(text: str) -> datetime:
    """`11T09:30` or `11T09:30:05` of March 2026, UTC."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


def deed(when: str | datetime, request: str = "ActivateTask", **more: Any) -> Deed:
    """A record of amf-1's trail."""
    number = next(_NUMBERS)
    time = at(when) if isinstance(when, str) else when
    said: dict[str, Any] = {"event_id": f"{number:032x}", "origin": f"audit.jsonl:{number}", "system": "amf-1"}
    return Deed(**said | {"time": time, "request": request} | more)


def x1(when: str | datetime, request: str = "ActivateTask", user: str = "jdoe", **more: Any) -> Deed:
    """The same, through the management function as it should be."""
    function = {"admf": "admf-1", "peer": "192.0.2.2", "certificate": "admf-1.li.example"}
    return deed(when, request, **{"user": user, **function, **more})
