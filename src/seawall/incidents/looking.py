"""Could it have been seen on this machine, over the whole period? Reasons why not, and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from seawall.incidents.facts import ANY, Facts, Presence
from seawall.incidents.holdings import Holding, holding_of
from seawall.incidents.names import Names
from seawall.incidents.words import and_text, span_text
from seawall.model.assessment import Gap, Settling
from seawall.model.coverage import Coverage
from seawall.model.finding import Finding, utc_text
from seawall.model.site import Device

ENOUGH: Final = 0.5  # share of behaviours that could have been seen before silence means anything
DAY: Final = timedelta(days=1)
WORDS: Final = {ANY: "any record", "logins": "logins", "commands": "commands", "accesses": "accesses to its data"}
_SETTINGS: Final = {
    ANY: "let the machine send its log to a collector",
    "logins": "login on-success log, login on-failure log; on servers the security or auth log",
    "commands": "aaa accounting commands 15 default start-stop group tacacs+",
    "accesses": "switch on the audit of the database or application, and send it to a collector",
}
LOGS_TOUCHED: Final = frozenset({"D-01", "D-02", "D-03", "D-04", "D-05", "D-06", "D-10"})  # cleared, stopped, lowered


@dataclass(frozen=True, slots=True)
class Look:
    """How far a machine could be looked at."""

    reasons: tuple[str, ...]  # why silence means nothing; empty: it means something
    read: str  # what is known of its data being read
    ground: str  # what silence rests on, in words
    share: float  # of behaviours that could have been seen there
    hidden: tuple[Coverage, ...]
    blind: tuple[Gap, ...]
    settles: tuple[Settling, ...]


def at_jewel(
    jewel: Device,
    coverage: Sequence[Coverage],
    facts: Facts,
    loud: Sequence[Finding],
    names: Names,
    first: datetime | None,
    last: datetime | None,
) -> Look:
    """How far a crown jewel could be looked at in the period; None means as far as the evidence reaches."""
    holding = holding_of(jewel)
    first, last = first or facts.first, last or facts.last
    blind: list[Gap] = []
    reasons: list[str] = []
    if first is None or last is None:
        reasons.append("no dated record was given")
    else:
        blind += holes(jewel.name, ANY, facts, first, last)
        blind += holes(jewel.name, "logins", facts, first, last)
        reasons += [gap.why for gap in blind]
        reading = _reading(jewel.name, holding, facts, first, last)
        blind += reading
        reasons += [f"what was read there cannot be known: {gap.why}" for gap in reading]
    if not holding.reading:
        reasons.append(_unread(holding))
    hidden = tuple(c for c in coverage if c.visibility == "could not be seen")
    share = 1 - len(hidden) / len(coverage) if coverage else 0.0
    if share < ENOUGH:
        would = f"only {len(coverage) - len(hidden)} of {len(coverage)} behaviours would have shown"
        reasons.append(would if coverage else "no detector had anything of it to look at")
    reasons += _touched_logs(jewel, loud, names)
    ground = f"{len(coverage) - len(hidden)} of {len(coverage)} behaviours, its logins and its reads, without a gap"
    read = "reading of its records would have shown" if _reads(jewel.name, holding, facts) else _unread(holding)
    settles = _settles(jewel, holding, blind, share) if reasons else ()
    return Look(tuple(dict.fromkeys(reasons)), read, ground, share, hidden, tuple(blind), settles)


def holes(device: str, view: str, facts: Facts, first: datetime, last: datetime) -> list[Gap]:
    """When a kind of record of a machine is missing between two moments. `any record` tells silence of the machine."""
    said = facts.presence.get((device.lower(), view))
    word = WORDS[view]
    if said is None:
        return [Gap(device, word, first, last, f"no {word.removeprefix('any ')} of it in the period", _SETTINGS[view])]
    edge = said.usual if view == ANY else max(DAY, said.usual)  # people do not log in at every hour
    found = [(first, said.first)] if said.first - first > edge else []
    found += list(said.gaps) if view == ANY else []
    found += [(said.last, last)] if last - said.last > edge else []
    return [
        Gap(device, word, start, end, f"no {word.removeprefix('any ')} of it for {_while(start, end)}", _SETTINGS[view])
        for start, end in found
    ]


def _reading(device: str, holding: Holding, facts: Facts, first: datetime, last: datetime) -> list[Gap]:
    """When reading its data could not be seen: by the best of the kinds of record that show it."""
    tried = [holes(device, view, facts, first, last) for view in holding.reading]
    best = min(tried, key=lambda gaps: sum((g.last - g.first).total_seconds() for g in gaps), default=[])
    whole = [gap for gap in best if gap.last - gap.first >= last - first]
    return [Gap(g.device, g.telemetry, g.first, g.last, holding.unread, g.setting) for g in whole] or best


def _reads(device: str, holding: Holding, facts: Facts) -> bool:
    return any(_said(device, view, facts) for view in holding.reading)


def _said(device: str, view: str, facts: Facts) -> Presence | None:
    return facts.presence.get((device.lower(), view))


def _unread(holding: Holding) -> str:
    return f"what was read there cannot be known: {holding.unread}"


def _touched_logs(jewel: Device, loud: Sequence[Finding], names: Names) -> list[str]:
    """Logs of the machine that somebody cleared or silenced."""
    here = {(kind, jewel.name.lower()) for kind in ("device", "system")}
    touching = [f for f in loud if LOGS_TOUCHED & set(f.behaviours)]
    hit = sorted({f.title for f in touching if here & {names.key(entity) for entity in f.entities}})
    return [f"its logs were touched: {and_text(hit[:3], len(hit) - 3)}"] if hit else []


def _settles(jewel: Device, holding: Holding, blind: Sequence[Gap], share: float) -> tuple[Settling, ...]:
    """What would settle it: the holding's own evidence, and what is missing besides."""
    found = [Settling(holding.settle, holding.how, (jewel.name,))]
    for telemetry in dict.fromkeys(gap.telemetry for gap in blind if gap.why != holding.unread):
        gaps = [gap for gap in blind if gap.telemetry == telemetry]
        when = and_text([f"{_moment(g.first)} to {_moment(g.last)}" for g in gaps[:3]], len(gaps) - 3)
        found.append(
            Settling(
                f"{telemetry} of {jewel.name}, {when}",
                f"ask its owner and the log collector for the files of that time; for the future: {gaps[0].setting}",
                (jewel.name,),
            )
        )
    if share < ENOUGH and not blind:
        found.append(Settling(f"fuller logs of {jewel.name}", "see: seawall coverage", (jewel.name,)))
    return tuple(found)


def _while(start: datetime, end: datetime) -> str:
    return f"{span_text((end - start).total_seconds())} from {_moment(start)}"


def _moment(moment: datetime) -> str:
    return f"{utc_text(moment)[:16].replace('T', ' ')} UTC"
