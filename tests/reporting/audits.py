"""Verdicts for the tests of what an audit prints; one device has names meant to hurt."""

from __future__ import annotations

from datetime import UTC, datetime

from seawall.model.audit import SeenLine, Status, Verdict
from seawall.model.severity import Severity

EVIL = '<script>alert(1)</script>"&\x1b[31m'


def verdict(
    check: str = "MGT-02",
    status: Status = Status.FAIL,
    severity: Severity = Severity.CRITICAL,
    *,
    device: str = "pe1",
    file: str = "pe1.cfg",
    text: str = "transport input telnet",
    taken: datetime | None = None,
) -> Verdict:
    """One verdict; everything else is ordinary."""
    return Verdict(
        device, file, "ios", "15.2", check, "Telnet is off", status, severity, (SeenLine(12, text),),
        "this line takes telnet", ("line vty 0 4", " transport input ssh") if status is Status.FAIL else (),
        "Make sure SSH works first." if status is Status.FAIL else "", ("EVHG",), taken,
    )  # fmt: skip


MIXED = [
    verdict(),
    verdict("MGT-03", Status.PASS, Severity.HIGH),
    verdict("MGT-05", Status.UNKNOWN, Severity.MEDIUM),
    verdict("MGT-24", Status.NA),
    verdict(device=EVIL, file="zip!/a b.cfg", text=EVIL),
]
MARCH, APRIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
