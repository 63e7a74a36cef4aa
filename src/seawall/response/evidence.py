"""What evidence carries: who could have written it, and whether it may ever act without a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from seawall.model.finding import Finding

AUTHENTICATED: Final = frozenset({"tacacs", "radius", "windows", "config_lines", "auditd", "access", "db_audit"})
"""Kinds of events whose sender proves who it is, or that are read on the system itself."""
SPOOFABLE: Final = frozenset({"syslog", "flow_records", "flow_counts", "snmp_traps", "dns_queries"})
"""Kinds that travel in packets anybody can send."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where one event comes from."""

    kind: str
    trust: str = "file"  # authenticated, spoofable, file

    @property
    def authenticated(self) -> bool:
        """Whether somebody who proved who they are said it."""
        return self.trust == "authenticated" or (self.trust == "file" and self.kind in AUTHENTICATED)

    @property
    def spoofable(self) -> bool:
        """Whether anybody who can send a packet could have said it."""
        return self.trust == "spoofable" or (self.trust != "authenticated" and self.kind in SPOOFABLE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a set of findings rests on."""

    sources: frozenset[str]  # independent sources: kinds of events
    authenticated: bool  # at least one of them
    only_spoofable: bool
    only_learned: bool
    only_indicator: bool

    @property
    def may_act_alone(self) -> bool:
        """Two independent sources, one of them authenticated; never spoofable, learned or listed alone."""
        weak = self.only_spoofable or self.only_learned or self.only_indicator
        return len(self.sources) >= 2 and self.authenticated and not weak


def standing_of(findings: Iterable[Finding], known: Mapping[str, Source]) -> Standing:
    """What findings rest on. `known`: where each event comes from, by its id; an unknown one proves nothing."""
    all_of = list(findings)
    sound = [f for f in all_of if not f.learned and not _is_indicator(f)]
    carried = [known[e.event_id] for f in sound for e in f.evidence if e.event_id in known]
    seen = [known[e.event_id] for f in all_of for e in f.evidence if e.event_id in known]
    return Standing(
        sources=frozenset(source.kind for source in carried if source.kind != "indicators"),
        authenticated=any(source.authenticated for source in carried),
        only_spoofable=bool(seen) and all(source.spoofable for source in seen),
        only_learned=bool(all_of) and all(f.learned for f in all_of),
        only_indicator=bool(all_of) and all(_is_indicator(f) for f in all_of),
    )


def _is_indicator(finding: Finding) -> bool:
    return finding.detector.startswith("indicator.")
