"""What was reached, what was tried, what shows no sign although it would have, and what cannot be known.

*Reached*: something above low was found on it, or coming from it, that is no mere try; or a login there that belongs to
an incident. *Tried*: only tries, where a success would have shown. *No evidence* needs all of this for the whole
period: its logins arrive without a gap, so do the records that show its data being read, half of the known behaviours
could have been seen on it, its logs were not touched, no access to it is unexplained, and the evidence reaches back.
Whatever falls short is *cannot be known*, with each reason and what would settle it. "Not affected" is never said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from seawall.incidents import accesses, looking
from seawall.incidents.asked import Asked
from seawall.incidents.expected import device_of_file, explained
from seawall.incidents.fleets import assess_fleets
from seawall.incidents.holdings import answers, claim_of, holding_of
from seawall.incidents.names import Names
from seawall.incidents.scoring import is_try
from seawall.incidents.words import and_text, count_text, short_value
from seawall.model.assessment import ORDER, Access, Answer, Assessment, Claim, Outflow, Settling
from seawall.model.coverage import Coverage
from seawall.model.finding import Finding, span_of
from seawall.model.severity import Severity
from seawall.model.site import Device

SILENCE_CEILING: Final = 80  # of 100: how sure silence can make anybody
TIED: Final = 70  # of 100: how sure an access tied to an incident makes us
MOST_TITLES: Final = 5
MOST_REASONS: Final = 6


def assess(asked: Asked) -> tuple[Assessment, ...]:
    """One answer for every crown jewel that holds what the claim asks for, and for the fleet; the worst first.

    A claim no jewel of the site file answers is answered all the same: it cannot be known.
    """
    board = _Board(asked)
    jewels = [device for device in asked.site.devices if device.crown_jewel and answers(device, asked.claim)]
    told = [board.judge(jewel) for jewel in jewels]
    told += _unnamed(asked.claim, jewels)
    told += assess_fleets(asked, board.story, board.names, list(board.covered))
    return tuple(sorted(told, key=lambda a: (ORDER[a.answer], a.subject)))


def subject(device: Device) -> str:
    """`lims1 (intercept mediation)`."""
    short = short_value(device.name.partition(".")[0])
    purpose = short_value(holding_of(device).title or device.role.replace("-", " "))
    return f"{short} ({purpose})" if purpose else short


class _Board:
    """The facts of one question, laid out for looking things up."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        replaced = {finding.replaces for finding in asked.findings}
        current = [f for f in asked.findings if f.id not in replaced and self._in_period(f)]
        self.names = Names(current, asked.site)
        self.loud = [f for f in current if not explained(f, asked.site)]
        grave = {name for incident in asked.incidents if incident.severity > Severity.LOW for name in incident.findings}
        self.story = [f for f in current if f.id in grave]
        self.covered: dict[str, list[Coverage]] = {}
        for entry in asked.coverage:
            self.covered.setdefault(entry.device.lower(), []).append(entry)
        self.suspects = accesses.suspects([f for f in self.story if not explained(f, asked.site)], asked.site)

    def judge(self, jewel: Device) -> Assessment:
        """The answer for one crown jewel."""
        asked = self.asked
        on_it = [f for f in self.loud if self._concerns(f, jewel)]
        in_story = [f for f in self.story if self._concerns(f, jewel)]
        signs = {f.id: f for f in (*on_it, *in_story)}
        tries = {f.id: f for f in signs.values() if is_try(f)}
        reached = [f for f in signs.values() if f.id not in tries]
        reached = reached if any(not explained(f, asked.site) or _is_login(f) for f in reached) else []
        look = looking.at_jewel(
            jewel, self.covered.get(jewel.name.lower(), []), asked.facts, self.loud, self.names, asked.first, asked.last
        )
        seats = accesses.explained(jewel, asked.facts, asked.site, self.suspects)
        mine = set(jewel.addresses)
        out = tuple(
            Outflow(jewel.name, s.source, s.target, s.bytes, s.flows, s.first, s.last)
            for s in asked.facts.sent
            if s.source in mine
        )
        answer: Answer
        if reached:
            answer, sure, why = "reached", max(f.confidence for f in reached), f"seen there: {_titles(reached)}"
        elif seats.tied:
            answer, sure, why = "reached", TIED, f"{_accesses(seats.tied, 'belongs', 'belong')} to the incident"
        else:
            answer, sure, why = self._silent(tuple(tries.values()), look, seats)
        if answer == "reached" and reached and seats.tied:
            why += f"; {_accesses(seats.tied, 'belongs', 'belong')} to the incident"
        told = sorted(signs.values(), key=lambda f: (f.first, f.id))
        if answer in ("no evidence", "cannot be known") and not tries:
            told = []
        span = span_of((f.first, f.last) for f in told) if told else (None, None)
        return Assessment(
            subject=subject(jewel),
            answer=answer,
            confidence=sure,
            why=why if look.read in why else f"{why}; {look.read}",
            findings=tuple(f.id for f in told),
            gaps=look.hidden,
            claim=claim_of(jewel),
            device=jewel.name,
            read=look.read,
            first=span[0],
            last=span[1],
            accesses=seats.shown,
            explained=seats.explained,
            unexplained=seats.unexplained,
            outflows=out,
            blind=look.blind,
            settles=look.settles if answer != "no evidence" else (),
        )

    def _silent(self, tries: Sequence[Finding], look: looking.Look, seats: accesses.Seats) -> tuple[Answer, int, str]:
        """The answer where nothing shows that it was reached."""
        reasons = [*look.reasons]
        if seats.unexplained:
            who = and_text(list(seats.strangers[:3]), len(seats.strangers) - 3)
            reasons.append(f"nobody has explained {count_text(seats.unexplained, 'access', 'accesses')} by {who}")
        seen = [_titles(tries)] if tries else []
        if seats.refused:
            seen.append(_accesses(seats.refused, "was refused", "were refused"))
        said = f"tries were seen: {'; '.join(seen)}" if seen else ""
        if reasons:
            because = "; ".join([*reasons[:MOST_REASONS], *(["and more"] if len(reasons) > MOST_REASONS else [])])
            if seen:
                return "tried", 0, f"{said}; whether one succeeded cannot be known: {because}"
            return "cannot be known", 0, because
        sure = round(SILENCE_CEILING * look.share)
        if seen:
            return "tried", sure, f"{said}; a success would have shown, and none did"
        return "no evidence", sure, f"nothing above low was found, and it would have shown: {look.ground}"

    def _concerns(self, finding: Finding, jewel: Device) -> bool:
        """Whether a finding took place on a device, or came from one of its addresses."""
        addresses = {address.lower() for address in jewel.addresses}
        placed = any(e.type in ("device", "system", "ip") and e.role != "source" for e in finding.entities)
        if (
            not placed
            and finding.evidence
            and device_of_file(finding.evidence[0].origin, self.asked.site) == jewel.name
        ):
            return True
        for entity in finding.entities:
            kind, value = self.names.key(entity)
            if kind in ("device", "system") and value == jewel.name.lower():
                return True
            if kind == "ip" and value.lower() in addresses and entity.role in ("source", "actor", "target"):
                return True
        return False

    def _in_period(self, finding: Finding) -> bool:
        first, last = self.asked.first, self.asked.last
        return not ((first is not None and finding.last < first) or (last is not None and finding.first > last))


