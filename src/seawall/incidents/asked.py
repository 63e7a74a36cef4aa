"""What an assessment rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from seawall.incidents.facts import Facts
from seawall.model.assessment import Claim
from seawall.model.coverage import Coverage
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.site import Site


@dataclass(frozen=True, slots=True)
class Asked:
    """What an assessment rests on. Times are UTC."""

    findings: Sequence[Finding]
    incidents: Sequence[Incident]  # those it is about
    coverage: Sequence[Coverage]
    site: Site
    facts: Facts
    first: datetime | None = None  # of the period; None: as far as the evidence reaches
    last: datetime | None = None
    claim: Claim = "everything"
