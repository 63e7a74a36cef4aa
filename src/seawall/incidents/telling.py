"""A group of joined findings told as an incident: how bad, how sure, from where to where, in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from seawall.incidents import scoring, story
from seawall.incidents.assess import subject
from seawall.incidents.deciding import Decided
from seawall.incidents.grouping import Group
from seawall.incidents.joining import because
from seawall.incidents.names import Names
from seawall.incidents.paths import foothold, hops
from seawall.incidents.pivots import touches
from seawall.incidents.rarity import Rarity
from seawall.incidents.stages import stages
from seawall.incidents.words import count_text, short_value
from seawall.model.finding import span_of
from seawall.model.incident import Incident, Join, incident_id
from seawall.model.severity import Severity
from seawall.model.site import Site

MOST_COMMON_NAMED: Final = 5


def is_incident(found: Group) -> bool:
    """Whether a group is one: something above low in it, and more than tries that nobody would get up for."""
    loud = [card for card in found.cards if not card.low]
    if not loud:
        return False
    if any(not card.tries for card in loud):
        return True
    return scoring.graded([card.finding for card in found.cards], crown_jewel=False).severity > Severity.LOW


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the groups of one world."""

    names: Names
    site: Site
    rarity: Rarity
    homes: Mapping[str, str]  # address → short name of its device
    owned: Mapping[str, str]  # address → its device
    decided: Decided

    def tell(self, found: Group) -> Incident:
        """One incident."""
        findings = [card.finding for card in found.cards]
        naming = next((card.finding for card in found.cards if not card.low), findings[0])
        joins = tuple(
            Join(j.left.finding.id, j.right.finding.id, because(j, self.rarity), j.strength) for j in found.links
        )
        steps = stages(findings)
        told = [self.names.told(finding) for finding in findings]
        jewels = {device.name.lower(): device for device in self.site.devices if device.crown_jewel}
        acts = [card for card in found.cards if not card.low and not card.tries]
        reached = [jewel for name, jewel in jewels.items() if any(touches(card, {name: jewel}) for card in acts)]
        grade = scoring.graded(findings, crown_jewel=bool(reached))
        confidence = scoring.confidence_of(findings, joins)
        dated = [card.finding for card in found.cards if card.dates] or findings
        first, last = span_of((f.first, f.last) for f in dated)
        began = foothold(found.cards, self.names, self.owned)
        suppressed = self.decided.suppressed(naming.id)
        return Incident(
            id=incident_id(naming.id),
            title=story.title(told, steps, grade.severity, [subject(jewel) for jewel in reached]),
            severity=grade.severity,
            confidence=confidence,
            first=first,
            last=last,
            entities=story.entities_of(findings),
            findings=tuple(f.id for f in findings),
            stages=steps,
            joins=joins,
            storyline=(
                *story.storyline(told, self.names.shorts, self.homes),
                *story.unknown(told),
                scoring.confidence_sentence(findings, joins, confidence),
            ),
            grounds=f"{grade.severity.word.capitalize()}: {grade.why}.",
            foothold=began,
            hops=hops(found.cards, self.names, self.owned),
            notes=(*self._left_out(found), *self.decided.notes([f.id for f in findings], naming.id)),
            suppressed_until=suppressed.expires if suppressed else None,
        )

    def _left_out(self, found: Group) -> list[str]:
        """Names too common to join by, which are therefore not followed further."""
        keys = {key for card in found.cards for key in card.roles if self.rarity.is_common(key)}
        told = [f"{short_value(value)} {self.rarity.of((kind, value)).reason}" for kind, value in sorted(keys)]
        more = len(told) - MOST_COMMON_NAMED
        return [*told[:MOST_COMMON_NAMED], *([f"and {count_text(more, 'more name')} like that"] if more > 0 else [])]
