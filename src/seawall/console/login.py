"""First run, log in, log out; and a form whose log-in had ended comes back, nothing lost and nothing done."""

from __future__ import annotations

import hmac
import json
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall.console import secrets
from seawall.console.access import CSRF_FIELD, Needs, Who, cookie_name, identified
from seawall.console.desk import Desk, desk_of
from seawall.console.rendering import render
from seawall.console.roles import ADMIN
from seawall.errors import InputError
from seawall.model.finding import utc_text
from seawall.people.register import check_id
from seawall.state.accounts import User

MAX_KEPT: Final = 200_000  # characters of a form that comes back
_SECRET_FIELDS: Final = (CSRF_FIELD, "password", "old", "new", "code", "setup_code")
_WRONG: Final = "that name, password or code is not right"

router = APIRouter(include_in_schema=False)


@router.get("/setup")
def setup_page(request: Request) -> Response:
    """The page of the first run; afterwards it leads to the log-in."""
    if not desk_of(request).accounts.empty():
        return RedirectResponse("/login", 303)
    return render(request, "setup.html.jinja", said="", given={"setup_code": "", "user": "", "name": ""})


@router.post("/setup")
def set_up(
    request: Request,
    setup_code: Annotated[str, Form()],
    user: Annotated[str, Form()],
    password: Annotated[str, Form()],
    name: Annotated[str, Form()] = "",
) -> Response:
    """Make the first administrator, for whoever read the code where the program was started."""
    desk = desk_of(request)
    try:
        code = setup_code.strip().upper().replace("-", "")
        if not desk.setup_code or not hmac.compare_digest(code.encode(), desk.setup_code.replace("-", "").encode()):
            raise InputError("that is not the code the program printed", mend="read it where the program was started")
        check_id(user)
        secrets.check_new_password(password, user, name)
        first = User(user, name[:200], (ADMIN,), secrets.hash_password(password))
        desk.accounts.add(first, desk.clock.now(), first=True)
    except InputError as error:
        said = f"{error.what}{f': {error.mend}' if error.mend else ''}"
        given = {"setup_code": setup_code, "user": user, "name": name}
        return render(request, "setup.html.jinja", status=422, said=said, given=given)
    desk.setup_code = ""
    desk.told("first-user", user, roles=[ADMIN])
    return log_in(desk, user, "/account/factor/new", strong=False)


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """The page to log in on."""
    if desk_of(request).accounts.empty():
        return RedirectResponse("/setup", 303)
    return login_form(request, ours(next))


@router.post("/login")
def check_login(
    request: Request,
    user: Annotated[str, Form()],
    password: Annotated[str, Form()],
    code: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
    kept: Annotated[str, Form()] = "",
) -> Response:
    """Log in with name, password and, if one is set up, the code."""
    desk = desk_of(request)
    known, strong = _right(desk, user[:64], password, code)
    if known is None:
        return login_form(request, ours(next), said=_WRONG, kept=kept[:MAX_KEPT], status=401)
    answer = log_in(desk, known.id, ours(next), strong=strong)
    if kept and (form := read_kept(kept)) is not None:
        who = Who(known, frozenset(), "-", strong, desk.seal.mark("csrf", answer.token))
        request.state.who = who
        page = render(request, "resume.html.jinja", to=form[0], fields=form[1])
        page.raw_headers.extend(pair for pair in answer.raw_headers if pair[0] == b"set-cookie")
        return page
    return answer


@router.post("/logout")
def log_out(request: Request, who: Annotated[Who, Depends(Needs(weak=True))]) -> Response:
    """Log out."""
    desk = desk_of(request)
    desk.accounts.end(who.session)
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(cookie_name(desk), secure=desk.secure, httponly=True, samesite="lax")
    answer.headers["clear-site-data"] = '"cache"'
    return answer


class LoggedInAnswer(RedirectResponse):
    """Leads on, and carries the cookie of a new session."""

    token: str = ""


def log_in(desk: Desk, user: str, to: str, *, strong: bool) -> LoggedInAnswer:
    """Begin a session and lead on."""
    token, now = secrets.new_token(), desk.clock.now()
    hours = desk.settings.console.session_hours
    desk.told("log-in", user, strong=int(strong))
    desk.accounts.begin(secrets.digest(token), user, now, now + timedelta(hours=hours), strong=strong)
    answer = LoggedInAnswer(to, 303)
    answer.token = token
    answer.set_cookie(
        cookie_name(desk),
        token,
        max_age=round(hours * 3_600),
        secure=desk.secure,
        httponly=True,
        samesite="lax",
        path="/",
    )
    return answer


def _right(desk: Desk, name: str, password: str, code: str) -> tuple[User | None, bool]:
    """Who logs in, and whether with a second factor; nobody if anything is wrong, or the account is locked."""
    now = desk.clock.now()
    user = desk.accounts.user(name)
    right = secrets.is_password(user.password if user else "", password)  # asked first: a lock must not show in time
    if user is None:
        return None, False
    if user.disabled or (user.locked_until is not None and user.locked_until > now):
        return None, False
    if right and user.totp:
        step = secrets.totp_step(desk.seal.open(user.totp, user.id), code, now)
        right = step is not None and desk.accounts.use_code(user.id, step)
    if right:
        return user, bool(user.totp)
    if until := desk.accounts.failed(user.id, now):
        desk.told("locked", user.id, until=utc_text(until))
    return None, False


def ours(path: str) -> str:
    """A path of this console to lead on to; the overview for anything else."""
    parts = urlsplit(path)
    sound = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if sound and path.isprintable() and "\\" not in path and len(path) < 2_000 else "/"


def login_form(request: Request, to: str, *, said: str = "", kept: str = "", status: int = 200) -> Response:
    """The page to log in on, with a form that is to come back."""
    return render(request, "login.html.jinja", status=status, said=said, next=to, kept=kept)


async def keep_form(request: Request) -> str:
    """A form that came without a log-in, to come back after it; its secrets are not kept."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return ""
    fields = [[k, v] for k, v in (await request.form()).multi_items() if isinstance(v, str) and k not in _SECRET_FIELDS]
    to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    text = json.dumps([to, fields])
    return text if fields and len(text) <= MAX_KEPT else ""


def read_kept(text: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Where a kept form goes, and its fields; None if it is no such thing."""
    try:
        to, fields = json.loads(text[:MAX_KEPT])
        pairs = [(str(name)[:100], str(value)) for name, value in fields][:200]
    except (ValueError, TypeError, RecursionError):
        return None
    return (ours(to), pairs) if isinstance(to, str) and ours(to) == to and to not in ("/login", "/setup") else None


def still_in(request: Request) -> bool:
    """Whether the request comes with a log-in that is good."""
    return identified(request) is not None
