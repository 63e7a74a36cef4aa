"""After a crash or a restart: compare what the ledger says with what targets hold, and leave no orphan.

Blocks are brought to where they should be: those that are due stay or come back for the time that is left, all others
go. Eradications are only looked at: no timer, crash or rollback ever undoes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from seawall.errors import PeerError
from seawall.model.action import Action
from seawall.response.channels import Channel
from seawall.response.execute import Hands, Outcome
from seawall.response.steps import Stand, Step, note, sha, stands


def reconcile(
    hands: Hands, actions: Mapping[str, Action], channels: Iterable[Channel], *, unfinished: bool = True
) -> Iterator[Outcome]:
    """Bring every block to where it should be, and say what became of what a crash cut short.

    `actions`: every action of every plan that can be read, by id. What stands by the ledger and is in none is left
    until its time is over; then it goes. `unfinished`: also settle what another process may be doing now.
    """
    known = stands(hands.book)
    for id_, stand in known.items():
        action = actions.get(id_)
        if action is None or not stand.stands or (not unfinished and stand.step in (Step.APPLYING, Step.UNDOING)):
            continue
        channel = hands.channel(action)
        if channel is None:
            continue
        try:
            outcome = _settle(hands, action, channel, stand)
        except PeerError as error:
            outcome = Outcome(action, stand.step, f"left as it is: {error}")
        if outcome:
            yield outcome
    if not _due_unread(hands, actions):
        for channel in channels:
            channel.sweep([actions[id_] for id_, s in stands(hands.book).items() if s.stands and id_ in actions])


def _due_unread(hands: Hands, actions: Mapping[str, Action]) -> bool:
    """Whether a block that is due belongs to a plan nobody can read: a sweep would take it for an orphan."""
    now = hands.clock.now()
    return any(
        stand.stands and stand.expires is not None and now < stand.expires
        for id_, stand in stands(hands.book).items()
        if id_ not in actions
    )


def _settle(hands: Hands, action: Action, channel: Channel, stand: Stand) -> Outcome | None:
    now, held = hands.clock.now(), channel.read(action)
    there = held == channel.wanted(action, "") if action.lasting == "block" else sha(held) != stand.before
    if action.lasting != "block":
        return _look(hands, action, stand, held, there)
    due = stand.expires is not None and now < stand.expires and stand.step in (Step.APPLIED, Step.VERIFIED)
    if stand.step is Step.APPLYING and there and stand.expires and now < stand.expires:
        note(hands.book, action, Step.VERIFIED, after=sha(held))
        return Outcome(action, Step.VERIFIED, "a crash came after it was applied; it stands")
    if due and there:
        return None
    if due and not held:
        return _again(hands, action, channel, stand, now)
    if held and not there:
        note(hands.book, action, Step.LOST, after=sha(held))
        return Outcome(action, Step.LOST, f"somebody else put something in its place: {held}")
    over = stand.expires is not None and stand.expires <= now
    step = Step.EXPIRED if over else Step.UNDONE if stand.step is Step.UNDOING else Step.FAILED
    if there:
        channel.undo(action)
        if channel.read(action):
            return Outcome(action, stand.step, "told to go, but the target still holds it")
    note(hands.book, action, step, after=sha(""))
    return Outcome(action, step, "gone")


def _again(hands: Hands, action: Action, channel: Channel, stand: Stand, now: datetime) -> Outcome:
    """A block the target lost, put back for the time that is left."""
    assert stand.expires is not None
    if why := list(hands.guard.written_wrong(action)):
        return Outcome(action, stand.step, "lost by the target, and not put back: " + "; ".join(why))
    if hands.guard.is_stopped():
        return Outcome(action, stand.step, "lost by the target, and not put back: the kill switch was pulled")
    channel.apply(action, max(1, int((stand.expires - now).total_seconds())))
    return Outcome(action, stand.step, "lost by the target, and put back for the time that is left")


def _look(hands: Hands, action: Action, stand: Stand, held: str, there: bool) -> Outcome | None:
    """An eradication: say how it is."""
    if stand.step is Step.VERIFIED and sha(held) == stand.after:
        return None
    if there and (not stand.after or sha(held) == stand.after):
        note(hands.book, action, Step.VERIFIED, after=sha(held))
        return Outcome(action, Step.VERIFIED, "a crash came after it was applied; it stands")
    if stand.step is Step.APPLYING:
        note(hands.book, action, Step.FAILED, after=sha(held))
        return Outcome(action, Step.FAILED, "a crash came before it was applied; nothing was changed")
    if stand.step is Step.UNDOING and not there:
        note(hands.book, action, Step.UNDONE, after=sha(held))
        return Outcome(action, Step.UNDONE, "a crash came after it was undone")
    return Outcome(action, stand.step, f"the target holds something else than we left: {held or 'nothing'}")
