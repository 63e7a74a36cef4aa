"""Tables of the TAXII server and client. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from seawall.state.tables import Base


class TaxiiCollectionRow(Base):
    """A collection's own clock: writers take turns at its row, so moments grow in the order of commits."""

    __tablename__ = "taxii_collections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    last_added: Mapped[int] = mapped_column(BigInteger)  # microseconds since 1970; never goes back, whatever the clock


class TaxiiObjectRow(Base):
    """One version of an object in a collection."""

    __tablename__ = "taxii_objects"
    __table_args__ = (
        Index(None, "collection", "object_id", "spec_version", "version"),
        Index(None, "collection", "type", "added"),
    )

    collection: Mapped[str] = mapped_column(ForeignKey("taxii_collections.id"), primary_key=True)
    added: Mapped[int] = mapped_column(
        BigInteger, primary_key=True
    )  # microseconds since 1970, unique in its collection
    object_id: Mapped[str] = mapped_column(String(300))
    type: Mapped[str] = mapped_column(String(250))
    spec_version: Mapped[str] = mapped_column(String(8))
    version: Mapped[str] = mapped_column(String(30))  # UTC with nine digits, so that it orders as text
    version_text: Mapped[str] = mapped_column(String(60))  # as the object writes it; empty: when it was added
    light: Mapped[int] = mapped_column(SmallInteger)  # its own TLP marking, 0 clear to 4 red
    gate: Mapped[int] = mapped_column(SmallInteger)  # the strictest of it and every later version's: who may see it
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the object with its keys in order
    body: Mapped[str] = mapped_column(Text)  # JSON in ASCII


class TaxiiStatusRow(Base):
    """What became of an upload."""

    __tablename__ = "taxii_status"
    __table_args__ = (Index(None, "asked"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    root: Mapped[str] = mapped_column(String(64))
    user: Mapped[str] = mapped_column(String(64))
    asked: Mapped[int] = mapped_column(BigInteger)  # microseconds since 1970
    document: Mapped[str] = mapped_column(Text)  # the status resource, JSON in ASCII


class TaxiiKeyRow(Base):
    """Keys that every process of a server shares."""

    __tablename__ = "taxii_keys"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str] = mapped_column(String(128))  # hexadecimal


class TaxiiPollRow(Base):
    """How far a collection of somebody else's server was read."""

    __tablename__ = "taxii_polls"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of address and filters
    added_after: Mapped[str] = mapped_column(String(60))  # as that server wrote it; empty: from the beginning
    next: Mapped[str] = mapped_column(Text)  # its token for the page after the last one kept; empty: none
    newest: Mapped[str] = mapped_column(String(60))  # of a walk that is not at its end: what added_after becomes then
    polled: Mapped[int] = mapped_column(BigInteger)  # microseconds since 1970
