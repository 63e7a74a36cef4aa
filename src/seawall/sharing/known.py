"""What is known of each bad value, from everybody who told us: sources kept apart, doubts and conflicts kept visible.

A value's trust decays: from the day it was last seen it loses confidence evenly, and where that would fall below
`medium` is the end of its use for findings (afterwards it only supports others). A hash stays what it is. Old events
are judged by what held at their time, so a hunt over last year's logs still finds last year's addresses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from seawall.model.indicator_values import HIGH_FROM, MEDIUM_FROM, normalise
from seawall.model.stix_patterns import PatternError, read_pattern, type_of
from seawall.model.tlp import Light
from seawall.sharing.objects import read_stix_time
from seawall.sharing.store import Shared

LIFETIME_DAYS: Final[Mapping[str, int]] = {"ip": 730, "domain": 1095, "url": 730, "email": 1095, "hash": 0}
"""Days from full confidence to none; 0: never. An address is given on to others sooner than a name."""
_DOUBT: Final = re.compile(r"\bconflict\b|\bdo not block\b|\bverify against\b|\bunverified\b", re.I)


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says of one value. Times are UTC."""

    kind: str  # ip, domain, url, email, hash
    value: str
    source: str
    object_id: str
    confidence: int  # 0 to 100, as the source has it (or the source's own default)
    light: Light
    first_seen: datetime | None
    last_seen: datetime | None
    until: datetime | None  # the source's own end
    revoked: bool
    name: str
    alone: bool = True  # whether the value by itself satisfies the pattern
    doubt: str = ""


@dataclass(frozen=True)
class Known:
    """Everything that is known of one value."""

    kind: str
    value: str
    words: tuple[Word, ...]  # the surest first
    conflicts: tuple[str, ...] = ()  # where the sources disagree, in words

    @property
    def standing(self) -> tuple[Word, ...]:
        """What was not taken back by its own source."""
        return tuple(word for word in self.words if not word.revoked)

    @property
    def light(self) -> Light:
        """The strictest of its sources'."""
        return max(word.light for word in self.words)

    @property
    def confidence(self) -> int:
        """The surest word on it, 0 to 100; a conflict leaves it below what makes a finding."""
        sure = max((word.confidence if word.alone else MEDIUM_FROM - 1 for word in self.standing), default=0)
        return min(sure, MEDIUM_FROM - 1) if self.conflicts else sure

    @property
    def sources(self) -> tuple[str, ...]:
        """Who told of it."""
        return tuple(dict.fromkeys(word.source for word in self.words))

    @property
    def first_seen(self) -> datetime | None:
        """The earliest anybody saw it."""
        return min((w.first_seen for w in self.words if w.first_seen), default=None)

    @property
    def last_seen(self) -> datetime | None:
        """The latest anybody saw it."""
        return max((w.last_seen for w in self.words if w.last_seen), default=None)

    @property
    def until(self) -> datetime | None:
        """When it stops making findings: the longest any standing source says, or its decay; None: never."""
        ends = [_end(word) for word in self.standing]
        return None if not ends or None in ends else max(end for end in ends if end)

    def now(self, moment: datetime) -> int:
        """Its confidence at a moment, decayed; 0 where every source's own time is over."""
        return max((decayed(word, moment) for word in self.standing), default=0)


def decayed(word: Word, moment: datetime) -> int:
    """A word's confidence at a moment."""
    if word.until is not None and moment > word.until:
        return 0
    days = LIFETIME_DAYS[word.kind]
    if not days or word.last_seen is None or moment <= word.last_seen:
        return word.confidence
    left = 1 - (moment - word.last_seen) / timedelta(days=days)
    return max(0, round(word.confidence * left))


def _end(word: Word) -> datetime | None:
    days = LIFETIME_DAYS[word.kind]
    ends = [word.until] if word.until else []
    if days and word.last_seen is not None and word.confidence >= MEDIUM_FROM:
        ends.append(word.last_seen + timedelta(days=days * (1 - MEDIUM_FROM / word.confidence)))
    return min(ends, default=None)


def words_of(one: Shared, *, unsure: int = 50) -> Iterator[Word]:
    """What an indicator object says, value by value; nothing where its pattern names nothing we compare."""
    raw = one.object
    if (
        raw.get("type") != "indicator"
        or raw.get("pattern_type", "stix") != "stix"
        or not isinstance(raw.get("pattern"), str)
    ):
        return
    try:
        pattern = read_pattern(raw["pattern"])
    except PatternError:
        return
    said = raw.get("confidence")
    first = moment_of(one.notes.get("first_seen")) or read_stix_time(raw.get("valid_from"))
    last = moment_of(one.notes.get("last_seen")) or moment_of(raw.get("modified")) or one.added
    text = " ".join(str(raw.get(name) or "") for name in ("name", "description"))
    doubt = _DOUBT.search(text)
    for named in pattern.values:
        kind = type_of(named.path)
        found = normalise(named.value, "" if kind == "ip or domain" else kind) if kind else None
        if found is None:
            continue
        yield Word(
            found[0],
            found[1],
            one.source,
            one.id,
            said if type(said) is int and 0 <= said <= 100 else unsure,
            one.light,
            first,
            max(last, first) if first else last,
            read_stix_time(raw.get("valid_until")),
            raw.get("revoked") is True,
            str(raw.get("name") or raw.get("description") or "")[:500],
            named.alone,
            text[:300] if doubt else "",
        )


def moment_of(value: object) -> datetime | None:
    """A time as sources write it; a month is its last day."""
    text = str(value or "").strip()
    if re.fullmatch(r"\d{4}-\d\d", text):
        year, month = int(text[:4]), int(text[5:])
        if not (1 <= year < 9999 and 1 <= month <= 12):
            return None
        return datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC) - timedelta(seconds=1)
    return read_stix_time(text)


