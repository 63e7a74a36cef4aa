"""The console of a case: `build` hangs the rooms together and refuses a route nobody said who may use.

To add a page: a router in `console/pages` (or a route of the API in `console/api`), each route with
`Depends(needs(role, …))`, and its line in `routers()`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.exceptions import HTTPException

from seawall import __version__
from seawall.console import account, api, login, pages
from seawall.console.access import SAFE, Needs
from seawall.console.desk import Desk, open_desk
from seawall.console.front import Front
from seawall.console.problems import (
    MEDIA_TYPE,
    LogInFirstError,
    RefusedError,
    SecondFactorFirstError,
    problem,
    status_of,
)
from seawall.console.rendering import render, static_file
from seawall.errors import SeawallError
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.settings import Settings

# Routes for people who are not logged in yet; each says in its own docstring why it may be.
PUBLIC: Final = frozenset({"/setup", "/login", "/static/{name}", "/healthz"})


def routers() -> tuple[APIRouter, ...]:
    """Every room of the console."""
    return (_few, login.router, account.router, api.router, *pages.routers())


def build(
    case: Case,
    *,
    clock: Clock,
    settings: Settings | None = None,
    origin: str = "",
    setup_code: str = "",
    extra: Sequence[APIRouter] = (),
) -> FastAPI:
    """The application.

    `settings`: default: the case's own. `origin`: the address people type; it counts before theirs. `setup_code`:
    what the first user must show. `extra`: routers beside our own.

    Raises:
        InputError: a file of the case is damaged. RuntimeError: a route says not who may use it.
    """
    desk = open_desk(case, clock, settings=settings, origin=origin, setup_code=setup_code)

    @asynccontextmanager
    async def open_for_as_long(_: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            if hasattr(app.state, "reading"):
                app.state.reading.close()
            desk.close()

    app = FastAPI(
        title="Seawall",
        version=__version__,
        docs_url=None,  # its page loads script from another host; ours is docs/reference/api.md
        redoc_url=None,
        openapi_url=None,  # served by `api`, to those who are logged in
        lifespan=open_for_as_long,
    )
    app.state.desk = desk
    for router in (*routers(), *extra):
        app.include_router(router)
    _must_say_who(app)
    app.add_exception_handler(Exception, _ours)
    for kind in (SeawallError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _ours)
    app.add_middleware(
        Front,
        origin=desk.origin,
        per_minute=desk.settings.console.requests_per_minute,
    )
    return app


def routes_of(app: FastAPI) -> list[RouteContext]:
    """Every route of every router, with its whole path."""
    return [one for one in iter_route_contexts(app.routes) if isinstance(one.original_route, APIRoute)]


def needed(route: RouteContext) -> Needs | None:
    """Who may use a route."""
    calls = (dependency.call for dependency in route.dependant.dependencies)
    return next((call for call in calls if isinstance(call, Needs)), None)


def _must_say_who(app: FastAPI) -> None:
    routes = routes_of(app)
    silent = [
        f"{sorted(route.methods or ())} {route.path}"
        for route in routes
        if route.path not in PUBLIC and needed(route) is None
    ]
    if silent or not {"/login", "/api/v1/me"} <= {route.path for route in routes}:  # else we looked at none
        raise RuntimeError(f"these routes say not who may use them: {silent}; add Depends(needs(role))")


def is_for_people(request: Request) -> bool:
    """Whether an answer is read by a person in a browser."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


async def _ours(request: Request, error: Exception) -> Response:
    """Any error as an answer: a page for people, problem+json for programs; nothing of the inside shows."""
    headers: dict[str, str] = {}
    if isinstance(error, SeawallError):
        status, detail, mend = status_of(error), str(error), error.mend
        headers = error.headers if isinstance(error, RefusedError) else {}
    elif isinstance(error, RequestValidationError):
        wrong = [{"where": "/".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()[:20]]
        detail = "; ".join(f"{one['where']}: {one['what']}" for one in wrong)
        status, mend = 422, "see the description of the API"
    elif isinstance(error, HTTPException):
        status, detail, mend = error.status_code, str(error.detail), None
        headers = dict(error.headers or {})
    else:
        status, detail, mend = 500, "an error of our own; the log has it", "tell your administrator"
    if is_for_people(request) and (page := await _page(request, error, status, detail, mend)) is not None:
        return page
    return JSONResponse(problem(status, detail, mend=mend), status, headers=headers, media_type=MEDIA_TYPE)


async def _page(request: Request, error: Exception, status: int, detail: str, mend: str | None) -> Response | None:
    if isinstance(error, LogInFirstError):
        to = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        if request.method in SAFE:
            return RedirectResponse(f"/login?next={_quoted(to)}" if to != "/" else "/login", 303)
        kept = await login.keep_form(request)
        return await run_in_threadpool(login.login_form, request, "/", kept=kept, status=401)
    if isinstance(error, SecondFactorFirstError):
        return RedirectResponse("/account/factor/new", 303)
    title = HTTPStatus(status).phrase
    return await run_in_threadpool(
        render, request, "problem.html.jinja", status=status, title=title, detail=detail, mend=mend
    )


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="/")


_few = APIRouter(include_in_schema=False)


@_few.get("/static/{name}")
def static(name: str) -> Response:
    """Style and script of ours; nothing of the case stands in them."""
    return static_file(name)


@_few.get("/healthz")
def healthz(request: Request) -> Response:
    """Whether the console answers; for whoever supervises it. Says nothing else."""
    desk: Desk = request.app.state.desk
    desk.accounts.empty()
    return Response("ok\n", media_type="text/plain")
