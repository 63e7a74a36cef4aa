"""What others tell us: taken in, looked at, kept with its source and marking; then the lake is hunted for it by itself.

What was seen goes back to whoever told us, as sightings that wait on the shelf until two people let them go.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import UNTIMED, Finding
from seawall.model.indicator_values import confidence_of, normalise
from seawall.model.settings import Settings
from seawall.model.tlp import Light, light_of
from seawall.pipeline.cases import case_settings, case_state
from seawall.sharing import checking
from seawall.sharing import known as knowing
from seawall.sharing.graph import lights
from seawall.sharing.marking import UNMARKED, wanted_light
from seawall.sharing.misp_in import events_in, from_misp
from seawall.sharing.objects import Author, can_be_shared, pattern_of, stix_time
from seawall.sharing.pasted import Row, read_pasted
from seawall.sharing.stix_out import identity_of, sighting_of
from seawall.sharing.store import BACK, FROM, TO, Arriving, Shared, Shelf
from seawall.sources.base import SNIFFING
from seawall.sources.indicators import table_of

MOST_REJECTS: Final = 200
_SURE: Final = {"high": 85, "medium": 50, "low": 15}


@dataclass
class Taken:
    """What became of what somebody told us."""

    source: str
    objects: int = 0  # that arrived
    new: int = 0
    known: int = 0  # were there already
    rejects: list[tuple[str, str]] = field(default_factory=list)  # place, why; the first ones
    rejected: int = 0
    lost: Counter[str] = field(default_factory=Counter)  # what STIX has no place for, in words
    recalled: dict[str, list[str]] = field(default_factory=dict)  # receiver → ids they must not have any more
    indicators: int = 0

    def reject(self, place: str, why: str) -> None:
        """Count what cannot be kept, and say why."""
        self.rejected += 1
        if len(self.rejects) < MOST_REJECTS:
            self.rejects.append((place[:200], why))

    def add(self, other: Taken) -> None:
        """Sum with what became of another part."""
        self.objects, self.new, self.known = (
            self.objects + other.objects,
            self.new + other.new,
            self.known + other.known,
        )
        self.indicators += other.indicators
        self.rejected += other.rejected
        self.rejects += other.rejects[: MOST_REJECTS - len(self.rejects)]
        for receiver, ids in other.recalled.items():
            self.recalled.setdefault(receiver, []).extend(ids)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody gave us, and how it is to be treated where it does not say."""

    raw: bytes
    where: str  # name of the file, or address
    source: str
    unmarked: Light = UNMARKED
    light: Light | None = None  # at least so strict, whatever it says
    confidence: int = 50


def told_by(settings: Settings, source: str, raw: bytes, where: str, tlp: str = "", confidence: int = -1) -> Told:
    """What a source of seawall.toml gave us, or one that is not named there."""
    feed = settings.sharing.sources.get(source)
    unmarked = wanted_light(feed.unmarked) if feed else UNMARKED
    sure = confidence if confidence >= 0 else feed.confidence if feed else 50
    light = wanted_light(tlp) if tlp else None
    return Told(raw, where, source, unmarked if light is None else light, light, sure)


def take(case: Case, told: Told, clock: Clock) -> Taken:
    """Keep what somebody gave us: a STIX bundle or envelope, MISP events, a CSV, or a pasted table.

    Raises:
        InputError: it is none of them, too long, or nested too deep.
    """
    done = Taken(told.source)
    objects = _objects(told, done, clock)
    return keep(case, objects, told, done, clock)


def keep(case: Case, objects: Iterable[Any], told: Told, done: Taken, clock: Clock) -> Taken:
    """Keep STIX objects of a source; what is wrong with one never costs the others."""
    good: list[Mapping[str, Any]] = []
    for place, one in enumerate(objects):
        done.objects += 1
        why = checking.doubt(one)
        if why:
            done.reject(str(one.get("id") if isinstance(one, dict) else place), why)
        else:
            good.append(one)
    settings = case_settings(case)
    with case_state(case, settings) as state:
        shelf = Shelf(state)
        # What is known of its markings already counts: a definition need not come again with each bundle.
        before = [one.object for one in shelf.objects(starting=FROM, type="marking-definition")]
        found = lights([*good, *before], default=told.unmarked)[: len(good)]
        floor = told.light if told.light is not None else Light.CLEAR
        arriving = [Arriving(one, max(light, floor)) for one, light in zip(good, found, strict=True)]
        new = shelf.add(f"{FROM}{told.source}", told.source, arriving, clock.now())
        done.new, done.known = len(new), len(good) - len(new)
        done.indicators = sum(one.object["type"] == "indicator" for one in new)
        done.recalled = _recalled(shelf, arriving, settings)
    with open_ledger(case, clock=clock) as ledger:
        body: dict[str, Any] = {"source": told.source, "objects": done.objects, "new": done.new}
        ledger.append("received", {**body, "rejected": done.rejected}, keys={"source": told.source})
        for receiver, ids in done.recalled.items():
            told_of: dict[str, Any] = {"receiver": receiver, "objects": ids[:200], "total": len(ids)}
            ledger.append("recall", told_of, keys={"receiver": receiver})
        ledger.publish()
    return done


