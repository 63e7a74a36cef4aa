"""The story of an incident: a title, and sentences in order of time, written from what the findings say.

Nothing is claimed that no finding shows. Long silences are said, and that they may be blindness as well as rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from seawall.incidents.acts import Act, acts
from seawall.incidents.phrases import bracket
from seawall.incidents.scoring import EXPECTED
from seawall.incidents.stages import UNKNOWN
from seawall.incidents.words import and_text, clock_text, count_text, short_value, span_text
from seawall.model.entities import Entity, EntityType, is_address
from seawall.model.finding import UNTIMED, Finding
from seawall.model.incident import Stage
from seawall.model.severity import Severity

MAX_SENTENCES: Final = 25
NOTHING: Final[Mapping[str, str]] = {}
# Acts at one place no further apart (s) share a sentence, so many at most: the first pair that keeps the story short.
WIDTHS: Final = ((60, 3), (120, 4), (300, 5), (900, 6), (3_600, 8))
SILENCE_S: Final = 1_800  # longer pauses are said


def title(findings: Sequence[Finding], stages: Sequence[Stage], severity: Severity, jewels: Sequence[str] = ()) -> str:
    """One line that says who, where, and how far: the headline of the incident.

    `jewels`: crown jewels it reached, in words.
    """
    reached = f"reached {and_text(list(jewels[:2]), len(jewels) - 2)}" if jewels else ""
    where = _where(findings, leaving_out=[jewel.partition(" ")[0] for jewel in jewels])
    known = [s for s in stages if s.name != UNKNOWN]
    if len(findings) == 1 or len(known) < 2:
        lead = max(findings, key=lambda f: (f.severity, f.confidence, -f.first.timestamp(), f.id))
        more = f", with {count_text(len(findings) - 1, 'related finding')}" if len(findings) > 1 else ""
        return _exercise(findings) + f"{short_value(lead.title)}{where}{more}" + (f"; {reached}" if reached else "")
    if reached:
        reached, where = f" {reached}", where.replace(" on ", " by way of ", 1)
    opening = _opening(findings, len(known), severity)
    first, last = min(f.first for f in findings), max(f.last for f in findings)
    who = _who(findings)
    length = span_text((last - first).total_seconds())
    return _exercise(findings) + f"{opening}{reached}{where}{who}, {len(known)} stages in {length}"


def _opening(findings: Sequence[Finding], stages: int, severity: Severity) -> str:
    """What to call it: never an intruder where the stages do not say so, never suspicious where it is explained."""
    if severity > Severity.LOW:
        return "Intruder" if severity >= Severity.HIGH and stages > 2 else "Suspicious activity"
    worth = [f for f in findings if f.severity > Severity.INFORMATIONAL]
    return "Expected work" if worth and all(EXPECTED in f.tags for f in worth) else "Minor activity"


def storyline(
    findings: Sequence[Finding], shorts: Mapping[str, str] = NOTHING, homes: Mapping[str, str] = NOTHING
) -> tuple[str, ...]:
    """Sentences in order of time, about MAX_SENTENCES at most: the more there is to tell, the more one line holds.

    Findings in order of time, devices by short names; `shorts` and `homes` as in `acts`. What does not fit is counted.
    """
    told = acts(findings, shorts, homes)
    beats = next((b for width in WIDTHS if len(b := _beats(told, *width)) <= MAX_SENTENCES), None)
    beats = _beats(told, *WIDTHS[-1]) if beats is None else beats
    sentences: list[str] = []
    day, end = "", None
    for beat in beats[:MAX_SENTENCES]:
        start = beat[0].first
        if end is not None and end != UNTIMED and (start - end).total_seconds() > SILENCE_S:
            sentences.append(_silence(end, start))
        sentences.append(_sentence(beat, with_day=_day(start) != day))
        day = _day(start)
        end = max([end, *(act.last for act in beat)] if end else [act.last for act in beat])
    rest = [act for beat in beats[MAX_SENTENCES:] for act in beat]
    if rest:
        sentences.append(
            f"… and {count_text(len(rest), 'more act')} until {_moment(max(act.last for act in rest))}; "
            "the table of findings lists them all."
        )
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


def _beats(told: Sequence[Act], together_s: int, most: int) -> list[list[Act]]:
    """Acts that share a sentence: one place, close in time, few enough to read; what repeats is one act."""
    beats: list[list[Act]] = []
    for act in told:
        beat = beats[-1] if beats else []
        fits = beat and act.place == beat[0].place
        near = beat and (act.first - beat[-1].first).total_seconds() <= together_s
        again = fits and act.text == beat[-1].text and act.who == beat[-1].who
        if again and (near or together_s > WIDTHS[0][0]):
            beat[-1] = replace(beat[-1], last=max(beat[-1].last, act.last), times=beat[-1].times + act.times)
        elif fits and near and len(beat) < most:
            beat.append(act)
        else:
            beats.append([act])
    return beats


def _sentence(beat: list[Act], *, with_day: bool) -> str:
    start = beat[0].first
    when = f"{_day(start)} {clock_text(start)} UTC" if with_day else f"{clock_text(start)} UTC"
    text = f"{when if start != UNTIMED else 'At an unknown time'} {beat[0].place}: {_told(beat[0], beat[0].text)}"
    for before, act in pairwise(beat):
        gap = (act.first - before.first).total_seconds()
        own = f"{act.who} "
        same = bool(act.who) and act.text.startswith(own) and before.text.startswith((own, f"{act.who}, "))
        clause = act.text.removeprefix(own) if same else act.text
        text += f"; {'at once' if gap < 1 else f'{span_text(gap)} later'} {_told(act, clause)}"
    return text + "."


def _told(act: Act, clause: str) -> str:
    """A clause with how often and until when where it lasted, its behaviours, and the logs that agree."""
    lasted = (act.last - act.first).total_seconds()
    if act.times > 1 and lasted >= SILENCE_S:
        clause += f", {act.times:,} times until {_moment(act.last)}"
    return clause + bracket(act.ids, f"seen in {and_text(list(act.logs))}" if len(act.logs) > 1 else "")


def _silence(end: datetime, start: datetime) -> str:
    length = span_text((start - end).total_seconds())
    later = clock_text(start) if _day(start) == _day(end) else _moment(start).removesuffix(" UTC")
    return (
        f"Between {clock_text(end)} and {later} UTC ({length}) no finding shows this activity; "
        "whether it paused or could not be seen is unknown."
    )


def _where(findings: Sequence[Finding], leaving_out: Sequence[str] = ()) -> str:
    """The devices, the busiest first; bare addresses only where no name is known."""
    places = _common(findings, "device") or _common(findings, "system")
    places = [p for p in places if p.partition(".")[0] not in leaving_out]
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
