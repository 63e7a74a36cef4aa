"""Effects as findings: whose device, in which time, by whom as far as known, with the lines before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.changes.things import Effect
from seawall.detect.audit.entries import Entry
from seawall.model.entities import Entity
from seawall.model.finding import MAX_EVIDENCE, UNTIMED, Evidence, Finding, finding_id
from seawall.model.severity import Severity

MAX_LINES: Final = 50  # shown of each side
_EXCERPT: Final = 500
_SURE: Final = {Severity.CRITICAL: 85, Severity.HIGH: 75, Severity.MEDIUM: 60}


def tell(difference: Difference, effects: Iterable[Effect]) -> Iterator[Finding]:
    """One finding for each effect."""
    for effect in effects:
        yield _finding(difference, effect)


def span(difference: Difference) -> tuple[datetime, datetime]:
    """Between which times a change was made: since the last snapshot without it, until the first with it."""
    before, after = difference.before, difference.after
    said = after.changed if said_itself(before, after) else None  # it was not changed after that
    last = min((moment for moment in (after.taken, said) if moment is not None), default=None)
    first = before.taken or before.changed
    if last is None:
        return UNTIMED, UNTIMED  # two files that do not say when
    return (first if first is not None and first <= last else last), last


def said_itself(before: Snapshot, after: Snapshot) -> bool:
    """Whether the configuration says when it was changed, and not only when it was changed long before."""
    return (
        after.changed is not None
        and after.changed != before.changed
        and (before.taken is None or after.changed >= before.taken)
    )


def _finding(difference: Difference, effect: Effect) -> Finding:
    evidence = tuple(_evidence(difference, effect))[:MAX_EVIDENCE]
    entities = tuple(sorted(set(_entities(difference, effect))))
    first, last = span(difference)
    rule, detector = effect.rule, f"change.{effect.rule.effect}"
    ident = evidence[0].event_id if evidence else f"{difference.after.digest.hex()[:16]}{effect.object}"
    return Finding(
        id=finding_id(f"{detector}/{rule.id}/{effect.object}", entities, ident),
        detector=detector,
        title=rule.title,
        severity=effect.severity,
        confidence=_SURE.get(effect.severity, 50),
        first=first,
        last=last,
        count=max(1, len(effect.added) + len(effect.removed)),
        entities=entities,
        why=f"{difference.after.name or 'device'}: {effect.why}{_terms(effect)}",
        subject=difference.after.name or effect.object,
        evidence=evidence,
        evidence_total=len(effect.added) + len(effect.removed),
        details=_details(difference, effect),
        attack=rule.attack,
        tags=tuple(f"behaviour:{one}" for one in rule.behaviours),
    )


def _terms(effect: Effect) -> str:
    return f" [{'; '.join(effect.terms)}]" if effect.terms else ""


def _evidence(difference: Difference, effect: Effect) -> Iterator[Evidence]:
    for snapshot, lines in ((difference.after, effect.added), (difference.before, effect.removed)):
        for line in lines:
            yield _seen(snapshot, line)


def _seen(snapshot: Snapshot, line: Entry) -> Evidence:
    return Evidence(snapshot.event_id(line).hex(), f"{snapshot.origin}:{line.number}", line.text[:_EXCERPT])


def _entities(difference: Difference, effect: Effect) -> Iterator[Entity]:
    if difference.after.name:
        yield Entity("device", difference.after.name, "target")
    if effect.account:
        yield Entity("account", effect.account, "object")
    if effect.address:
        yield Entity("ip", effect.address, "object")


def _details(difference: Difference, effect: Effect) -> dict[str, Any]:
    after = difference.after
    found: dict[str, Any] = {
        "device": after.name,
        "effect": effect.rule.effect,
        "object": effect.object,
        "before": [line.path for line in effect.removed[:MAX_LINES]],
        "after": [line.path for line in effect.added[:MAX_LINES]],
        "terms": list(effect.terms),
        "before_file": difference.before.origin,
        "after_file": after.origin,
    }
    if after.by:
        found["last_changed_by"] = after.by
    if after.committed is not None:
        found["committed_by"] = after.committed.author
        found["commit_message"] = after.committed.message
    return {**found, **effect.held}
