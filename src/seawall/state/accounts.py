"""Who may log in, who is logged in, which programs hold a token, and what is good for one use only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from seawall.errors import InputError
from seawall.state.store import State
from seawall.state.tables import SessionRow, TicketRow, TokenRow, UserRow

LOCK_AFTER: Final = 5  # wrong tries in a row
_LOCK_FIRST: Final = timedelta(minutes=2)  # then twice as long with each further one, up to:
_LOCK_MOST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may log in. Secrets are the digests and sealed texts of the table."""

    id: str
    name: str
    roles: tuple[str, ...]
    password: str = ""
    totp: str = ""
    totp_step: int = 0
    subject: str | None = None
    created: datetime | None = None
    disabled: bool = False
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A session and whose it is."""

    id: str
    user: User
    begun: datetime
    seen: datetime
    expires: datetime
    strong: bool


@dataclass(frozen=True, slots=True)
class Token:
    """A program's token; the token itself is nowhere but with the program."""

    id: str
    user: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime
    used: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Something good for one use."""

    id: str
    kind: str
    user: str
    document: Mapping[str, Any]
    expires: datetime


class Accounts:
    """The tables of users, sessions, tokens and tickets in a state database."""

    def __init__(self, state: State) -> None:
        self._state = state

    # -- users ---------------------------------------------------------------------------------------------------

    def users(self) -> list[User]:
        """Everybody, by id."""
        with self._state.session() as session:
            return [_user(row) for row in session.scalars(select(UserRow).order_by(UserRow.id))]

    def user(self, id_: str) -> User | None:
        """One user by id, letter by letter."""
        with self._state.session() as session:
            row = session.get(UserRow, id_)
            return _user(row) if row else None

    def by_subject(self, subject: str) -> User | None:
        """The user somebody else's log-in service calls so."""
        with self._state.session() as session:
            row = session.scalar(select(UserRow).where(UserRow.subject == subject))
            return _user(row) if row else None

    def empty(self) -> bool:
        """Whether nobody may log in yet."""
        with self._state.session() as session:
            return not session.scalar(select(func.count()).select_from(UserRow))

    def check_free(self, id_: str) -> None:
        """Raises InputError if somebody is called so already, but for the case of letters."""
        if any(user.id.casefold() == id_.casefold() for user in self.users()):
            raise InputError(f"there is a user {id_} already", mend="choose another id")

    def add(self, user: User, now: datetime, *, first: bool = False) -> None:
        """Add a user; with `first`, only if there is none at all.

        Raises:
            InputError: somebody is called so already (but for the case of letters), or, with `first`, anybody is there.
        """
        with self._state.session() as session:
            known = list(session.scalars(select(UserRow.id)))
            if (first and known) or user.id.casefold() in {id_.casefold() for id_ in known}:
                raise InputError(
                    "somebody is there already" if first else f"there is a user {user.id} already",
                    mend="log in" if first else "choose another id",
                )
            session.add(UserRow(**_columns(user), created=now))
            _unless_there(session, user.id)

    def change(self, id_: str, *, end_sessions: bool = False, **columns: Any) -> None:
        """Set columns of a user; `end_sessions` logs them out everywhere. Raises InputError if there is none."""
        with self._state.session() as session:
            row = session.get(UserRow, id_)
            if row is None:
                raise InputError(f"no user is called {id_}", mend="see the list of users")
            for name, value in columns.items():
                setattr(row, name, list(value) if name == "roles" else value)
            if end_sessions:
                session.execute(delete(SessionRow).where(SessionRow.user == id_))

    def failed(self, id_: str, now: datetime) -> datetime | None:
        """Count a wrong try; returns until when the account is locked, if it is now."""
        with self._state.session() as session:
            session.execute(update(UserRow).where(UserRow.id == id_).values(failures=UserRow.failures + 1))
            row = session.get(UserRow, id_)
            if row is None or row.failures < LOCK_AFTER:
                return None
            row.locked_until = now + min(_LOCK_MOST, _LOCK_FIRST * 2 ** min(row.failures - LOCK_AFTER, 10))
            return row.locked_until

    def use_code(self, id_: str, step: int) -> bool:
        """Take a second-factor code of a 30-second step; false if one of that step or a later one was taken."""
        with self._state.session() as session:
            taken = session.execute(
                update(UserRow).where(UserRow.id == id_, UserRow.totp_step < step).values(totp_step=step)
            )
            return bool(taken.rowcount)  # type: ignore[attr-defined]  # what UPDATE returns has one

    # -- sessions ------------------------------------------------------------------------------------------------

    def begin(self, id_: str, user: str, now: datetime, expires: datetime, *, strong: bool) -> None:
        """Log somebody in; forgets sessions and tickets that are over."""
        with self._state.session() as session:
            session.execute(delete(SessionRow).where(SessionRow.expires <= now))
            session.execute(delete(TicketRow).where(TicketRow.expires <= now))
            session.execute(update(UserRow).where(UserRow.id == user).values(failures=0, locked_until=None))
            session.add(SessionRow(id=id_, user=user, begun=now, seen=now, expires=expires, strong=strong))

    def session(self, id_: str, now: datetime, idle: timedelta) -> LoggedIn | None:
        """The session of that id, if it is not over and its user may still log in."""
        with self._state.session() as session:
            found = session.execute(
                select(SessionRow, UserRow).join(UserRow, SessionRow.user == UserRow.id).where(SessionRow.id == id_)
            ).first()
            if found is None:
                return None
            row, user = found
            if user.disabled or row.expires <= now or row.seen + idle <= now:
                return None
            if now - row.seen > min(timedelta(minutes=1), idle / 4):
                row.seen = now
            return LoggedIn(row.id, _user(user), row.begun, row.seen, row.expires, row.strong)

    def strengthen(self, id_: str) -> None:
        """A second factor was shown in this session."""
        with self._state.session() as session:
            session.execute(update(SessionRow).where(SessionRow.id == id_).values(strong=True))

    def end(self, id_: str) -> None:
        """Log out."""
        with self._state.session() as session:
            session.execute(delete(SessionRow).where(SessionRow.id == id_))

    # -- tokens --------------------------------------------------------------------------------------------------

    def add_token(self, token: Token, digest: str) -> None:
        """Keep a token by its digest."""
        with self._state.session() as session:
            session.add(
                TokenRow(
                    id=token.id,
                    digest=digest,
                    user=token.user,
                    name=token.name,
                    scopes=list(token.scopes),
                    created=token.created,
                    expires=token.expires,
                )
            )

    def tokens(self, user: str | None = None) -> list[Token]:
        """Everybody's tokens, or one user's, oldest first."""
        asked = select(TokenRow).order_by(TokenRow.created, TokenRow.id)
        with self._state.session() as session:
            rows = session.scalars(asked if user is None else asked.where(TokenRow.user == user))
            return [_token(row) for row in rows]

    def token(self, digest: str, now: datetime) -> tuple[Token, User] | None:
        """The token of that digest, if it is good and its user may log in."""
        with self._state.session() as session:
            found = session.execute(
                select(TokenRow, UserRow).join(UserRow, TokenRow.user == UserRow.id).where(TokenRow.digest == digest)
            ).first()
            if found is None:
                return None
            row, user = found
            if user.disabled or row.expires <= now or row.revoked is not None:
                return None
            if row.used is None or now - row.used > timedelta(minutes=1):
                row.used = now
            return _token(row), _user(user)

    def revoke_token(self, id_: str, now: datetime, user: str | None = None) -> bool:
        """Revoke a token (of one user, if named); false if there is none."""
        with self._state.session() as session:
            row = session.get(TokenRow, id_)
            if row is None or (user is not None and row.user != user):
                return False
            row.revoked = row.revoked or now
            return True

    # -- what is good once ---------------------------------------------------------------------------------------

    def issue(self, ticket: Ticket) -> None:
        """Keep a ticket until it is spent or over."""
        with self._state.session() as session:
            session.add(_ticket_row(ticket))

    def spend(self, id_: str, kind: str, user: str, now: datetime) -> Mapping[str, Any] | None:
        """A ticket's document, once; None if there is none, it is over, another's, or was spent."""
        with self._state.session() as session:
            row = session.get(TicketRow, id_)
            if row is None or (row.kind, row.user) != (kind, user) or row.expires <= now:
                return None
            document = dict(row.document)
            gone = session.execute(delete(TicketRow).where(TicketRow.id == id_))
            return document if gone.rowcount else None  # type: ignore[attr-defined]

    def first_time(self, ticket: Ticket) -> bool:
        """Mark something as taken; false if it was before."""
        try:
            with self._state.session() as session:
                if session.get(TicketRow, ticket.id) is not None:
                    return False
                session.add(_ticket_row(ticket))
                session.flush()
        except InputError as error:
            if isinstance(error.__cause__, IntegrityError):  # another process was first
                return False
            raise
        return True


def _unless_there(session: Session, id_: str) -> None:
    try:
        session.flush()
    except IntegrityError:
        raise InputError(f"there is a user {id_} already", mend="choose another id") from None


def _columns(user: User) -> dict[str, Any]:
    names = ("id", "name", "password", "totp", "totp_step", "subject", "disabled", "failures", "locked_until")
    return {name: getattr(user, name) for name in names} | {"roles": list(user.roles)}


def _user(row: UserRow) -> User:
    return User(
        row.id,
        row.name,
        tuple(row.roles),
        row.password,
        row.totp,
        row.totp_step,
        row.subject,
        row.created,
        row.disabled,
        row.failures,
        row.locked_until,
    )


def _token(row: TokenRow) -> Token:
    return Token(row.id, row.user, row.name, tuple(row.scopes), row.created, row.expires, row.used, row.revoked)


def _ticket_row(ticket: Ticket) -> TicketRow:
    return TicketRow(
        id=ticket.id, kind=ticket.kind, user=ticket.user, document=dict(ticket.document), expires=ticket.expires
    )