def _recalled(shelf: Shelf, arriving: Sequence[Arriving], settings: Settings) -> dict[str, list[str]]:
    """Who was given something whose marking is stricter now than they are cleared for; it becomes so everywhere."""
    strict = {str(one.object["id"]): one.light for one in arriving}
    gone: dict[str, list[str]] = {}
    for left in shelf.of(strict, starting=TO):
        name = left.collection.removeprefix(TO)
        receiver = settings.sharing.receivers.get(name)
        cleared = wanted_light(receiver.clearance) if receiver else Light.AMBER_STRICT
        if left.light < strict[left.id] and strict[left.id] > cleared and left.id not in gone.setdefault(name, []):
            gone[name].append(left.id)
    for light in sorted(set(strict.values())):
        shelf.raise_light([name for name, found in strict.items() if found == light], light)
    return {name: ids for name, ids in gone.items() if ids}


def _objects(told: Told, done: Taken, clock: Clock) -> list[Any]:
    head = told.raw[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return _from_text(told, done, clock)
    value = checking.read_json(told.raw, told.where)
    if events := events_in(value):
        if checking.deeper_than(value, checking.MAX_DEPTH + 10):  # objects of STIX are looked at one by one
            raise InputError(f"nested more than {checking.MAX_DEPTH} deep", where=told.where, mend="this is no event")
        found: list[Any] = []
        for event in events:
            made = from_misp(event, clock.now())
            found += made.value
            done.lost.update(why for _, why in made.lost)
            done.lost.update(made.thinned)
        return found
    return checking.objects_in(value, told.where)


def _from_text(told: Told, done: Taken, clock: Clock) -> list[Any]:
    if len(told.raw) > checking.MAX_BYTES:
        raise InputError(f"larger than {checking.MAX_BYTES >> 20} MiB", where=told.where, mend="split it")
    text = told.raw.decode("utf-8", "replace").removeprefix("\ufeff")
    rows = list(_csv_rows(text, done))
    if not rows and not done.rejected:
        rows = [(row, "", told.confidence, "") for row in read_pasted(text)]
    if not rows:
        first = f" ({done.rejects[0][0]}: {done.rejects[0][1]})" if done.rejects else ""
        raise InputError(
            f"holds no indicator{first}",
            where=told.where,
            mend="give a STIX 2 bundle, a MISP event, a CSV with value and type columns, or a table pasted as text",
        )
    return [_as_object(row, told, tlp, sure, until, clock) for row, tlp, sure, until in rows]


_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "value": ("indicator", "ioc", "value", "observable", "indicator_value", "ioc_value"),
    "type": ("type", "ioc_type", "indicator_type", "observable_type"),
    "confidence": ("confidence", "score"),
    "first_seen": ("first_seen", "first seen", "valid_from", "date"),
    "last_seen": ("last_seen", "last seen", "modified"),
    "valid_until": ("valid_until", "expires", "expiration"),
    "note": ("note", "notes", "comment", "description"),
    "tlp": ("tlp", "marking"),
}


