"""The outbox: what is to be sent, once by each channel, whatever dies in between; and what came of it.

A row is made in the same transaction as its neighbours, sent, and only then marked: a kill between the two sends it
again, and the receiver knows it by its id. A row that was sent is never made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select, update

from seawall.state.outbox_tables import DeliveryRow, IncidentTicketRow, StoryRow
from seawall.state.store import State

FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(hours=1)
MOST_EVENTS: Final = 500  # of a story, by which it is known again
_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing for one channel."""

    id: int
    channel: str
    kind: str  # notice, ocsf, ticket
    thing: str
    level: int
    made: datetime  # UTC
    tries: int
    sent: datetime | None = None
    over: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """An incident people were told of."""

    thing: str
    level: int
    made: datetime  # UTC
    events: frozenset[str]
    acknowledged: datetime | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a ticket system said of an incident."""

    incident: str
    channel: str
    ticket: str
    status: str
    at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class Outbox:
    """The outbox of a case's state."""

    state: State

    def put(self, wanted: Iterable[tuple[str, str, str, int]], now: datetime) -> int:
        """Take (channel, kind, thing, level), each once for ever; returns how many were new."""
        rows = list(dict.fromkeys(wanted))
        came = 0
        for start in range(0, len(rows), _AT_ONCE):
            piece = rows[start : start + _AT_ONCE]
            with self.state.session() as session:
                things = {thing for _, _, thing, _ in piece}
                there = {
                    (row.channel, row.kind, row.thing, row.level)
                    for row in session.scalars(select(DeliveryRow).where(DeliveryRow.thing.in_(things)))
                }
                for channel, kind, thing, level in piece:
                    if (channel, kind, thing, level) not in there:
                        session.add(
                            DeliveryRow(channel=channel, kind=kind, thing=thing, level=level, made=now, due=now)
                        )
                        came += 1
        return came

    def due(self, now: datetime, channel: str, most: int = 200) -> list[Delivery]:
        """What a channel should be given now, oldest first."""
        with self.state.session() as session:
            rows = session.scalars(
                select(DeliveryRow)
                .where(DeliveryRow.channel == channel, DeliveryRow.sent.is_(None), DeliveryRow.over == "")
                .where(DeliveryRow.due <= now)
                .order_by(DeliveryRow.id)
                .limit(most)
            )
            return [_delivery(row) for row in rows]

    def last_sent(self, channel: str) -> datetime | None:
        """When a channel last took something."""
        with self.state.session() as session:
            return session.scalar(select(func.max(DeliveryRow.sent)).where(DeliveryRow.channel == channel))

    def sent(self, ids: Sequence[int], now: datetime) -> None:
        """The channel took these."""
        with self.state.session() as session:
            session.execute(
                update(DeliveryRow)
                .where(DeliveryRow.id.in_(ids))
                .values(sent=now, tries=DeliveryRow.tries + 1, error="")
            )

    def failed(self, ids: Sequence[int], why: str, now: datetime, give_up: timedelta) -> None:
        """The channel took none of these; each is tried again later, ever more rarely, or given up."""
        with self.state.session() as session:
            for row in session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(ids))):
                row.tries += 1
                row.error = why[:300]
                row.due = now + min(FIRST_PAUSE * 2 ** min(row.tries - 1, 12), LONGEST_PAUSE)
                if now - row.made >= give_up:
                    row.over = "given up"

    def drop(self, ids: Sequence[int], why: str) -> None:
        """These need not be sent any more."""
        with self.state.session() as session:
            session.execute(update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(over=why[:20]))

    def every(self, most: int = 500) -> list[Delivery]:
        """The newest deliveries, whatever became of them, newest first."""
        with self.state.session() as session:
            rows = session.scalars(select(DeliveryRow).order_by(DeliveryRow.id.desc()).limit(most))
            return [_delivery(row) for row in rows]

    def counts(self) -> dict[tuple[str, str, str], int]:
        """(channel, kind, sent | waiting | given up | dropped) → how many."""
        found: dict[tuple[str, str, str], int] = {}
        with self.state.session() as session:
            asked = select(
                DeliveryRow.channel, DeliveryRow.kind, DeliveryRow.sent.is_not(None), DeliveryRow.over, func.count()
            ).group_by(DeliveryRow.channel, DeliveryRow.kind, DeliveryRow.sent.is_not(None), DeliveryRow.over)
            for channel, kind, sent, over, count in session.execute(asked):
                word = "sent" if sent else "given up" if over == "given up" else "dropped" if over else "waiting"
                found[(channel, kind, word)] = found.get((channel, kind, word), 0) + count
        return found

    def stories(self) -> list[Story]:
        """Every incident people were told of, oldest first."""
        with self.state.session() as session:
            rows = session.scalars(select(StoryRow).order_by(StoryRow.made, StoryRow.thing))
            return [Story(r.thing, r.level, r.made, frozenset(r.events), r.acknowledged, r.person) for r in rows]

    def tell(self, thing: str, level: int, events: Iterable[str], now: datetime) -> None:
        """An incident is told, or told again as it grew worse; the events it is known by grow with it."""
        with self.state.session() as session:
            row = session.get(StoryRow, thing)
            if row is None:
                session.add(StoryRow(thing=thing, level=level, made=now, events=sorted(events)[:MOST_EVENTS]))
                return
            row.level = max(row.level, level)
            row.events = sorted({*row.events, *events})[:MOST_EVENTS]

    def acknowledge(self, thing: str, person: str, now: datetime) -> bool:
        """Somebody looks after an incident: nobody else is told because of time. False if nobody was told of it."""
        with self.state.session() as session:
            row = session.get(StoryRow, thing)
            if row is None:
                return False
            if row.acknowledged is None:
                row.acknowledged, row.person = now, person[:200]
            return True

    def hear(self, ticket: Ticket, said: str) -> bool:
        """Keep what a ticket system said; False if it said so before, or something later."""
        with self.state.session() as session:
            row = session.get(IncidentTicketRow, (ticket.incident, ticket.channel))
            if row is not None and (row.said == said or row.at > ticket.at):
                return False
            if row is None:
                row = IncidentTicketRow(incident=ticket.incident, channel=ticket.channel)
                session.add(row)
            row.ticket, row.status, row.at, row.said = ticket.ticket, ticket.status, ticket.at, said
            return True

    def tickets(self) -> list[Ticket]:
        """What ticket systems last said, by incident and channel."""
        with self.state.session() as session:
            rows = session.scalars(
                select(IncidentTicketRow).order_by(IncidentTicketRow.incident, IncidentTicketRow.channel)
            )
            return [Ticket(r.incident, r.channel, r.ticket, r.status, r.at) for r in rows]

    def forget(self, before: datetime) -> int:
        """Let go of what was sent or given up before a moment; returns how many rows went."""
        with self.state.session() as session:
            old = delete(DeliveryRow).where(DeliveryRow.made < before)
            gone = session.execute(old.where((DeliveryRow.sent.is_not(None)) | (DeliveryRow.over != "")))
            session.execute(delete(StoryRow).where(StoryRow.made < before, StoryRow.acknowledged.is_not(None)))
            session.execute(delete(IncidentTicketRow).where(IncidentTicketRow.at < before))
            return int(gone.rowcount)  # type: ignore[attr-defined]


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        row.id, row.channel, row.kind, row.thing, row.level, row.made, row.tries, row.sent, row.over, row.error
    )
