"""Who asks, and whether they may: sessions, tokens, marks against forged forms, and the roles of each route.

Every route names its need by `needs(...)` or stands in `PUBLIC`; `app.build` refuses to start otherwise.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from seawall.console.desk import Desk, desk_of
from seawall.console.problems import LogInFirstError, RefusedError, SecondFactorFirstError
from seawall.console.roles import PRIVILEGED, ROLES, effective, scoped
from seawall.console.secrets import digest, new_token
from seawall.state.accounts import Ticket, User

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf-token"
ONCE_FIELD: Final = "once"
_ONCE_H: Final = 48  # how long the mark of a form already taken is kept


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever makes a request."""

    user: User
    roles: frozenset[str]  # with those implied, and cut to a token's scopes
    session: str = ""  # id of the session; empty for a token
    strong: bool = False  # with a second factor
    csrf: str = field(default="", repr=False)

    @property
    def id(self) -> str:
        """How the ledger calls them."""
        return self.user.id

    @property
    def by_token(self) -> bool:
        """Whether a program asks."""
        return not self.session

    def has(self, role: str) -> bool:
        """Whether they hold a role, given or implied."""
        return role in self.roles


class Needs:
    """A dependency: somebody who is logged in, and holds one of some roles."""

    def __init__(self, *roles: str, weak: bool = False) -> None:
        unknown = set(roles) - set(ROLES)
        assert not unknown, f"no such role: {unknown}"
        self.roles = frozenset(roles)
        self.weak = weak  # before a second factor is set up: only the pages where that is done

    async def __call__(self, request: Request) -> Who:
        """Whoever asks. Raises RefusedError."""
        who = await run_in_threadpool(identified, request)
        if who is None:
            raise LogInFirstError()
        request.state.who = who
        if request.method not in SAFE and not who.by_token:
            await _must_be_ours(request, who)
        if not who.roles & self.roles and self.roles:
            raise RefusedError(
                403,
                f"this needs the role {' or '.join(sorted(self.roles))}",
                mend="ask an administrator; see your roles under your account",
            )
        if not self.weak and _needs_factor(desk_of(request), who):
            raise SecondFactorFirstError()
        return who


def needs(*roles: str) -> Needs:
    """The dependency of a route that only holders of one of these roles may use; none: everybody who is logged in."""
    return Needs(*roles)


def identified(request: Request) -> Who | None:
    """Whoever a request's token or session belongs to; None if it has neither, or they are over."""
    desk = desk_of(request)
    now = desk.clock.now()
    given = request.headers.get("authorization", "")
    if given:
        scheme, _, token = given.partition(" ")
        found = desk.accounts.token(digest(token.strip()), now) if scheme.lower() == "bearer" else None
        if found is None:
            return None
        return Who(found[1], scoped(found[1].roles, found[0].scopes), strong=True)
    cookie = request.cookies.get(cookie_name(desk), "")
    if not cookie:
        return None
    session = desk.accounts.session(digest(cookie), now, timedelta(minutes=desk.settings.console.idle_minutes))
    if session is None:
        return None
    csrf = desk.seal.mark("csrf", cookie)
    return Who(session.user, effective(session.user.roles), session.id, session.strong, csrf)


def cookie_name(desk: Desk) -> str:
    """Browsers take `__Host-` only by TLS, for this host alone."""
    return "__Host-seawall" if desk.secure else "seawall"


async def _must_be_ours(request: Request, who: Who) -> None:
    """A change asked for with a session must come from a page of ours."""
    given = request.headers.get(CSRF_HEADER, "")
    kind = request.headers.get("content-type", "")
    if not given and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        given = str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(given.encode(), who.csrf.encode()):
        raise RefusedError(403, "this form is not of your session", mend="load the page again, and send it once more")


def _needs_factor(desk: Desk, who: Who) -> bool:
    if who.strong or who.user.subject:  # their own log-in service asks for one
        return False
    wanted = desk.settings.console.second_factor
    if wanted == "all" or who.user.totp:
        return True
    return wanted == "privileged" and bool(PRIVILEGED & set(who.user.roles))


def once_field() -> str:
    """A fresh value for a form's hidden field `once`."""
    return new_token()


def first_time(desk: Desk, who: Who, once: str) -> bool:
    """Whether a form with this mark comes for the first time; a mark that is missing counts as first.

    The back button, a double click and a reload send the same mark again: then nothing is done, and the page that
    follows is shown.
    """
    if not once:
        return True
    ends = desk.clock.now() + timedelta(hours=_ONCE_H)
    mark = digest(f"{who.id}\0{once[:200]}")
    return desk.accounts.first_time(Ticket(mark, "form", who.id, {}, ends))
