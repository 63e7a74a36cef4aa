"""Doing it: written down first, done, read back. Whatever happens in between, the ledger and the target tell."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from seawall.errors import PeerError
from seawall.model.action import Action
from seawall.model.clock import Clock
from seawall.people.approve import tally
from seawall.people.book import Book
from seawall.people.register import Register
from seawall.response.channels import Channel
from seawall.response.guard import Guard
from seawall.response.plans import Plan
from seawall.response.steps import Stand, Step, note, sha, stand_of

LIFT: Final = "respond.lift"  # rule for ending a block early
UNDO: Final = "respond.undo"  # rule for undoing an eradication
_LOOK_AGAIN_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action."""

    action: Action
    step: Step | None  # None: nothing was done
    said: str  # in words, for people

    @property
    def failed(self) -> bool:
        """Whether what was wanted did not happen."""
        return self.step not in (Step.VERIFIED, Step.UNDONE, Step.EXPIRED, Step.HANDED)


@dataclass(frozen=True)
class Hands:
    """What acts for a case: who may sign, what was signed, what forbids, and the doors.

    One process acts for a case at a time: whoever makes this holds the case's turn.
    """

    case: str  # uuid
    register: Register
    book: Book
    clock: Clock
    guard: Guard
    channel: Callable[[Action], Channel | None]  # None: there is no direct way; hand over a package

    def unsigned(self, plan: Plan, action: Action, deed: str = "") -> str:
        """What is missing of the signatures an action needs; empty if they are complete."""
        count = tally(plan.request(action, self.case, deed), register=self.register, book=self.book, clock=self.clock)
        return "" if count.complete else f"{len(count.approvers)} of {count.needed} signatures that count now"

    def refusals(self, plan: Plan, action: Action, *, ordered: bool = False) -> list[str]:
        """Why an action may not be applied now. `ordered`: under a standing order, which was signed beforehand."""
        why = self.guard.forbidden(action, plan, self.book, self.clock.now())
        if not ordered and (missing := self.unsigned(plan, action)):
            why.append(missing)
        known = stand_of(self.book, action.id)
        if known is not None and known.step not in (Step.FAILED, Step.HANDED):
            why.append(f"it is {known.step.value} already")
        return why

    def apply(self, plan: Plan, action: Action, *, ordered: bool = False) -> Outcome:
        """Apply one action, if nothing forbids it, and read back whether it took. A change that did not is taken back.

        Raises:
            InputError: the ledger cannot be written; then nothing was done.
        """
        if why := self.refusals(plan, action, ordered=ordered):
            return Outcome(action, None, "not applied: " + "; ".join(why))
        channel = self.channel(action)
        if channel is None:
            return Outcome(action, None, "not applied: no direct way; see: seawall respond handover")
        try:
            before = channel.read(action)
        except PeerError as error:
            return Outcome(action, None, f"not applied: {error}")
        if action.lasting == "block" and before:
            return Outcome(action, None, f"not applied: the target holds {before!r} there already, not ours")
        if before == channel.wanted(action, before):
            return Outcome(action, None, "not applied: the target is as wanted already")
        note(self.book, action, Step.APPLYING, before=sha(before), start=int(self.clock.now().timestamp()))
        return self._do(action, channel, before)

    def _do(self, action: Action, channel: Channel, before: str) -> Outcome:
        try:
            channel.apply(action, action.lasts_s)
        except PeerError as error:
            return self._after_failure(action, channel, before, str(error))
        seen = self._wait(channel, action, channel.wanted(action, before), before)
        if seen is None:
            return self._after_failure(action, channel, before, "told, but the target does not show it")
        note(self.book, action, Step.VERIFIED, after=sha(seen))
        if action.lasting == "block" and self.guard.is_stopped():  # the kill switch was pulled meanwhile
            return self._take_back(action, channel, Stand.of(action, sha(before), sha(seen)))
        return Outcome(action, Step.VERIFIED, f"applied and read back: {seen or 'gone'}")

    def _wait(self, channel: Channel, action: Action, wanted: str | None, before: str) -> str | None:
        """What the target holds once it is what was wanted; None if it never is."""
        ends = time.monotonic() + channel.patience_s
        while True:
            try:
                seen: str | None = channel.read(action)
            except PeerError:
                seen = None
            if seen is not None and (seen == wanted if wanted is not None else seen != before):
                return seen
            if time.monotonic() >= ends:
                return None
            time.sleep(_LOOK_AGAIN_S)

    def _after_failure(self, action: Action, channel: Channel, before: str, why: str) -> Outcome:
        """Look what is there after a refusal, and take back what half a change left of a block."""
        try:
            if action.lasting == "block" and _part_of(channel.read(action), channel.wanted(action, before)):
                channel.undo(action)
            seen = channel.read(action)
        except PeerError as error:
            note(self.book, action, Step.UNCLEAR)
            return Outcome(action, Step.UNCLEAR, f"{why}; what the target holds now is unknown ({error})")
        if seen == before:
            note(self.book, action, Step.FAILED, after=sha(seen))
            return Outcome(action, Step.FAILED, f"{why}; nothing was changed")
        note(self.book, action, Step.UNCLEAR, after=sha(seen))
        return Outcome(action, Step.UNCLEAR, f"{why}; the target now holds: {seen or 'nothing'}")

    def undo(self, plan: Plan, action: Action) -> Outcome:
        """Take an action back, unless somebody else changed the object since. An eradication needs fresh signatures.

        Raises:
            InputError: the ledger cannot be written; then nothing was done.
        """
        known = stand_of(self.book, action.id)
        if known is None or not known.stands:
            return Outcome(action, None, f"nothing to undo: {known.step.value if known else 'never applied'}")
        if missing := self.unsigned(plan, action, LIFT if action.lasting == "block" else UNDO):
            return Outcome(action, None, f"not undone: {missing}")
        if not action.undo:
            return Outcome(action, None, "not undone: only a person can take this back")
        if known.digest != action.digest:
            return Outcome(action, None, "not undone: the plan differs from what was applied")
        channel = self.channel(action)
        if channel is None:
            return Outcome(action, None, "not undone: no direct way; see: seawall respond handover --undo")
        return self._take_back(action, channel, known)

    def _take_back(self, action: Action, channel: Channel, known: Stand, done: Step = Step.UNDONE) -> Outcome:
        try:
            now = channel.read(action)
            if sha(now) == known.before:
                note(self.book, action, done, after=sha(now))
                return Outcome(action, done, "the target is as before already")
            if not self._is_ours(action, channel, known, now):
                return Outcome(action, None, f"not undone: changed since by somebody else: {now or 'gone'}")
        except PeerError as error:
            return Outcome(action, None, f"not undone: {error}")
        note(self.book, action, Step.UNDOING)
        try:
            channel.undo(action)
        except PeerError as error:
            return self._undo_refused(action, channel, known, str(error), done)
        return self._taken_back(action, channel, known, now, done)

    def _undo_refused(self, action: Action, channel: Channel, known: Stand, why: str, done: Step) -> Outcome:
        """Look what is there after a refused undo: it may have happened all the same."""
        try:
            now = channel.read(action)
        except PeerError as error:
            return Outcome(action, None, f"{why}; whether it was taken back is unknown ({error})")
        if sha(now) == known.before:
            note(self.book, action, done, after=known.before)
            return Outcome(action, done, f"taken back and read back, though: {why}")
        if self._is_ours(action, channel, known, now):
            note(self.book, action, Step.VERIFIED, after=sha(now))
            return Outcome(action, None, f"not undone, it still stands: {why}")
        return Outcome(action, None, f"{why}; the target now holds: {now or 'nothing'}")

    def _is_ours(self, action: Action, channel: Channel, known: Stand, now: str) -> bool:
        return sha(now) == known.after if known.after else now == channel.wanted(action, "")

    def _taken_back(self, action: Action, channel: Channel, known: Stand, was: str, done: Step) -> Outcome:
        seen = self._wait_sha(channel, action, known.before)
        if seen:
            note(self.book, action, done, after=known.before)
            return Outcome(action, done, "taken back and read back: the target is as before")
        note(self.book, action, Step.UNCLEAR)
        return Outcome(action, Step.UNCLEAR, f"told, but the target does not show the state before; it held {was!r}")

    def _wait_sha(self, channel: Channel, action: Action, wanted: str) -> bool:
        ends = time.monotonic() + channel.patience_s
        while True:
            try:
                if sha(channel.read(action)) == wanted:
                    return True
            except PeerError:
                pass
            if time.monotonic() >= ends:
                return False
            time.sleep(_LOOK_AGAIN_S)

    def verify(self, action: Action) -> Outcome:
        """Read back whether an action still stands; writes down what changed, and changes nothing itself."""
        known = stand_of(self.book, action.id)
        channel = self.channel(action)
        if known is None or channel is None:
            return Outcome(
                action, known.step if known else None, "nothing to read back" if channel else "no direct way"
            )
        try:
            now = channel.read(action)
        except PeerError as error:
            return Outcome(action, known.step, f"not readable: {error}")
        if known.stands and self._is_ours(action, channel, known, now):
            if known.step is not Step.VERIFIED:
                note(self.book, action, Step.VERIFIED, after=sha(now))
            return Outcome(action, Step.VERIFIED, f"stands: {now or 'gone, as wanted'}")
        if known.stands:
            over = known.expires is not None and known.expires <= self.clock.now()
            step = Step.EXPIRED if over and sha(now) == known.before else Step.LOST
            note(self.book, action, step, after=sha(now))
            return Outcome(action, step, f"does not stand any more: the target holds {now or 'nothing'}")
        return Outcome(action, known.step, f"{known.step.value}: the target holds {now or 'nothing'}")


def _part_of(seen: str, wanted: str | None) -> bool:
    """Whether what a target holds is what we told it, or the part of it that got there."""
    return bool(seen) and set(seen.split("; ")) <= set((wanted or "").split("; "))
