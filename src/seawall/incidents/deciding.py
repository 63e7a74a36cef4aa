"""What people decided about incidents, as joining sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from seawall.incidents.cards import Card
from seawall.model.decision import Decision
from seawall.model.finding import utc_text

DECISION: Final = "decision"  # kind of the name that merged findings share
_ACTOR: Final = frozenset({"actor"})


class Decided:
    """Decisions that hold, laid out for joining and telling."""

    def __init__(self, decisions: Sequence[Decision] = ()) -> None:
        self._merged: dict[str, list[Decision]] = {}
        self._split: list[tuple[frozenset[str], Decision]] = []
        self._suppressed: dict[str, Decision] = {}
        for one in sorted(decisions, key=lambda d: (d.made, d.id)):
            if one.kind == "merge":
                for finding in one.findings:
                    self._merged.setdefault(finding, []).append(one)
            elif one.kind == "split":
                self._split.append((frozenset(one.findings), one))
            else:
                self._suppressed.update(dict.fromkeys(one.findings, one))

    def mark(self, card: Card) -> None:
        """Give a card the names it shares with what people merged it with."""
        for one in self._merged.get(card.finding.id, ()):
            card.roles[DECISION, f"of {one.person} ({one.id})"] = _ACTOR

    def apart(self, left: str, right: str) -> bool:
        """Whether people said that two findings do not belong together."""
        return any((left in those) != (right in those) for those, _ in self._split)

    def notes(self, findings: Sequence[str], naming: str) -> list[str]:
        """What people decided about an incident, one sentence each."""
        held = set(findings)
        made = [d for name in findings for d in self._merged.get(name, ())]
        made += [d for those, d in self._split if those & held]
        if naming in self._suppressed:
            made.append(self._suppressed[naming])
        words = {"merge": "merged", "split": "split off", "suppress": "suppressed"}
        return [
            f"{words[d.kind]} by {d.person} until {utc_text(d.expires)[:16].replace('T', ' ')} UTC"
            for d in dict.fromkeys(made)
        ]

    def suppressed(self, naming: str) -> Decision | None:
        """The decision that suppresses the incident named after a finding, if one does."""
        return self._suppressed.get(naming)
