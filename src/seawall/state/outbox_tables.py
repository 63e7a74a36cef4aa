"""Tables of the outbox: what is sent to whom, which incidents were told, and what ticket systems answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from seawall.state.tables import Base, UtcTime


class DeliveryRow(Base):
    """Something to be sent once by one channel: a notice, a finding for a SIEM, a ticket."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("channel", "kind", "thing", "level"), Index(None, "sent", "due"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))  # notice, ocsf, ticket
    thing: Mapped[str] = mapped_column(String(64))  # id of the incident or finding
    level: Mapped[int]  # severity 0 to 4 it had when it was told
    made: Mapped[datetime] = mapped_column(UtcTime)
    due: Mapped[datetime] = mapped_column(UtcTime)  # not to be tried before
    sent: Mapped[datetime | None] = mapped_column(UtcTime)
    tries: Mapped[int] = mapped_column(default=0)
    over: Mapped[str] = mapped_column(String(20), default="")  # why it is not tried any more; empty if it is
    error: Mapped[str] = mapped_column(String(300), default="")  # of the last try


class StoryRow(Base):
    """An incident people were told of, and by which events it is known again should its id change."""

    __tablename__ = "stories"

    thing: Mapped[str] = mapped_column(String(64), primary_key=True)  # the incident's id when it was first told
    level: Mapped[int]  # highest severity told
    made: Mapped[datetime] = mapped_column(UtcTime)
    events: Mapped[list[str]] = mapped_column(JSON)
    acknowledged: Mapped[datetime | None] = mapped_column(UtcTime)
    person: Mapped[str] = mapped_column(String(200), default="")  # who acknowledged


class IncidentTicketRow(Base):
    """What a ticket system said of an incident."""

    __tablename__ = "incident_tickets"

    incident: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(100), primary_key=True)
    ticket: Mapped[str] = mapped_column(String(100))
    status: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcTime)
    said: Mapped[str] = mapped_column(String(64))  # SHA-256 of the message: the same one twice changes nothing
