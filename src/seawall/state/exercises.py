"""What is kept of exercises: who got which message, and what came of it, until the day it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from seawall.state.store import State
from seawall.state.training_tables import CampaignRow, MessageRow


@dataclass(frozen=True, slots=True)
class Kept:
    """An exercise as it stands. Times are UTC."""

    id: str
    at: datetime
    expires: datetime
    state: str
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one person."""

    token: str  # digest
    campaign: str
    person: str
    team: str
    item: str
    lure: bool
    state: str  # unknown, delivered, refused
    sent: datetime | None
    reported: datetime | None = None
    useful: bool | None = None
    opened: datetime | None = None
    clicked: datetime | None = None
    scans: int = 0


class ExerciseState:
    """Reads and writes exercises, in the state database it is given."""

    def __init__(self, state: State) -> None:
        self._state = state

    def campaigns(self) -> list[Kept]:
        """Every exercise, oldest first."""
        with self._state.session() as session:
            rows = session.scalars(select(CampaignRow).order_by(CampaignRow.at, CampaignRow.id))
            return [Kept(r.id, r.at, r.expires, r.state, r.document) for r in rows]

    def campaign(self, id_: str) -> Kept | None:
        """One exercise."""
        return next((kept for kept in self.campaigns() if kept.id == id_), None)

    def begin(self, id_: str, at: datetime, expires: datetime, document: Mapping[str, Any]) -> None:
        """Keep an exercise that is about to be sent; one that is there goes on."""
        with self._state.session() as session:
            if session.get(CampaignRow, id_) is None:
                session.add(CampaignRow(id=id_, at=at, expires=expires, state="sending", document=dict(document)))

    def set_state(self, id_: str, state: str) -> None:
        """Say how an exercise stands: sending, sent, stopped."""
        with self._state.session() as session:
            session.execute(update(CampaignRow).where(CampaignRow.id == id_).values(state=state))

    def note(self, sent: Sent) -> None:
        """Keep a message, before it is sent (`unknown`) and with what came of it."""
        with self._state.session() as session:
            session.merge(MessageRow(**{name: getattr(sent, name) for name in Sent.__dataclass_fields__}))

    def messages(self, campaign: str = "") -> list[Sent]:
        """Messages of an exercise, or of all."""
        asked = select(MessageRow).order_by(MessageRow.sent, MessageRow.token)
        if campaign:
            asked = asked.where(MessageRow.campaign == campaign)
        with self._state.session() as session:
            return [_sent(row) for row in session.scalars(asked)]

    def by_token(self, digest: str) -> Sent | None:
        """The message of a token's digest."""
        with self._state.session() as session:
            row = session.get(MessageRow, digest)
            return None if row is None else _sent(row)

    def close(self, id_: str, result: Mapping[str, Any]) -> None:
        """Delete what is known of persons of an exercise; what it came to by group stays."""
        with self._state.session() as session:
            session.execute(delete(MessageRow).where(MessageRow.campaign == id_))
            row = session.get(CampaignRow, id_)
            if row is not None:
                row.state = "expired"
                row.document = {**row.document, "result": dict(result)}


def _sent(row: MessageRow) -> Sent:
    return Sent(**{name: getattr(row, name) for name in Sent.__dataclass_fields__})
