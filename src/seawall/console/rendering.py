"""Pages from templates: every text escaped and made visible, the nonce and the session's mark at hand.

Templates lie in `console/templates`; those of the reports can be included, so that both show the same fragments.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import escape

from seawall.console import roles
from seawall.console.access import Who, once_field
from seawall.console.desk import desk_of
from seawall.console.problems import missing
from seawall.console.reading import reading_of
from seawall.reporting import html

_KINDS: Final = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "png": "image/png",
}


@cache
def environment() -> Environment:
    """The reports' environment, our templates before theirs. `typed` shows a text as it was typed, lines and all."""
    reports = html.environment()
    assert reports.loader is not None
    made = reports.overlay(loader=ChoiceLoader([PackageLoader("seawall.console"), reports.loader]))
    made.filters["typed"] = escape
    return made


def render(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. Templates also have `nonce`, `who` (or none), `csrf`, `once`, `path`, `case_name` and `has(role)`."""
    who: Who | None = getattr(request.state, "who", None)
    desk = desk_of(request)
    page = environment().get_template(template)
    text = page.render(
        {
            "nonce": request.state.nonce,
            "who": who,
            "csrf": who.csrf if who else "",
            "once": once_field(),
            "path": request.url.path,
            "case_name": reading_of(request).site().name or desk.case.folder.resolve().name,
            "theme": request.cookies.get("theme", ""),
            "role_meanings": roles.MEANINGS,
            "has": who.has if who else (lambda _role: False),
        }
        | values
    )
    return HTMLResponse(text, status)


def static_file(name: str) -> Response:
    """One of our own files. Raises RefusedError if there is none of that name."""
    kind = _KINDS.get(name.rpartition(".")[2])
    if name == "report.css":  # the same colours, plots and tables
        return Response(html.style(), media_type=_KINDS["css"], headers={"cache-control": "max-age=3600"})
    folder = resources.files("seawall.console").joinpath("static")
    if kind is None or name not in {entry.name for entry in folder.iterdir()}:
        raise missing("no such file")
    return Response(folder.joinpath(name).read_bytes(), media_type=kind, headers={"cache-control": "max-age=3600"})
