"""Verdicts in the Open Cybersecurity Schema Framework: class Compliance Finding (2003), schema version 1.3.0."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Final

from seawall import __version__
from seawall.model.audit import Status, Verdict
from seawall.reporting.ocsf import OCSF_VERSION

CLASS_UID: Final = 2003
_STATUS: Final = {
    Status.PASS: (1, "Pass"),
    Status.UNKNOWN: (2, "Warning"),
    Status.FAIL: (3, "Fail"),
    Status.NA: (0, "Unknown"),
}


def verdict_to_ocsf(verdict: Verdict, now: datetime) -> dict[str, Any]:
    """The verdict as one OCSF event, ready for JSON. `time` is the snapshot's, else `now`; milliseconds, UTC."""
    status_id, status = _STATUS[verdict.status]
    severity_id = int(verdict.severity) + 1
    digest = hashlib.sha256("\x1f".join((verdict.device, verdict.file, verdict.check)).encode()).hexdigest()
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS_UID,
        "class_name": "Compliance Finding",
        "type_uid": CLASS_UID * 100 + 1,
        "type_name": "Compliance Finding: Create",
        "time": int((verdict.taken or now).timestamp() * 1000),
        "severity_id": severity_id,
        "severity": verdict.severity.word.capitalize(),
        "status_id": 1,
        "status": "New",
        "message": verdict.why,
        "metadata": {
            "version": OCSF_VERSION,
            "uid": digest[:32],
            "product": {"name": "Seawall", "vendor_name": "Seawall", "version": __version__},
        },
        "finding_info": {"uid": digest[:32], "title": verdict.title, "desc": verdict.why, "types": ["audit"]},
        "compliance": {
            "control": verdict.check,
            "requirements": list(verdict.references),
            "standards": ["Seawall hardening checks"],
            "status": status,
            "status_id": status_id,
        },
        "resources": [
            {"name": verdict.device, "type": "Device", "data": {"platform": verdict.platform, "file": verdict.file}}
        ],
        "remediation": {"desc": "\n".join(verdict.mend) or "none"},
        "unmapped": {
            "status": verdict.status.value,
            "version": verdict.version,
            "lines": [{"number": line.number, "text": line.text} for line in verdict.lines],
        },
    }
