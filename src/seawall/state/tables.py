"""The tables of the state database. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

HEAD: Final = "0006"  # the newest migration


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC, microseconds; databases without zones keep it as UTC and give it back aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What goes into the database."""
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - its hook
        """What comes out of it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; every constraint has a name, so that later migrations can take hold of it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class HuntRow(Base):
    """A run of the hunt."""

    __tablename__ = "hunts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    started: Mapped[datetime] = mapped_column(UtcTime)
    finished: Mapped[datetime | None] = mapped_column(UtcTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)  # what was read and found, by name


class FindingRow(Base):
    """A finding; `document` is its JSON line, the other columns are there to search by."""

    __tablename__ = "findings"
    __table_args__ = (Index(None, "first", "id"), Index(None, "detector"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    detector: Mapped[str] = mapped_column(String(200))
    severity: Mapped[int]  # 0 informational to 4 critical
    first: Mapped[datetime] = mapped_column(UtcTime)
    last: Mapped[datetime] = mapped_column(UtcTime)
    run: Mapped[int | None] = mapped_column(ForeignKey("hunts.id"))  # the hunt that found it first
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class IncidentRow(Base):
    """An incident; `document` is its JSON line."""

    __tablename__ = "incidents"
    __table_args__ = (Index(None, "first", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    severity: Mapped[int]
    first: Mapped[datetime] = mapped_column(UtcTime)
    last: Mapped[datetime] = mapped_column(UtcTime)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)


class FeedbackRow(Base):
    """What a person thought of a finding. The finding may be gone by then: no foreign key."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "finding"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    finding: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcTime)
    person: Mapped[str] = mapped_column(String(200))
    verdict: Mapped[str] = mapped_column(String(20))  # right, wrong, unsure
    note: Mapped[str] = mapped_column(Text, default="")


class SharedRow(Base):
    """An object (STIX 2.1) that came from somebody, is ours to give, or was given: one row a version and collection."""

    __tablename__ = "shared_objects"
    __table_args__ = (
        UniqueConstraint("collection", "object_id", "version"),
        Index(None, "collection", "added"),
        Index(None, "object_id"),
    )

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    collection: Mapped[str] = mapped_column(String(150))
    object_id: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(40))  # its `modified`, else `created`, else `added`; as text
    type: Mapped[str] = mapped_column(String(100))
    added: Mapped[datetime] = mapped_column(UtcTime)  # unique and rising within a collection
    source: Mapped[str] = mapped_column(String(200))  # who gave it
    light: Mapped[int]  # 0 clear to 4 red: its own marking and that of what held it
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    notes: Mapped[dict[str, Any]] = mapped_column(JSON)  # what we know of it beside what it says


class UserRow(Base):
    """Somebody who may log in to the console."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("subject"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # as people.toml calls them, if it does
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str] = mapped_column(String(300))  # argon2id, with its parameters; empty: cannot log in with one
    totp: Mapped[str] = mapped_column(String(300))  # second factor's secret, sealed with the console's key; or empty
    totp_step: Mapped[int]  # last 30-second step a code was used of: none is taken twice
    roles: Mapped[list[str]] = mapped_column(JSON)
    subject: Mapped[str | None] = mapped_column(String(500))  # issuer and subject of OpenID Connect
    created: Mapped[datetime] = mapped_column(UtcTime)
    disabled: Mapped[bool]
    failures: Mapped[int]  # wrong passwords and codes since the last right one
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)


class SessionRow(Base):
    """Somebody who is logged in."""

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "user"), Index(None, "expires"))

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the cookie, hex
    user: Mapped[str] = mapped_column(ForeignKey("users.id"))
    begun: Mapped[datetime] = mapped_column(UtcTime)
    seen: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[datetime] = mapped_column(UtcTime)
    strong: Mapped[bool]  # with a second factor


class TokenRow(Base):
    """What a program shows instead of a log-in."""

    __tablename__ = "tokens"
    __table_args__ = (UniqueConstraint("digest"), Index(None, "user"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the token, hex
    user: Mapped[str] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(UtcTime)
    expires: Mapped[datetime] = mapped_column(UtcTime)
    used: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked: Mapped[datetime | None] = mapped_column(UtcTime)


class TicketRow(Base):
    """Something good for one use: a challenge that waits for its answer, or the mark of a form already taken."""

    __tablename__ = "tickets"
    __table_args__ = (Index(None, "expires"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    user: Mapped[str] = mapped_column(String(64))
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires: Mapped[datetime] = mapped_column(UtcTime)


class NoteRow(Base):
    """What somebody wrote beside an incident. The incident may be merged away by then: no foreign key."""

    __tablename__ = "incident_notes"
    __table_args__ = (Index(None, "incident"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    incident: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcTime)
    person: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class WorkRow(Base):
    """Who works an incident, and how far they are."""

    __tablename__ = "incident_work"

    incident: Mapped[str] = mapped_column(String(32), primary_key=True)
    assignee: Mapped[str] = mapped_column(String(64))  # empty: nobody
    status: Mapped[str] = mapped_column(String(20))
    changed: Mapped[datetime] = mapped_column(UtcTime)
    person: Mapped[str] = mapped_column(String(64))  # who changed it last
    version: Mapped[int]  # counts changes, so that two people do not overwrite each other unseen


class SearchRow(Base):
    """A question somebody asked of the lake and wants to ask again."""

    __tablename__ = "saved_searches"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    sql: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)
