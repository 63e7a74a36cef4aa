"""Reported mail from files to verdicts, campaigns, things to search for, and findings of a case. Never the network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, TypeGuard

from seawall.detect.mail.authentication import read_keys
from seawall.detect.mail.clusters import campaigns
from seawall.detect.mail.judging import Verdict, judge
from seawall.detect.mail.replies import reply_to
from seawall.detect.mail.telltales import Telltale, telltales
from seawall.detect.mail.world import World, world_of
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.entities import Entity, EntityType
from seawall.model.events import event_id
from seawall.model.finding import UNTIMED, Evidence, Finding, finding_id, utc_text
from seawall.model.mail import Mail
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.platforms.masking import mask
from seawall.sources import discover
from seawall.sources.base import Reject, Skipped
from seawall.sources.mail.whole import mails_in

DETECTOR: Final = "mail.phish"
SOURCE: Final = "reported-mail"  # who told of its indicators
_ENTITY: Final[dict[str, EntityType]] = {
    "domain": "domain",
    "url": "url",
    "email": "mailbox",
    "hash": "hash",
    "ip": "ip",
}


@dataclass(frozen=True)
class Judged:
    """One message, judged and let go of: only what is told of it stays."""

    verdict: Verdict
    event_id: str  # the id the message has in a lake
    time: datetime  # Date, UTC; 1970 where it has none


@dataclass(frozen=True)
class Left:
    """A file that holds no mail."""

    where: str
    what: str
    faulty: bool


def mail_world(site: Site, site_file: Path | None, keys: Path | None) -> World:
    """What is known of one's own mail: the site file's table `mail`, and records saved from the name service.

    Raises:
        InputError: the file of records cannot be read.
    """
    place = keys
    if place is None and site.mail.keys:
        place = (site_file.parent if site_file else Path()) / site.mail.keys
    return world_of(site.mail, read_keys(place) if place else None)


def triage(paths: Sequence[Path], world: World, *, skip_cases: bool = True) -> Iterator[Judged | Left]:
    """Judge every message below the paths, in order of their names."""
    for found in discover.find(paths, skip_cases):
        if _is_empty_message(found):
            empty = Mail(found.where, (), (), b"", 0, unjudgeable="it is empty")
            yield Judged(judge(empty, world), event_id("mail", "", b"").hex(), UNTIMED)
            continue
        if isinstance(found, Reject):
            yield Left(found.where, found.what, not isinstance(found, Skipped))
            continue
        for mail in mails_in(found):
            if isinstance(mail, Reject):
                yield Left(mail.where, mail.what, faulty=False)
            else:
                yield Judged(judge(mail, world), event_id("mail", "", mail.raw).hex(), _time(mail.first("date")))


def _is_empty_message(found: object) -> TypeGuard[Skipped]:
    """Whether it is named a message and holds nothing: whoever reported it is owed an answer."""
    return (
        isinstance(found, Skipped)
        and found.what.startswith("empty file")
        and found.where.lower().endswith((".eml", ".msg"))
    )


def _time(text: str) -> datetime:
    try:
        found = parsedate_to_datetime(text[:100])
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return UNTIMED


def told(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """One line of JSON a message."""
    numbers = campaigns([one.verdict for one in judged])
    sizes = {number: numbers.count(number) for number in set(numbers)}
    return [_line(one, number, sizes[number]) for one, number in zip(judged, numbers, strict=True)]


def _line(one: Judged, number: int, size: int) -> dict[str, Any]:
    verdict, mail = one.verdict, one.verdict.mail
    return {
        "file": mail.origin,
        "verdict": verdict.verdict,
        "score": verdict.score,
        "cues": [cue.plain() for cue in verdict.cues],
        "why": verdict.why,
        "subject": mask(mail.first("subject"))[:300],
        "from": verdict.facts.sender.address if verdict.facts else None,
        "message_id": mail.first("message-id").strip("<> ") or None,
        "event_id": one.event_id,
        "spam_score": round(verdict.spam, 3),
        "authentication": verdict.auth.plain(),
        "attachments": [
            {"name": look.name, "type": look.true, "danger": look.danger or None} for look in verdict.looked
        ],
        "codes": [
            {"picture": code.name, "says": mask(code.says) or None, "not_read": code.why or None}
            for code in (verdict.facts.codes if verdict.facts else ())
        ],
        "indicators": [
            {"type": t.type, "value": t.value, "confidence": t.confidence, "note": t.note} for t in telltales(verdict)
        ],
        "campaign": number,
        "campaign_size": size,
        "reporter": mail.reporter or None,
        "reply": reply_to(verdict),
        "defects": list(mail.defects),
        "cannot_be_judged": mail.unjudgeable or None,
    }


def findings_of(judged: Sequence[Judged]) -> list[Finding]:
    """One finding for each campaign of phish, with every message of it as evidence."""
    numbers = campaigns([one.verdict for one in judged])
    groups: dict[int, list[Judged]] = {}
    for one, number in zip(judged, numbers, strict=True):
        if one.verdict.verdict == "phish":
            groups.setdefault(number, []).append(one)
    return [_finding(group) for group in groups.values()]


def _finding(group: list[Judged]) -> Finding:
    group = sorted(group, key=lambda one: (one.time, one.event_id))
    worst = max(group, key=lambda one: one.verdict.score)
    found: dict[tuple[str, str], Telltale] = {}
    for one in group:
        found |= {(t.type, t.value): t for t in telltales(one.verdict) if t.type in _ENTITY}
    entities = {
        Entity(_ENTITY[t.type], t.value, "source" if t.type == "email" else "object") for t in list(found.values())[:20]
    }
    to = {a.address for one in group if one.verdict.facts for a in one.verdict.facts.to if a.address}
    entities |= {Entity("mailbox", address, "target") for address in sorted(to)[:20]}
    ordered = tuple(sorted(entities))
    timed = [one.time for one in group if one.time != UNTIMED] or [UNTIMED]
    subject = mask(worst.verdict.mail.first("subject"))[:120] or "(no subject)"
    return Finding(
        id=finding_id(DETECTOR, ordered, group[0].event_id),
        detector=DETECTOR,
        title="Reported message is a phish",
        severity=Severity.HIGH if worst.verdict.score >= 0.9 else Severity.MEDIUM,
        confidence=round(100 * worst.verdict.score),
        first=min(timed),
        last=max(timed),
        count=len(group),
        entities=ordered,
        why=f"“{subject}”: {worst.verdict.why}",
        subject=subject,
        evidence=tuple(Evidence(one.event_id, one.verdict.mail.origin, _excerpt(one)) for one in group[:1_000]),
        evidence_total=len(group),
        learned=not (worst.verdict.facts and worst.verdict.facts.world.told),
        details={"reports": len(group), "cues": [cue.name for cue in worst.verdict.cues if cue.toward == "phish"][:12]},
        attack=("T1566",),
    )


def _excerpt(one: Judged) -> str:
    facts = one.verdict.facts
    text = f"From: {facts.sender.address}; Subject: {facts.subject}" if facts else ""
    return mask(re.sub(r"\s+", " ", text))[:500]


def keep(case: Case, paths: Sequence[Path], judged: Sequence[Judged]) -> None:
    """Take the messages into the case's lake, and make findings of the phish; a second time adds nothing."""
    from seawall import pipeline
    from seawall.model.clock import SystemClock

    settings = pipeline.case_settings(case)
    for _ in pipeline.ingest(paths, pipeline.case_lake(case), settings, SystemClock()):
        pass
    with pipeline.case_state(case, settings) as state:
        state.save_findings(findings_of(judged))
    _tell(case, judged, SystemClock())


