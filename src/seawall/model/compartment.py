"""What the intercept case knows stays there: how its findings are told apart, and the one sentence that may cross.

Counts, agencies and orders are secret too. So nothing that leaves a case (OCSF, STIX, metrics, mail, proofs, minted
drills) may carry a compartmented finding; everything that writes for others asks here first. What crosses is a sentence
with an officer's name in it, released and signed by that officer, and its time is that of the release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from seawall.errors import InputError
from seawall.model.finding import Evidence, Finding
from seawall.model.severity import Severity

TAG: Final = "oversight.intercept"  # on every finding of the guard over lawful intercept
NOTICE: Final = "intercept.compartmented"  # detector of the sentence that crossed


def compartmented(finding: Finding) -> bool:
    """Whether a finding belongs to the intercept case alone."""
    return TAG in finding.tags


def may_leave(findings: Iterable[Finding]) -> list[Finding]:
    """Those findings that others may see."""
    return [finding for finding in findings if not compartmented(finding)]


def refuse_compartmented(finding: Finding) -> Finding:
    """The same finding. Raises InputError if it may not leave; the error says nothing about it."""
    if compartmented(finding):
        raise InputError(
            "this stays in the intercept case", mend="an officer lets others know with: seawall intercepts release"
        )
    return finding


def sentence(officer: str) -> str:
    """All that others learn."""
    return f"compartmented finding, call officer {officer}"


def notice_finding(officer: str, notice: str, released: datetime) -> Finding:
    """The sentence as a finding of the case that received it.

    `notice` (32 hex digits) is random: neither it nor anything here follows from what was found.
    """
    return Finding(
        id=hashlib.sha256(f"{NOTICE}\0{notice}".encode()).hexdigest()[:32],
        detector=NOTICE,
        title="Compartmented finding",
        severity=Severity.HIGH,  # always: how bad it is stays there too
        confidence=100,
        first=released,
        last=released,
        count=1,
        entities=(),
        why=sentence(officer),
        subject=f"call officer {officer}",
        evidence=(Evidence(notice, "released by the officer", sentence(officer)),),
        evidence_total=1,
    )
