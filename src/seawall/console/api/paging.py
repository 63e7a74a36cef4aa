"""Lists in pages, by a cursor that stays right while rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Final, TypeVar

from fastapi import Query
from pydantic import BaseModel

from seawall.console.problems import RefusedError

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=500, description="rows at most")]
Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before")]
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": what}
    for status, what in {
        400: "The request cannot be followed",
        401: "No token, or one that is over",
        403: "The role or the second factor is missing",
        404: "There is no such thing, or no longer",
        409: "Done already, or changed meanwhile",
        413: "Too long",
        422: "A value is not as described",
        429: "Too many requests",
        502: "A system that was to be changed refused, or did not answer",
    }.items()
}


class Page(BaseModel):
    """Some rows, and where the next ones are."""

    items: list[dict[str, Any]]
    next: str | None = None  # null at the end


def page(
    rows: Iterable[T], key: Callable[[T], list[Any]], shown: Callable[[T], dict[str, Any]], limit: int, cursor: str
) -> Page:
    """The rows behind a cursor. `key`: what the rows are sorted by, rising, and no two share."""
    after = read_cursor(cursor) if cursor else None
    behind: list[T] = []
    for row in rows:
        try:
            if after is not None and key(row) <= after:
                continue
        except TypeError:
            raise no_cursor() from None
        behind.append(row)
        if len(behind) > limit:
            break
    more = len(behind) > limit
    kept = behind[:limit]
    return Page(items=[shown(row) for row in kept], next=write_cursor(key(kept[-1])) if more else None)


def write_cursor(key: list[Any]) -> str:
    """A place in a list, as it travels."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(text: str) -> list[Any]:
    """The place again. Raises RefusedError if it is none."""
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise no_cursor() from None
    if not isinstance(key, list) or not all(type(part) in (str, int) for part in key):
        raise no_cursor()
    return key


def no_cursor() -> RefusedError:
    """What is said of a cursor that leads nowhere."""
    return RefusedError(422, "no cursor of this list", mend="send `next` of the page before, or none")
