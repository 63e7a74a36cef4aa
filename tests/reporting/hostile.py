"""Text an attacker would like to see on our pages and screens."""

from __future__ import annotations

from datetime import timedelta

from seawall.model.coverage import Coverage
from seawall.model.custody import CustodyRecord, Said
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.reporting.handovers import gather
from seawall.reporting.view import CaseView, Note
from tests.incidents.stories import account, address, at, device, finding
from tests.reporting.cases import File, case

ATTACKS = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "\x1b[2J\x1b[31mred\x1b]0;title\x07",
    "\x9b31m",
    "\u202eexe.fdp\u2066",
    "{{ 7 * 7 }}{% raw %}",
    "[bold red]markup[/bold red]",
    "a\r\nHost: b\x00\u2028c\ud800",
    "</style></title></svg>",
    "https://evil.example.net/beacon.png",
)  # fmt: skip
EVERYTHING = " ".join(ATTACKS)


def hostile_finding(number: int = 0) -> Finding:
    """A finding whose every text attacks."""
    return finding(
        at("10:00:00") + timedelta(minutes=number),
        "P-01",
        device(EVERYTHING),
        account(EVERYTHING),
        address(EVERYTHING),
        severity=Severity.HIGH,
        lines=[(EVERYTHING.replace(" ", "/"), EVERYTHING * 3)],
        detector=f"rule-{number}",
        title=EVERYTHING,
        why=EVERYTHING,
        attack=("T1136@18", EVERYTHING),
        tags=("behaviour:P-01", f"behaviour:{EVERYTHING}"),
        details={EVERYTHING: EVERYTHING},
    )


def hostile_case() -> CaseView:
    """A case in which every text attacks."""
    note = Note(EVERYTHING, EVERYTHING, EVERYTHING)
    record = CustodyRecord(EVERYTHING, EVERYTHING, "ab" * 32, 1, at("00:00:00"), Said(EVERYTHING, None, EVERYTHING))
    return case(
        [hostile_finding(0), hostile_finding(1)],
        title=EVERYTHING,
        coverage=[Coverage(EVERYTHING, EVERYTHING, "could not be seen", EVERYTHING, EVERYTHING)],
        files=[File(EVERYTHING, EVERYTHING, 3, 1, at("00:00:00"), at("01:00:00"), 100, (EVERYTHING,))],
        custody=gather([record], [f"{EVERYTHING}!/{EVERYTHING}"]),
        rejects=[note],
        rejected_total=5,
        refused=[note],
        clock_doubts=[EVERYTHING],
        broken_rules=[note],
        rules_with_unknown_fields=[note],
        exercise=EVERYTHING,
        versions={EVERYTHING: EVERYTHING},
    )