def newest(objects: Iterable[Shared]) -> list[Shared]:
    """Of each object of each source its newest version; what was once revoked stays so (STIX 2.1, 3.6)."""
    best: dict[tuple[str, str], Shared] = {}
    for one in objects:
        key = (one.source, one.id)
        held = best.get(key)
        if held is None or (one.object.get("revoked") is True, one.version) >= (
            held.object.get("revoked") is True,
            held.version,
        ):
            best[key] = one
    return list(best.values())


def gather(objects: Iterable[Shared], *, unsure: Mapping[str, int] | None = None) -> list[Known]:
    """Everything known, by value; the surest word of each first."""
    by_value: dict[tuple[str, str], list[Word]] = defaultdict(list)
    for one in newest(objects):
        for word in words_of(one, unsure=(unsure or {}).get(one.source, 50)):
            by_value[word.kind, word.value].append(word)
    alike = _lookalikes(by_value)
    return [
        Known(kind, value, tuple(sorted(words, key=_surest)), tuple(_conflicts(words, alike.get((kind, value), []))))
        for (kind, value), words in sorted(by_value.items())
    ]


def _surest(word: Word) -> tuple[bool, int, str, str]:
    return word.revoked, -word.confidence, word.source, word.object_id


def _conflicts(words: list[Word], alike: list[tuple[str, str]]) -> Iterator[str]:
    revoked = sorted({word.source for word in words if word.revoked})
    standing = [word for word in words if not word.revoked]
    if revoked and standing:
        yield f"{', '.join(revoked)} took it back, {', '.join(sorted({w.source for w in standing}))} did not"
    sure = [word for word in standing if word.confidence >= HIGH_FROM]
    unsure = [word for word in standing if word.confidence < MEDIUM_FROM]
    if sure and unsure and {w.source for w in sure} != {w.source for w in unsure}:
        yield (f"{sure[0].source} is {sure[0].confidence} of 100 sure, {unsure[0].source} {unsure[0].confidence}")
    for word in standing:
        if word.doubt:
            yield f"{word.source} doubts it itself: {word.doubt[:160]}"
    for other, source in alike:
        yield f"{source} has {other} instead: one of them may be a slip of the pen"


def _lookalikes(by_value: Mapping[tuple[str, str], list[Word]]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Addresses of which two sources give different last octets: each source has the one, neither has the other.

    Only where the sources agree on half of their addresses or more: then both tell of the same publication.
    """
    of_source: dict[str, set[str]] = defaultdict(set)
    for (kind, value), words in by_value.items():
        if kind == "ip" and ":" not in value and "/" not in value:
            for word in words:
                of_source[word.source].add(value)
    found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    names = sorted(of_source)
    for place, left in enumerate(names):
        for right in names[place + 1 :]:
            ours, theirs = of_source[left], of_source[right]
            if 2 * len(ours & theirs) < min(len(ours), len(theirs)) or not ours & theirs:
                continue
            near: dict[str, list[str]] = defaultdict(list)
            for value in theirs - ours:
                near[value.rpartition(".")[0]].append(value)
            for value in ours - theirs:
                for other in near.get(value.rpartition(".")[0], []):
                    found["ip", value].append((other, right))
                    found["ip", other].append((value, left))
    return found


def row_of(known: Known) -> dict[str, Any]:
    """What a hunt needs of it: a row of the `indicators` kind."""
    sure = known.confidence
    best = known.standing[0] if known.standing else known.words[0]
    note = "; ".join([best.name, *(f"CONFLICT: {text}" for text in known.conflicts)])
    return {
        "type": known.kind,
        "value": known.value,
        "confidence": "high" if sure >= HIGH_FROM else "medium" if sure >= MEDIUM_FROM else "low",
        "first_seen": _text(known.first_seen),
        "last_seen": _text(known.last_seen),
        "source": ", ".join(known.sources),
        "note": note[:500] or None,
        "valid_until": _text(known.until),
        "revoked": not known.standing,
        "tlp": known.light.word,
        "published_as": best.object_id,
    }


def _text(moment: datetime | None) -> str | None:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None


@dataclass(frozen=True)
class Common:
    """What two collections have in common, and what each has alone."""

    both: tuple[tuple[str, str], ...]  # (kind, value)
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    disagree: tuple[str, ...] = ()  # where both have it and say otherwise
    objects: tuple[int, int, int] = (0, 0, 0)  # ids in both, on the left alone, on the right alone


def compare(left: Iterable[Shared], right: Iterable[Shared]) -> Common:
    """What two collections have in common, by value, and by id for what is no indicator."""
    ours, theirs = list(left), list(right)
    a = {(k.kind, k.value): k for k in gather(ours)}
    b = {(k.kind, k.value): k for k in gather(theirs)}
    ids_a, ids_b = {one.id for one in ours}, {one.id for one in theirs}
    both = sorted(a.keys() & b.keys())
    disagree = []
    for key in both:
        if abs(a[key].confidence - b[key].confidence) >= HIGH_FROM - MEDIUM_FROM:
            disagree.append(f"{key[1]}: {a[key].confidence} against {b[key].confidence} of 100 sure")
        if bool(a[key].standing) != bool(b[key].standing):
            disagree.append(f"{key[1]}: taken back in one of them")
    return Common(
        tuple(both),
        tuple(sorted(a.keys() - b.keys())),
        tuple(sorted(b.keys() - a.keys())),
        tuple(disagree),
        (len(ids_a & ids_b), len(ids_a - ids_b), len(ids_b - ids_a)),
    )
