"""Users, roles, tokens, security keys: who may do what."""

from __future__ import annotations

import secrets as random
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from seawall.console import secrets
from seawall.console.access import Needs, Who, needs
from seawall.console.api.paging import Cursor, Limit, Page, page
from seawall.console.desk import Desk, desk_of
from seawall.console.problems import RefusedError, missing
from seawall.console.registering import offered, options
from seawall.console.roles import SCOPES, checked
from seawall.errors import InputError
from seawall.model.finding import utc_text
from seawall.people.register import check_id
from seawall.state.accounts import Token, User

router = APIRouter(tags=["accounts"])
Anybody = Annotated[Who, Depends(needs())]
Admin = Annotated[Who, Depends(needs("admin"))]
UserId = Annotated[str, Path(min_length=1, max_length=64)]
MAX_TOKENS: Final = 50  # of one user, that are good


@router.get("/me")
def me(who: Anybody) -> dict[str, Any]:
    """Who asks, and what they may do."""
    return _user(who.user) | {"effective": sorted(who.roles), "by_token": who.by_token}


@router.get("/users")
def users(request: Request, _: Admin, limit: Limit = 100, cursor: Cursor = "") -> Page:
    """Everybody who may log in."""
    return page(desk_of(request).accounts.users(), lambda one: [one.id], _user, limit, cursor)


class NewUser(BaseModel):
    """Somebody who may log in; `password` is for the first log-in, and theirs to change."""

    id: str = Field(max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]*$")
    name: str = Field("", max_length=200)
    roles: list[str] = Field([], max_length=20)
    password: str = Field(max_length=256)


@router.post("/users", status_code=201)
def add_user(request: Request, who: Admin, given: NewUser) -> dict[str, Any]:
    """Add a user. Roles that are kept apart are refused, as are passwords anybody would guess."""
    return _user(add_account(desk_of(request), who, given.id, given.name, given.roles, given.password))


def add_account(desk: Desk, who: Who, id_: str, name: str, given: list[str], password: str) -> User:
    """A new user, told to the ledger first. Raises InputError."""
    roles = checked(given)
    secrets.check_new_password(password, id_, name)
    user = User(check_id(id_), name, roles, secrets.hash_password(password))
    desk.accounts.check_free(user.id)
    desk.told("user-added", who.id, user=user.id, roles=list(roles))
    desk.accounts.add(user, desk.clock.now())
    return user


class Changed(BaseModel):
    """What changes of a user; what is not given stays."""

    roles: list[str] | None = Field(None, max_length=20)
    disabled: bool | None = None
    name: str | None = Field(None, max_length=200)
    reset_factor: bool = False
    unlock: bool = False


@router.patch("/users/{id}")
def change_user(request: Request, who: Admin, id: UserId, given: Changed) -> dict[str, Any]:
    """Give or take roles, disable, unlock, reset a second factor. Nobody changes their own. Their sessions end."""
    desk = desk_of(request)
    if desk.accounts.user(id) is None:
        raise missing("no user is called so")
    if id == who.id:
        raise RefusedError(403, "nobody changes their own roles", mend="let another administrator do it")
    columns: dict[str, Any] = {}
    if given.roles is not None:
        columns["roles"] = checked(given.roles)
    columns |= {n: v for n, v in (("disabled", given.disabled), ("name", given.name)) if v is not None}
    columns |= {"totp": "", "totp_step": 0} if given.reset_factor else {}
    columns |= {"failures": 0, "locked_until": None} if given.unlock else {}
    told = {"roles": list(columns["roles"])} if "roles" in columns else {}
    desk.told("user-changed", who.id, user=id, changed=sorted(columns), **told)
    desk.accounts.change(id, end_sessions=True, **columns)
    changed = desk.accounts.user(id)
    assert changed is not None
    return _user(changed)


@router.get("/tokens")
def tokens(request: Request, who: Anybody) -> list[dict[str, Any]]:
    """One's own tokens; the tokens themselves are nowhere but with the programs."""
    return [_token(token) for token in desk_of(request).accounts.tokens(who.id)]


