"""Applying, reading back and taking back the actions of a plan, one after another: one way for every screen.

What is returned is plain: a screen says it in its own words. Nothing is done twice, and nothing unsigned is tried.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from seawall.model.action import Action
from seawall.pipeline.response import Response, goes_on
from seawall.response.execute import Outcome
from seawall.response.plans import Plan


@dataclass(frozen=True)
class Done:
    """What came of one action: an outcome, or why nothing was tried."""

    action: Action
    outcome: Outcome | None = None
    left: str = ""  # "person", "package" (no direct way) or "stopped" (one before it did not happen); empty: tried
    more: str = ""  # what flows say of it, where it was read back

    @property
    def failed(self) -> bool:
        """Whether it was tried and did not happen."""
        return self.outcome is not None and self.outcome.failed


def apply_in_order(opened: Response, plan: Plan, actions: Iterable[Action]) -> Iterator[Done]:
    """Apply each, read back by its channel; after the first that does not take the others are left.

    A person's deed and one without a direct way are told as left, and stop nothing.
    """
    stopped = False
    for action in actions:
        if action.lasting == "ask":
            yield Done(action, left="person")
        elif stopped:
            yield Done(action, left="stopped")
        elif opened.hands.channel(action) is None:
            yield Done(action, left="package")
        else:
            done = Done(action, opened.hands.apply(plan, action))
            stopped = done.failed
            yield done


def read_back(opened: Response, actions: Iterable[Action]) -> Iterator[Done]:
    """Whether each stands at its target, and from flows whether what it stops goes on. Changes nothing."""
    for action in actions:
        if action.lasting != "ask":
            yield Done(action, opened.hands.verify(action), more=goes_on(opened, action))


def take_back(opened: Response, plan: Plan, actions: Iterable[Action]) -> Iterator[Done]:
    """Take back what stands, last one first."""
    for action in reversed([one for one in actions if one.lasting != "ask"]):
        yield Done(action, opened.hands.undo(plan, action))
