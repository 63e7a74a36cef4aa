"""Where each action stands, from the ledger alone: every step is written there before it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from seawall.ledger.entry import Entry
from seawall.model.action import Action
from seawall.people.book import Book

KIND: Final = "response"  # of the ledger entries
EVERY: Final = ("responses", "all")  # the key every one of them carries


class Step(StrEnum):
    """What happened to an action last."""

    APPLYING = "applying"  # about to be done: after a crash, nobody knows
    APPLIED = "applied"  # the target was told
    VERIFIED = "verified"  # the target shows it
    FAILED = "failed"  # the target refused, and shows that nothing changed
    UNCLEAR = "unclear"  # the target was told, and does not show what became of it
    HANDED = "handed"  # given to people or their tools as a package
    UNDOING = "undoing"  # about to be taken back
    UNDONE = "undone"  # the target shows the state before
    EXPIRED = "expired"  # a block whose time was over, and is gone
    LOST = "lost"  # a change that others took back


STANDING: Final = frozenset({Step.APPLYING, Step.APPLIED, Step.VERIFIED, Step.UNCLEAR, Step.UNDOING})
"""Steps after which something of ours may be on the target."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an action stands. Times are UTC."""

    action: str
    step: Step
    at: datetime
    applied: datetime | None  # when it was (or was to be) applied
    expires: datetime | None  # of a block
    before: str  # SHA-256 of what the target held before
    after: str  # SHA-256 of what it held afterwards
    digest: str  # of the action that was done
    incident: str

    @classmethod
    def of(cls, action: Action, before: str, after: str) -> Stand:
        """Where an action stands that was just applied."""
        never = datetime.min.replace(tzinfo=UTC)
        return cls(action.id, Step.VERIFIED, never, None, None, before, after, action.digest, action.incident or "")

    @property
    def stands(self) -> bool:
        """Whether something of ours may be on the target."""
        return self.step in STANDING


def sha(text: str) -> str:
    """The digest a state of a target is written down by."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def note(book: Book, action: Action, step: Step, *, before: str = "", after: str = "", start: int = 0) -> None:
    """Write a step down; on return it is on the disk. `start`: when a block began, Unix seconds."""
    body = {
        "action": action.id,
        "kind": action.kind,
        "lasting": action.lasting,
        "diff_sha256": action.digest,
        "step": step.value,
        "before_sha256": before,
        "after_sha256": after,
        "lasts_s": action.lasts_s,
        "started": start,
        "incident": action.incident or "",
    }
    book.append(KIND, body, keys={"response": action.id, EVERY[0]: EVERY[1]})


def stand_of(book: Book, action_id: str) -> Stand | None:
    """Where one action stands; None if nothing was ever done."""
    return _folded(book.find("response", action_id, kind=KIND)).get(action_id)


def stands(book: Book) -> dict[str, Stand]:
    """Where every action stands that anything was ever done of, by id."""
    return _folded(book.find(*EVERY, kind=KIND))


def _folded(entries: Iterable[Entry]) -> dict[str, Stand]:
    known: dict[str, Stand] = {}
    for entry in entries:
        body = entry.body
        id_ = str(body.get("action", ""))
        try:
            step = Step(body["step"])
            old = known.get(id_)
            started, lasts = int(body["started"]), int(body["lasts_s"])
            applied = datetime.fromtimestamp(started, UTC) if started else old.applied if old else None
            expires = applied + timedelta(seconds=lasts) if applied and lasts else None
            known[id_] = Stand(
                id_,
                step,
                entry.at,
                applied,
                expires,
                str(body["before_sha256"]) or (old.before if old else ""),
                str(body["after_sha256"]) or (old.after if old else ""),
                str(body["diff_sha256"]),
                str(body["incident"]),
            )
        except (KeyError, ValueError, TypeError, OverflowError):
            continue  # an entry another version wrote in another form says nothing here
    return known
