"""Changes taken back: an account added and removed again, a list lifted and put back, logging cut and restored.

Between two nightly snapshots an operator's mistake is mended as well; so only what was told by itself, or what is
worth nothing unless it is undone (a loopback readdressed), counts as short-lived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from seawall.detect import vocabulary
from seawall.detect.audit.changes.difference import Difference, key_of
from seawall.detect.audit.changes.telling import span
from seawall.detect.audit.changes.things import Effect
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.finding import UNTIMED, Finding, finding_id
from seawall.model.severity import Severity

SHORT: Final = timedelta(days=14)
DETECTOR: Final = "change.short-lived"
_KEPT: Final = 500  # effects remembered of one device
_ONLY_UNDONE: Final = frozenset({"loopback"})


@dataclass(slots=True)
class _Told:
    finding: Finding
    effect: str
    added: frozenset[str]
    removed: frozenset[str]


@dataclass(slots=True)
class Memory:
    """What was told of one device, until it is taken back or too old."""

    told: list[_Told] = field(default_factory=list)

    def remember(self, effects: Sequence[Effect], findings: Sequence[Finding]) -> None:
        """Keep what would be short-lived if it were taken back."""
        for effect, finding in zip(effects, findings, strict=True):
            if finding.severity >= Severity.MEDIUM or effect.rule.effect in _ONLY_UNDONE:
                added = frozenset(map(key_of, effect.added))
                self.told.append(_Told(finding, effect.rule.effect, added, frozenset(map(key_of, effect.removed))))
        del self.told[:-_KEPT]

    def taken_back(self, difference: Difference) -> Iterator[Finding]:
        """Findings for what this change undoes."""
        gone, come = set(map(key_of, difference.removed)), set(map(key_of, difference.added))
        _, last = span(difference)
        left: list[_Told] = []
        for one in self.told:
            undone = one.added <= gone and one.removed <= come and (one.added or one.removed)
            old = UNTIMED not in (last, one.finding.last) and last - one.finding.last > SHORT
            if undone and not old:
                yield _short_lived(one, difference)
            elif not old:
                left.append(one)
        self.told = left


def _short_lived(one: _Told, difference: Difference) -> Finding:
    told = one.finding
    _, last = span(difference)
    lasted = f" after at most {_words(last - told.first)}" if UNTIMED not in (last, told.first) else ""
    details = {**told.details, "taken_back_in": difference.after.origin}
    return replace(
        told,
        id=finding_id(DETECTOR, told.entities, told.id),
        detector=DETECTOR,
        title="Change made and taken back within a short time",
        severity=max(told.severity, Severity.HIGH),
        last=max(last, told.last),
        why=f"{told.why}; it was taken back{lasted}",
        details=details,
        attack=tuple(dict.fromkeys((*told.attack, vocabulary.versioned(BEHAVIOURS["D-08"].technique)))),
        tags=tuple(dict.fromkeys((*told.tags, "behaviour:D-08"))),
    )


def _words(time: timedelta) -> str:
    hours = time.total_seconds() / 3_600
    return (
        f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by the time they were first seen, the worst of the same time first."""
    return sorted(findings, key=lambda f: (f.first, -f.severity, f.id))
