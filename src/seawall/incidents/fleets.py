"""Questions about all devices: were their configurations read, were credentials on them taken?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from seawall.incidents.asked import Asked
from seawall.incidents.holdings import Fleet, holdings
from seawall.incidents.looking import holes
from seawall.incidents.names import Names
from seawall.incidents.scoring import is_try
from seawall.incidents.words import and_text, count_text, short_value
from seawall.model.assessment import Assessment, Claim, Gap, Settling
from seawall.model.finding import Finding, span_of
from seawall.model.severity import Severity

MOST_NAMED: Final = 5
_SERVERS: Final = frozenset({"windows", "linux"})


def assess_fleets(asked: Asked, story: Sequence[Finding], names: Names, heard: Sequence[str]) -> list[Assessment]:
    """An answer for each fleet question the claim asks.

    `story`: findings of incidents above low; `heard`: devices of the evidence, where the site file names none.
    """
    wanted = {key: one for key, one in holdings().fleets.items() if asked.claim in ("everything", key)}
    listed = {d.name for d in asked.site.devices if d.platform not in _SERVERS}
    devices = sorted(listed or {name for name in heard if name != "network"})
    return [_judge(key, fleet, story, names, devices, asked) for key, fleet in sorted(wanted.items())]


def _judge(
    claim: Claim, fleet: Fleet, story: Sequence[Finding], names: Names, devices: Sequence[str], asked: Asked
) -> Assessment:
    yes = [f for f in story if set(f.behaviours) & set(fleet.reached) and not is_try(f)]
    tries = [f for f in story if set(f.behaviours) & set(fleet.tried)]
    blind = _blind(devices, fleet, asked)
    hidden = sorted({gap.device for gap in blind})
    settle = (Settling(fleet.settle, fleet.how, tuple(hidden[:MOST_NAMED])),) if hidden or not devices else ()
    rest = f"{len(hidden)} of {count_text(len(devices), 'device')} could not always be looked at" if hidden else ""
    if yes:
        where = sorted({names.label(names.key(e)[1]) for f in yes for e in f.entities if e.type == "device"})
        why = f"on {and_text(where[:MOST_NAMED], len(where) - MOST_NAMED)}: " if where else ""
        titles = sorted({short_value(f.title) for f in yes})
        why += and_text(titles[:MOST_NAMED], len(titles) - MOST_NAMED)
        told = sorted(yes, key=lambda f: (f.first, f.id))
        return Assessment(
            subject=fleet.subject,
            answer="reached",
            confidence=max(f.confidence for f in yes),
            why="; ".join(filter(None, [why, rest])),
            findings=tuple(f.id for f in told),
            claim=claim,
            first=span_of((f.first, f.last) for f in told)[0],
            last=span_of((f.first, f.last) for f in told)[1],
            blind=blind,
            settles=settle,
        )
    if not devices or hidden or asked.facts.first is None:
        why = rest or "no device is known"
        return Assessment(fleet.subject, "cannot be known", 0, why, claim=claim, blind=blind, settles=settle)
    found = tuple(f.id for f in sorted(tries, key=lambda f: (f.first, f.id)) if f.severity > Severity.LOW)
    ground = f"commands of all {count_text(len(devices), 'device')} arrived without a gap"
    if found:
        return Assessment(fleet.subject, "tried", 70, f"tries were seen; {ground}", found, claim=claim)
    return Assessment(fleet.subject, "no evidence", 70, f"nothing of the kind was found, and {ground}", claim=claim)


def _blind(devices: Sequence[str], fleet: Fleet, asked: Asked) -> tuple[Gap, ...]:
    """Devices and times without the records that would show it."""
    first, last = asked.first or asked.facts.first, asked.last or asked.facts.last
    if first is None or last is None:
        return ()
    return tuple(gap for name in devices for gap in holes(name, fleet.telemetry, asked.facts, first, last))
