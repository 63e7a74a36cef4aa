"""Findings in, incidents out: the one call of this package.

An incident's id is that of its earliest finding of medium severity or worse (by time, then id), so that low findings
which arrive early rename nothing. Low findings alone are no incident, and tries alone only where guesses are many.
Findings another one `replaces` are left out, and exercises never mix with the real world. The result depends on the
findings and on what people decided, not on the order they come in.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Mapping, Sequence

from seawall.incidents.deciding import Decided
from seawall.incidents.graph import Graph
from seawall.incidents.names import Key, Names
from seawall.incidents.rarity import Rarity
from seawall.incidents.telling import Teller, is_incident
from seawall.model.decision import Decision
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.site import Site


def build(
    findings: Sequence[Finding],
    *,
    join_hours: float = 6.0,
    site: Site | None = None,
    prevalence: Mapping[Key, float] | None = None,
    decisions: Sequence[Decision] = (),
) -> list[Incident]:
    """Incidents, worst first, then earliest.

    `join_hours`: findings further apart are joined only where one uses what the other prepared.
    `site`: makes names, shared servers and crown jewels exact. `prevalence`: for (entity type, value), the share 0-1 of
    all events that name it; leave it out for cases of fewer than some ten thousand events, where shares mean nothing.
    `decisions`: what people decided, those that hold.
    """
    return Incidents(join_hours=join_hours, site=site, prevalence=prevalence, decisions=decisions).add(findings)


class Incidents:
    """The incidents of a case, to which findings can be added without building all anew."""

    def __init__(
        self,
        *,
        join_hours: float = 6.0,
        site: Site | None = None,
        prevalence: Mapping[Key, float] | None = None,
        decisions: Sequence[Decision] = (),
    ) -> None:
        self._site = site or Site()
        self._join_hours, self._prevalence = join_hours, prevalence or {}
        self._decided = Decided(decisions)
        self._findings: dict[str, Finding] = {}
        self._replaced: set[str] = set()
        self._names: Names | None = None
        self._graphs: dict[str | None, Graph] = {}
        self._told: dict[str | None, dict[int, Incident]] = defaultdict(dict)

    def add(self, findings: Sequence[Finding]) -> list[Incident]:
        """Join more findings in; returns all incidents, worst first, then earliest."""
        collecting = gc.isenabled()
        gc.disable()  # nothing made here refers back to itself; looking for that costs a third of the time
        try:
            return self._add(findings)
        finally:
            if collecting:
                gc.enable()

    def _add(self, findings: Sequence[Finding]) -> list[Incident]:
        fresh = {f.id: f for f in findings if f.id not in self._findings}
        self._replaced.update(f.replaces for f in fresh.values() if f.replaces)
        self._findings.update(fresh)
        current = sorted((f for f in fresh.values() if f.id not in self._replaced), key=lambda f: (f.first, f.id))
        before, self._names = self._names, (self._names or Names((), self._site)).with_more(current)
        if before is not None and self._names.renamed(before):
            self._graphs.clear()
            self._told.clear()
            kept = (f for f in self._findings.values() if f.id not in self._replaced)
            current = sorted(kept, key=lambda f: (f.first, f.id))
        worlds: dict[str | None, list[Finding]] = defaultdict(list)
        for finding in current:
            worlds[finding.exercise].append(finding)
        for world, some in worlds.items():
            self._add_to(world, some)
        return sorted(
            (incident for told in self._told.values() for incident in told.values()),
            key=lambda i: (-i.severity, i.first, i.id),
        )

    def _add_to(self, world: str | None, findings: Sequence[Finding]) -> None:
        """Join findings into one world, and tell the groups that changed."""
        assert self._names is not None
        graph = self._graphs.get(world)
        if graph is None:
            rarity = Rarity(self._site, self._prevalence)
            graph = Graph(self._site, self._names, rarity, self._join_hours, self._decided)
            self._graphs[world] = graph
        gone = [name for f in findings if f.replaces for name in graph.remove(f.replaces)]
        changes = [graph.add(findings)]
        if gone:
            changes.append(graph.rejoin(gone))
        homes = {address: self._names.label(device) for address, device in graph.owners.all().items()}
        teller = Teller(self._names, self._site, graph.rarity, homes, graph.owners.all(), self._decided)
        told = self._told[world]
        for old, new in changes:
            for number in old:
                told.pop(number, None)
            for number in new:
                if number in graph.groups() and is_incident(graph.groups()[number]):
                    told[number] = teller.tell(graph.groups()[number])
