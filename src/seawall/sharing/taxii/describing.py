"""The server in OpenAPI's words: resources, errors and parameters of TAXII 2.1, for tools that test or document it."""

from __future__ import annotations

from typing import Any, Final

from seawall.sharing.taxii.media import TAXII

_TEXT: Final = {"type": "string"}
_TEXTS: Final = {"type": "array", "items": _TEXT, "minItems": 1}
_COUNT: Final = {"type": "integer", "minimum": 0}
_FLAG: Final = {"type": "boolean"}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": sorted(required), "properties": {**required, **(optional or {})}}


_DETAILS: Final = {
    "type": "array",
    "minItems": 1,
    "items": _object({"id": _TEXT, "version": _TEXT}, {"message": _TEXT}),
}
_COLLECTION: Final = _object(
    {"id": {"type": "string", "format": "uuid"}, "title": _TEXT, "can_read": _FLAG, "can_write": _FLAG},
    {"description": _TEXT, "alias": _TEXT, "media_types": _TEXTS},
)
_ENTRY: Final = _object({"id": _TEXT, "date_added": _TEXT, "version": _TEXT}, {"media_type": _TEXT})
_PAGE: Final = {"more": _FLAG, "next": _TEXT}

_RESOURCES: Final[dict[str, dict[str, Any]]] = {
    "discovery": _object(
        {"title": _TEXT, "api_roots": _TEXTS}, {"description": _TEXT, "contact": _TEXT, "default": _TEXT}
    ),
    "root": _object({"title": _TEXT, "versions": _TEXTS, "max_content_length": _COUNT}, {"description": _TEXT}),
    "status": _object(
        {
            "id": {"type": "string", "format": "uuid"},
            "status": {"enum": ["complete", "pending"]},
            "total_count": _COUNT,
            "success_count": _COUNT,
            "failure_count": _COUNT,
            "pending_count": _COUNT,
        },
        {"request_timestamp": _TEXT, "successes": _DETAILS, "failures": _DETAILS, "pendings": _DETAILS},
    ),
    "collections": _object({}, {"collections": {"type": "array", "items": _COLLECTION, "minItems": 1}}),
    "collection": _COLLECTION,
    "manifest": _object({}, {**_PAGE, "objects": {"type": "array", "items": _ENTRY}}),
    "envelope": _object({}, {**_PAGE, "objects": {"type": "array", "items": {"type": "object"}}}),
    "versions": _object({}, {**_PAGE, "versions": {"type": "array", "items": _TEXT}}),
    "nothing": _object({}),
}
_ERROR: Final = _object(
    {"title": _TEXT},
    {"description": _TEXT, "error_id": _TEXT, "error_code": _TEXT, "http_status": _TEXT, "details": {"type": "object"}},
)
_ALWAYS: Final = (401, 406, 429, 503)  # what any request may be answered
_WORDS: Final = {
    200: "As asked",
    202: "Taken",
    400: "A parameter or the body is wrong",
    401: "Not logged in",
    403: "No right to do that",
    404: "Not there, or not for you",
    406: "Accept does not take TAXII 2.1",
    408: "Not all there in time",
    413: "Larger than max_content_length",
    415: "Content-Type is not TAXII 2.1",
    422: "No envelope of objects",
    429: "Asked too often",
    503: "Not now",
}


def of(name: str, *statuses: int) -> dict[int | str, dict[str, Any]]:
    """What an endpoint answers: the resource on success, else an error resource."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {TAXII: {"schema": _RESOURCES[name] if status < 300 else _ERROR}},
        }
        for status in (*statuses, *_ALWAYS)
    }


def asking(matches: frozenset[str], *, paged: bool = True) -> dict[str, Any]:
    """The query parameters of an endpoint."""
    named: dict[str, dict[str, Any]] = {
        f"match[{name}]": {"type": "string", "minLength": 1} for name in sorted(matches)
    }
    if paged:
        named["added_after"] = {"type": "string", "format": "date-time"}
        named["limit"] = {"type": "integer", "minimum": 1}
        named["next"] = _TEXT
    return {"parameters": [{"name": name, "in": "query", "schema": schema} for name, schema in named.items()]}


BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            TAXII: {
                "schema": _object(
                    {"objects": {"type": "array", "minItems": 1, "items": {"type": "object"}}}, dict(_PAGE)
                )
            }
        },
    }
}