def _tell(case: Case, judged: Sequence[Judged], clock: Clock) -> None:
    """Put what the phish leave where hunts and sharing find it, as the source `reported-mail`; nothing acts on it."""
    from seawall import pipeline
    from seawall.pipeline.sharing_in import take, told_by

    settings = pipeline.case_settings(case)
    listed = indicator_csv(judged, tlp=settings.sharing.tlp, now=clock.now())
    if listed.count("\n") > 1:
        take(case, told_by(settings, SOURCE, listed.encode(), "mail triage"), clock)


def add_who(lines: list[dict[str, Any]], case: Case) -> None:
    """Add to each phish who else got it and who followed it, by the logs of the case."""
    from seawall import pipeline
    from seawall.pipeline.mail_reach import reach

    lake = pipeline.case_lake(case)
    for line in lines:
        if line["verdict"] == "phish":
            line["who"] = reach(lake, line)


def _received(one: Judged, now: datetime | None) -> str:
    """When our own server took a message, else its Date, which the sender chose; never later than now."""
    taken = _time(one.verdict.mail.first("received").rpartition(";")[2].strip())
    when = taken if taken != UNTIMED else one.time
    return utc_text(min(when, now) if now else when) if when != UNTIMED else ""


def indicator_csv(judged: Sequence[Judged], *, tlp: str = "amber", now: datetime | None = None) -> str:
    """What the phish leave to search for, as a list `seawall hunt --indicators` reads; seen when they were received."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["value", "type", "confidence", "source", "note", "tlp", "first_seen"])
    seen: set[tuple[str, str]] = set()
    for one in judged:
        seen_at = _received(one, now)
        for found in telltales(one.verdict):
            if found.type != "phone" and (found.type, found.value) not in seen:
                seen.add((found.type, found.value))
                writer.writerow([found.value, found.type, found.confidence, "reported mail", found.note, tlp, seen_at])
    return out.getvalue()
