"""The OpenAPI 3.1 description of the API, asked from the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi.openapi.utils import get_openapi

from seawall import __version__
from seawall.console.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from fastapi import FastAPI

_WORDS = """Everything the console does. Send `Authorization: Bearer TOKEN`; make a token under your account, with the
scopes it needs (read, work, respond, approve, intercept, train, admin). Errors are application/problem+json
(RFC 9457). Lists come in pages: send `cursor` back as `next` gave it, until `next` is null. Times are UTC."""
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "mend": {"type": "string", "description": "what to try"},
    },
}


def described(app: FastAPI) -> dict[str, Any]:
    """The description; who may use a route stands with it as `x-roles`."""
    from seawall.console.app import needed, routes_of

    routes = [route for route in routes_of(app) if (route.path or "").startswith("/api/") and route.include_in_schema]
    made = get_openapi(title="Seawall", version=__version__, description=_WORDS, routes=routes)
    made["components"].setdefault("schemas", {})["Problem"] = _PROBLEM
    made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"token": []}]
    for route in routes:
        for method in route.methods or ():
            operation = made["paths"][str(route.path_format)][method.lower()]
            roles = needed(route)
            operation["x-roles"] = sorted(roles.roles) if roles else []
            for status, answer in operation["responses"].items():
                if not status.startswith("2"):
                    answer["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return made