def _accesses(some: Sequence[Access], one: str, more: str) -> str:
    """`2 accesses by eve from 192.0.2.7 (read target) belong`."""
    first = some[0]
    who = f"{first.account or 'nobody named'}{f' from {first.source}' if first.source else ''}"
    what = f"{first.action} {first.object}".strip()
    return f"{count_text(len(some), 'access', 'accesses')}, first by {who} ({what}), {one if len(some) == 1 else more}"


def _is_login(finding: Finding) -> bool:
    return any(b.startswith(("A-", "L-")) for b in finding.behaviours)


def _titles(findings: Iterable[Finding]) -> str:
    titles = list(dict.fromkeys(short_value(f.title) for f in sorted(findings, key=lambda f: (f.first, f.id))))
    return and_text(titles[:MOST_TITLES], len(titles) - MOST_TITLES)


_WORDS: Final[dict[Claim, str]] = {"customer-data": "customer data", "intercept-data": "intercept data"}


def _unnamed(claim: Claim, jewels: Sequence[Device]) -> list[Assessment]:
    """Kinds of data no crown jewel of the site file holds: nobody can say where to look."""
    asked: list[Claim] = ["customer-data", "intercept-data"] if claim == "everything" else [claim]
    missing = [one for one in asked if one in _WORDS and not any(answers(jewel, one) for jewel in jewels)]
    return [
        Assessment(
            subject=_WORDS[one],
            answer="cannot be known",
            confidence=0,
            why="no site file names a machine that holds it, so nobody knows where to look",
            claim=one,
            settles=(
                Settling(
                    f"the names of the machines that hold {_WORDS[one]}",
                    "list them in site.toml with their role and `crown_jewel = true`, and hand over their logs",
                    (_WORDS[one],),
                ),
            ),
        )
        for one in missing
    ]