def _csv_rows(text: str, done: Taken) -> Iterable[tuple[Row, str, int, str]]:
    """The rows of a CSV with a header; none if it is no such thing."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("# ")]
    if not lines:
        return
    mark = max(",;\t|", key=lines[0].count)
    header = [cell.strip().strip("#").lower() for cell in next(csv.reader([lines[0]], delimiter=mark))]
    places = {ours: header.index(n) for ours, names in _COLUMNS.items() for n in reversed(names) if n in header}
    if "value" not in places or len(header) < 2:
        return
    try:
        table = list(csv.reader(io.StringIO("\n".join(lines[1:])), delimiter=mark))
    except csv.Error as error:
        raise InputError(f"no whole table: {error}", where=done.source) from None
    for number, row in enumerate(table, start=2):
        cells = {ours: row[at].strip() if at < len(row) else "" for ours, at in places.items()}
        found = normalise(cells["value"], cells.get("type", ""))
        word = confidence_of(cells.get("confidence", ""))
        if found is None or not can_be_shared(*found):
            done.reject(f"line {number}", "no address, domain, URL, hash or mail address, or not what its type says")
        elif word is None:
            done.reject(f"line {number}", "confidence is neither a word nor 0 to 100")
        else:
            said = cells.get("confidence", "")
            sure = int(said) if said.isdecimal() else _SURE[word]
            kept = Row(*found, number, cells.get("note", ""), cells.get("first_seen", ""), cells.get("last_seen", ""))
            yield kept, cells.get("tlp", ""), sure, cells.get("valid_until", "")


def _as_object(row: Row, told: Told, tlp: str, sure: int, until: str, clock: Clock) -> dict[str, Any]:
    """An indicator of a list, as STIX: the same row of the same source is the same object."""
    light = light_of(tlp) if tlp else None
    author = Author(uuid.uuid5(uuid.NAMESPACE_URL, f"seawall list {told.source}"), light or told.unmarked, clock.now())
    first = knowing.moment_of(row.first_seen) or knowing.moment_of(row.last_seen) or clock.now()
    last = knowing.moment_of(row.last_seen) or first
    end = knowing.moment_of(until)
    made = author.make(
        "indicator",
        f"{row.kind} {row.value}",
        first,
        {
            "name": row.value,
            "description": row.note[:2000],
            "indicator_types": ["malicious-activity"],
            "pattern": pattern_of(row.kind, row.value),
            "pattern_type": "stix",
            "valid_from": stix_time(first),
            "valid_until": stix_time(end) if end and end > first else None,
            "confidence": sure,
        },
        modified=last,
    )
    made.pop("created_by_ref")
    return made


def known_values(case: Case, settings: Settings | None = None) -> list[knowing.Known]:
    """Everything others told us, by value."""
    told = settings or case_settings(case)
    unsure = {name: feed.confidence for name, feed in told.sharing.sources.items()}
    with case_state(case, told) as state:
        return knowing.gather(Shelf(state).objects(starting=FROM, type="indicator"), unsure=unsure)


def known_rows(case: Case, settings: Settings, clock: Clock) -> pa.Table | None:
    """What a hunt looks for besides its own lists; None if nobody told us anything."""
    known = known_values(case, settings)
    if not known:
        return None
    rows: list[dict[str, object]] = [
        {
            **knowing.row_of(one),
            "origin": f"shared#{one.words[0].object_id}",
            "line": f"{one.kind}\0{one.value}".encode(),
        }
        for one in known
    ]
    return table_of(rows, replace(SNIFFING, clock=clock, tenant=settings.tenant or None))


def sightings(case: Case, findings: Sequence[Finding], clock: Clock) -> dict[str, int]:
    """Put a sighting on the shelf for each source whose indicator a finding names; returns how many are new, by source.

    They say when and how often, never where: the carrier is named by its role alone. They wait for two signatures.
    """
    settings = case_settings(case)
    by_value: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.detector.startswith("indicator.") and not finding.exercise:
            by_value.setdefault(str(finding.details.get("indicator", "")).lower(), []).append(finding)
    if not by_value:
        return {}
    new: dict[str, int] = {}
    with case_state(case, settings) as state:
        shelf = Shelf(state)
        for known in knowing.gather(shelf.objects(starting=FROM, type="indicator")):
            seen = [f for f in by_value.get(known.value, ()) if f.first != UNTIMED]
            if not seen:
                continue
            for word in known.words:
                made = _sighting(case, word, seen, clock.now())
                added = shelf.add(
                    f"{BACK}{word.source}", "us", [Arriving(one, word.light) for one in made], clock.now()
                )
                new[word.source] = new.get(word.source, 0) + sum(one.object["type"] == "sighting" for one in added)
    return {source: count for source, count in new.items() if count}


def _sighting(case: Case, word: knowing.Word, seen: Sequence[Finding], now: datetime) -> list[dict[str, Any]]:
    author = Author(uuid.uuid5(uuid.UUID(case.uuid), f"share {word.source}"), word.light, now)
    first, last = min(f.first for f in seen), max(f.last for f in seen)
    count = sum(f.count for f in seen)
    return [identity_of(author), sighting_of(author, word.object_id, first=first, last=last, count=count)]


def collection(case: Case, name: str) -> list[Shared]:
    """The objects of a collection on the shelf. Raises InputError if there is none of that name."""
    with case_state(case, case_settings(case)) as state:
        shelf = Shelf(state)
        found = shelf.objects(name)
        if not found:
            known = ", ".join(one for one, _ in shelf.collections()) or "none yet"
            raise InputError("no collection is called so", where=name, mend=f"there are: {known}")
        return found


def in_file(path: Path, clock: Clock) -> list[Shared]:
    """The objects of a file, kept nowhere. Raises InputError if it holds none."""
    with path.open("rb") as file:
        raw = file.read(checking.MAX_BYTES + 1)
    told = Told(raw, str(path), path.name)
    objects = [one for one in _objects(told, Taken(path.name), clock) if not checking.doubt(one)]
    return [Shared(one, path.name, light, clock.now(), "") for one, light in zip(objects, lights(objects), strict=True)]
