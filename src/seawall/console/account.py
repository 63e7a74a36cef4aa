"""One's own account: second factor, password."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console import login, secrets
from seawall.console.access import Needs, Who
from seawall.console.desk import Desk, desk_of
from seawall.console.problems import RefusedError
from seawall.console.rendering import render
from seawall.errors import InputError
from seawall.state.accounts import Ticket

_SETTING_UP: Final = timedelta(minutes=20)
Anybody = Annotated[Who, Depends(Needs(weak=True))]  # an account can be mended before its second factor stands
router = APIRouter(include_in_schema=False)


@router.get("/account")
def account(request: Request, who: Anybody) -> Response:
    """What one may do, and how one logs in."""
    return _page(request, who)


@router.get("/account/factor/new")
def first_factor(request: Request, who: Anybody) -> Response:
    """Where those are led who cannot do without a second factor."""
    if who.user.totp or who.user.subject or who.by_token:
        return _page(request, who)
    return _offer(request, who, "Set up a second factor first: your roles cannot do without one.")


@router.post("/account/factor/new")
def new_factor(request: Request, who: Anybody, password: Annotated[str, Form()] = "") -> Response:
    """A new secret for the authenticator; whoever has one already shows their password again."""
    _must_be_strong(who)
    if who.user.totp:
        _must_be_theirs(desk_of(request), who, password)
    return _offer(request, who, "")


@router.post("/account/factor")
def keep_factor(
    request: Request, who: Anybody, ticket: Annotated[str, Form()], code: Annotated[str, Form()]
) -> Response:
    """Keep the new second factor, once its first code was right."""
    _must_be_strong(who)
    desk, now = desk_of(request), desk_of(request).clock.now()
    document = desk.accounts.spend(secrets.digest(ticket), "factor", who.id, now)
    if document is None:
        return _offer(request, who, "That page was too old: here is a new secret.")
    secret = desk.seal.open(str(document["sealed"]), who.id)
    step = secrets.totp_step(secret, code, now)
    if step is None:
        return _offer(request, who, "That code was not right, so here is a new secret. Is your device's clock right?")
    desk.accounts.change(who.id, totp=desk.seal.close(secret, who.id), totp_step=step)
    desk.accounts.strengthen(who.session)
    desk.told("second-factor", who.id)
    return RedirectResponse("/", 303)


@router.post("/account/password")
def change_password(
    request: Request, who: Anybody, old: Annotated[str, Form()], new: Annotated[str, Form()]
) -> Response:
    """Another password; every session ends, and this one begins anew."""
    _must_be_strong(who)
    desk = desk_of(request)
    try:
        _must_be_theirs(desk, who, old)
        secrets.check_new_password(new, who.id, who.user.name)
    except InputError as error:
        return _page(request, who, said=f"{error.what}: {error.mend}", status=422)
    desk.accounts.change(who.id, end_sessions=True, password=secrets.hash_password(new))
    desk.told("password", who.id)
    return login.log_in(desk, who.id, "/account", strong=who.strong)


def _must_be_strong(who: Who) -> None:
    """Whoever stole a password must not replace the second factor with it."""
    if who.by_token or (who.user.totp and not who.strong):
        raise RefusedError(403, "log in with your second factor first", mend="log out, and in again with its code")


def _must_be_theirs(desk: Desk, who: Who, password: str) -> None:
    if not secrets.is_password(who.user.password, password):
        if desk.accounts.failed(who.id, desk.clock.now()):
            desk.accounts.end(who.session)
        raise InputError("that is not your password", mend="type the one you log in with")


def _offer(request: Request, who: Who, said: str) -> Response:
    desk, secret, ticket = desk_of(request), secrets.new_totp(), secrets.new_token()
    ends = desk.clock.now() + _SETTING_UP
    sealed = {"sealed": desk.seal.close(secret, who.id)}
    desk.accounts.issue(Ticket(secrets.digest(ticket), "factor", who.id, sealed, ends))
    address = secrets.totp_address(secret, who.id, f"Seawall {desk.case.folder.resolve().name}")
    return _page(request, who, said=said, factor={"secret": secret, "address": address, "ticket": ticket})


def _page(
    request: Request, who: Who, *, said: str = "", factor: dict[str, str] | None = None, status: int = 200
) -> Response:
    return render(request, "account.html.jinja", status=status, who=who, said=said, factor=factor)
