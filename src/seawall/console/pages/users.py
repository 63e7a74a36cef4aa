"""Users: who may log in and do what. For administrators; whoever gives roles holds none that acts."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console.access import Who, first_time, needs
from seawall.console.api.accounts import Changed, add_account, change_user
from seawall.console.desk import desk_of
from seawall.console.pages.frame import show
from seawall.console.problems import missing
from seawall.console.roles import MEANINGS
from seawall.errors import InputError

router = APIRouter(include_in_schema=False)
Admin = Annotated[Who, Depends(needs("admin"))]
_DEEDS: Final = {
    "disable": Changed.model_validate({"disabled": True}),
    "enable": Changed.model_validate({"disabled": False}),
    "unlock": Changed.model_validate({"unlock": True}),
    "reset-factor": Changed.model_validate({"reset_factor": True}),
}


@router.get("/users")
def users(request: Request, _: Admin) -> Response:
    """Everybody who may log in, and a form for one more."""
    return _page(request)


@router.post("/users")
def add(
    request: Request,
    who: Admin,
    id: Annotated[str, Form(max_length=64)],
    password: Annotated[str, Form(max_length=256)],
    name: Annotated[str, Form(max_length=200)] = "",
    roles: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
    once: Annotated[str, Form()] = "",
) -> Response:
    """Add a user; what is wrong is said above the form, which keeps what was typed."""
    desk = desk_of(request)
    if first_time(desk, who, once):
        try:
            add_account(desk, who, id, name, roles, password)
        except InputError as error:
            said = f"{error.what}{f': {error.mend}' if error.mend else ''}"
            return _page(request, said=said, given={"id": id, "name": name, "roles": roles}, status=422)
    return RedirectResponse("/users", 303)


@router.post("/users/{name}")
def change(
    request: Request,
    who: Admin,
    name: str,
    deed: Annotated[str, Form(max_length=20)],
    roles: Annotated[list[str], Form(max_length=20)] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Disable, enable, unlock, reset a second factor, or give roles. Nobody changes their own; their sessions end."""
    wanted = Changed.model_validate({"roles": roles}) if deed == "roles" else _DEEDS.get(deed)
    if wanted is None:
        raise missing("nothing of that name can be done to a user")
    try:
        change_user(request, who, name, wanted)
    except InputError as error:
        return _page(request, said=f"{error.what}{f': {error.mend}' if error.mend else ''}", status=422)
    return RedirectResponse("/users", 303)


def _page(
    request: Request, *, said: str = "", given: dict[str, str | list[str]] | None = None, status: int = 200
) -> Response:
    desk = desk_of(request)
    return show(
        request,
        "users",
        status=status,
        users=desk.accounts.users(),
        now=desk.clock.now(),
        meanings=MEANINGS,
        said=said,
        given=given or {"id": "", "name": "", "roles": []},
    )