class NewToken(BaseModel):
    """What a token may do, and how long."""

    name: str = Field(min_length=1, max_length=200)
    scopes: list[str] = Field(min_length=1, max_length=10, description=f"of {', '.join(SCOPES)}")
    days: int = Field(90, ge=1, le=366)


@router.post("/tokens", status_code=201)
def add_token(request: Request, who: Anybody, given: NewToken) -> dict[str, Any]:
    """Make a token. It is shown this once, and can do no more than its user."""
    if who.by_token:
        raise RefusedError(403, "a token makes no tokens", mend="log in, and make it there")
    if strange := sorted(set(given.scopes) - set(SCOPES)):
        raise InputError(f"no scope is called {strange[0]!r}", mend=f"of {', '.join(SCOPES)}")
    if beyond := sorted(scope for scope in set(given.scopes) if not who.has(SCOPES[scope])):
        raise RefusedError(403, f"your roles do not cover the scope {beyond[0]}")
    desk, now, text = desk_of(request), desk_of(request).clock.now(), f"seawall_{secrets.new_token()}"
    if sum(1 for one in desk.accounts.tokens(who.id) if one.revoked is None and one.expires > now) >= MAX_TOKENS:
        raise RefusedError(409, f"you have {MAX_TOKENS} tokens", mend="revoke those nobody uses")
    scopes = tuple(sorted(set(given.scopes)))
    token = Token(random.token_hex(8), who.id, given.name, scopes, now, now + timedelta(days=given.days))
    desk.told("token-made", who.id, token=token.id, scopes=list(scopes))
    desk.accounts.add_token(token, secrets.digest(text))
    return _token(token) | {"token": text}


@router.delete("/tokens/{id}", status_code=204)
def revoke_token(request: Request, who: Anybody, id: Annotated[str, Path(max_length=32)]) -> None:
    """Revoke a token of one's own; an administrator any."""
    desk = desk_of(request)
    if not desk.accounts.revoke_token(id, desk.clock.now(), None if who.has("admin") else who.id):
        raise missing("no token has that id")
    desk.told("token-revoked", who.id, token=desk.seal.mark("token", id))


@router.post("/security-keys/challenge")
def new_key(request: Request, who: Annotated[Who, Depends(Needs("approver"))]) -> dict[str, Any]:
    """Options for `navigator.credentials.create`: a security key for signing approvals."""
    return options(desk_of(request), who)


class Registered(BaseModel):
    """The answer of `navigator.credentials.create`, as its `toJSON` gives it."""

    ticket: str = Field(max_length=100)
    credential: dict[str, Any]


@router.post("/security-keys", status_code=201)
def keep_key(request: Request, who: Annotated[Who, Depends(Needs("approver"))], given: Registered) -> dict[str, Any]:
    """Offer a security key as one's own. It counts once signed off: `seawall people accept`."""
    return offered(desk_of(request), who, given.ticket, given.credential)


@router.get("/people")
def people(request: Request, _: Annotated[Who, Depends(needs("viewer"))]) -> list[dict[str, Any]]:
    """Who may sign, as people.toml has it."""
    return [
        {
            "id": person.id,
            "roles": list(person.roles),
            "keys": [
                {
                    "kind": key.public.partition(":")[0],
                    "added": utc_text(key.added),
                    "revoked": utc_text(key.revoked) if key.revoked else None,
                }
                for key in person.keys
            ],
        }
        for person in desk_of(request).register().people
    ]


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "roles": list(user.roles),
        "second_factor": bool(user.totp or user.subject),
        "disabled": user.disabled,
        "locked_until": utc_text(user.locked_until) if user.locked_until else None,
    }


def _token(token: Token) -> dict[str, Any]:
    times = {name: getattr(token, name) for name in ("created", "expires", "used", "revoked")}
    return {
        "id": token.id,
        "name": token.name,
        "scopes": list(token.scopes),
        **{name: utc_text(moment) if moment else None for name, moment in times.items()},
    }
