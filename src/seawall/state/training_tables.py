"""Tables of lessons and exercises. Persons stand in them by the id of the roster; every row has a day it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from seawall.state.tables import Base, UtcTime


class AnswerRow(Base):
    """One answer of one person; `document` is its outcome."""

    __tablename__ = "training_answers"
    __table_args__ = (Index(None, "learner", "id"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    learner: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcTime)
    lesson: Mapped[str] = mapped_column(String(60))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class CardRow(Base):
    """When a topic comes back for a person."""

    __tablename__ = "training_cards"

    learner: Mapped[str] = mapped_column(String(200), primary_key=True)
    topic: Mapped[str] = mapped_column(String(60), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcTime)  # of the last practice


class SittingRow(Base):
    """A practice in progress, one a person."""

    __tablename__ = "training_sittings"

    learner: Mapped[str] = mapped_column(String(200), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(UtcTime)


class AssignmentRow(Base):
    """A lesson somebody is asked to do."""

    __tablename__ = "training_assignments"
    __table_args__ = (Index(None, "learner"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    learner: Mapped[str] = mapped_column(String(200))
    lesson: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(UtcTime)
    due: Mapped[datetime | None] = mapped_column(UtcTime)
    done: Mapped[datetime | None] = mapped_column(UtcTime)


class OptOutRow(Base):
    """A person who takes no part in exercises. No reason is asked or kept."""

    __tablename__ = "training_optouts"

    person: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)


class CampaignRow(Base):
    """An exercise: what was planned, and, when its messages are gone, what it came to."""

    __tablename__ = "training_campaigns"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[datetime] = mapped_column(UtcTime)  # when what is known of persons goes
    state: Mapped[str] = mapped_column(String(20))  # planned, sending, sent, stopped, expired
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class MessageRow(Base):
    """One message of an exercise to one person. The token itself is only in the message: here is its digest."""

    __tablename__ = "training_messages"
    __table_args__ = (Index(None, "campaign"),)

    token: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the token, hexadecimal
    campaign: Mapped[str] = mapped_column(ForeignKey("training_campaigns.id"))
    person: Mapped[str] = mapped_column(String(200))
    team: Mapped[str] = mapped_column(String(200))  # the roster's group
    item: Mapped[str] = mapped_column(String(125))
    lure: Mapped[bool]  # false: a genuine message among them
    state: Mapped[str] = mapped_column(String(20))  # planned, delivered, refused, unknown
    sent: Mapped[datetime | None] = mapped_column(UtcTime)
    reported: Mapped[datetime | None] = mapped_column(UtcTime)
    useful: Mapped[bool | None]  # the report held the original, headers and all
    opened: Mapped[datetime | None] = mapped_column(UtcTime)  # the page was fetched: by a person or a machine, unknown
    clicked: Mapped[datetime | None] = mapped_column(UtcTime)  # a person acted on the page
    scans: Mapped[int]  # fetches by machines
