"""The story of an incident: a title, and sentences in order of time, written from what the findings say.

Nothing is claimed that no finding shows. Long silences are said, and that they may be blindness as well as rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from seawall.incidents.names import is_address
from seawall.incidents.phrases import clause, named
from seawall.incidents.stages import UNKNOWN
from seawall.incidents.words import clock_text, count_text, short_value, span_text
from seawall.model.entities import Entity, EntityType
from seawall.model.finding import Finding
from seawall.model.incident import Stage
from seawall.model.severity import Severity

MAX_SENTENCES: Final = 40
CLAUSES_PER_SENTENCE: Final = 3
TOGETHER_S: Final = 60  # findings on one device no further apart share a sentence
SILENCE_S: Final = 1_800  # longer pauses are said


def title(findings: Sequence[Finding], stages: Sequence[Stage], severity: Severity) -> str:
    """One line that says who, where, and how far: the headline of the incident."""
    where = _where(findings)
    known = [s for s in stages if s.name != UNKNOWN]
    if len(findings) == 1 or len(known) < 2:
        lead = max(findings, key=lambda f: (f.severity, f.confidence, -f.first.timestamp(), f.id))
        more = f", with {count_text(len(findings) - 1, 'related finding')}" if len(findings) > 1 else ""
        return _exercise(findings) + f"{short_value(lead.title)}{where}{more}"
    opening = "Intruder" if severity >= Severity.HIGH and len(known) > 2 else "Suspicious activity"
    first, last = min(f.first for f in findings), max(f.last for f in findings)
    who = _who(findings)
    length = span_text((last - first).total_seconds())
    return _exercise(findings) + f"{opening}{where}{who}, {len(known)} stages in {length}"


def storyline(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Sentences in order of time. Findings must be in order of time; at most MAX_SENTENCES, the rest counted."""
    sentences: list[str] = []
    day = ""
    end: datetime | None = None
    told = 0
    for beat in _beats(findings):
        if len(sentences) >= MAX_SENTENCES:
            rest = findings[told:]
            sentences.append(
                f"… and {count_text(len(rest), 'more finding')} until {_moment(max(f.last for f in rest))}; "
                "the table of findings lists them all."
            )
            break
        start = beat[0].first
        if end is not None and (start - end).total_seconds() > SILENCE_S:
            sentences.append(_silence(end, start))
        sentences.append(_sentence(beat, with_day=_day(start) != day))
        day = _day(start)
        end = max([end, *(f.last for f in beat)] if end else [f.last for f in beat])
        told += len(beat)
    return tuple(sentences)


def unknown(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What the findings leave open, one sentence each."""
    addresses = [place for place in _common(findings, "device") if is_address(place)]
    if not addresses or len(addresses) == len(_common(findings, "device")) == 1:
        return ()
    which = addresses[0] if len(addresses) == 1 else f"{addresses[0]} and {count_text(len(addresses) - 1, 'other')}"
    return (
        f"Not known: which device {which} is; it is named by address alone. It may be one of the others. "
        "A site file with its addresses would tell.",
    )


def _beats(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Findings that share a sentence: one device, close in time, few enough to read."""
    beat: list[Finding] = []
    for finding in findings:
        fits = beat and len(beat) < CLAUSES_PER_SENTENCE and _place(finding) == _place(beat[0])
        if fits and (finding.first - beat[-1].first).total_seconds() <= TOGETHER_S:
            beat.append(finding)
            continue
        if beat:
            yield beat
        beat = [finding]
    if beat:
        yield beat


def _sentence(beat: list[Finding], *, with_day: bool) -> str:
    start = beat[0].first
    when = f"{_day(start)} {clock_text(start)}" if with_day else clock_text(start)
    text = f"{when} UTC {_place(beat[0])}: {_told(beat[0])}"
    for before, finding in pairwise(beat):
        if _told(finding) == _told(before) or _same_event(finding, before):
            continue  # two rules saw one act
        gap = (finding.first - before.first).total_seconds()
        text += f"; {'at once' if gap < 1 else f'{span_text(gap)} later'} {_told(finding)}"
    return text + "."


def _same_event(finding: Finding, other: Finding) -> bool:
    return {e.event_id for e in finding.evidence} == {e.event_id for e in other.evidence} != set()


def _told(finding: Finding) -> str:
    """A clause, with how often and until when where it lasted."""
    lasted = (finding.last - finding.first).total_seconds()
    if finding.count > 1 and lasted >= SILENCE_S:
        return f"{clause(finding)}, {finding.count:,} times until {_moment(finding.last)}"
    return clause(finding)


def _silence(end: datetime, start: datetime) -> str:
    length = span_text((start - end).total_seconds())
    later = clock_text(start) if _day(start) == _day(end) else _moment(start).removesuffix(" UTC")
    return (
        f"Between {clock_text(end)} and {later} UTC ({length}) no finding shows this activity; "
        "whether it paused or could not be seen is unknown."
    )


def _place(finding: Finding) -> str:
    """Where a finding happened, shortest honest form."""
    device = named(finding, "device", "target", "via", "object", "actor", "source") or named(
        finding, "system", "target", "object", "source", "actor"
    )
    return device or short_value(finding.subject) or "unknown device"


def _where(findings: Sequence[Finding]) -> str:
    """The devices, the busiest first; bare addresses only where no name is known."""
    places = _common(findings, "device") or _common(findings, "system")
    named_places = [p for p in places if not is_address(p)] or places
    if not named_places:
        return ""
    shown = " and ".join(named_places[:2]) if len(named_places) < 3 else f"{named_places[0]} and"
    return f" on {shown}" + (f" {len(named_places) - 1} more devices" if len(named_places) > 2 else "")


def _who(findings: Sequence[Finding]) -> str:
    accounts = _common(findings, "account", "actor")
    sources = _common(findings, "ip", "source", "actor")
    who = f": account {accounts[0]}" if accounts else ""
    origin = f" from {sources[0]}" if sources else ""
    return who + origin if who else (f":{origin}" if origin else "")


def _common(findings: Sequence[Finding], kind: EntityType, *roles: str) -> list[str]:
    """Names of a kind, the most frequent first; low findings count only where nothing better is known."""
    counts: Counter[str] = Counter()
    for finding in findings:
        weight = 1_000 if finding.severity > Severity.LOW else 1
        for value in {e.value for e in finding.entities if e.type == kind and (not roles or e.role in roles)}:
            counts[value] += weight
    return [short_value(value) for value, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def entities_of(findings: Sequence[Finding]) -> tuple[Entity, ...]:
    """Every entity the findings name, once, in the order findings print."""
    return tuple(sorted({entity for finding in findings for entity in finding.entities}))


def _exercise(findings: Sequence[Finding]) -> str:
    return "Exercise: " if findings[0].exercise else ""


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


def _moment(moment: datetime) -> str:
    return f"{_day(moment)} {clock_text(moment)} UTC"
