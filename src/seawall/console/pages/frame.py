"""What every page stands in: the frame with its counts, a pager, and who may read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse

from seawall.console.access import Needs, Who, needs
from seawall.console.reading import Reading, reading_of
from seawall.console.rendering import render
from seawall.model.severity import Severity

Viewer = Annotated[Who, Depends(needs("viewer"))]
Analyst = Annotated[Who, Depends(needs("analyst"))]
PageNumber = Annotated[int, Query(alias="page", ge=1, le=1_000_000)]
SIZE: Final = 100  # rows of a page

__all__ = ["SIZE", "Analyst", "Needs", "Page", "PageNumber", "Viewer", "paged", "show"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a table."""

    number: int  # from 1
    total: int  # rows in all
    path: str
    asked: Mapping[str, str]  # of the address, without the page
    size: int = SIZE

    @property
    def begin(self) -> int:
        """Number of the first row, from 0."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """Number of the row behind the last."""
        return min(self.begin + self.size, self.total)

    def link(self, number: int) -> str:
        """The address of another page of the same table."""
        return f"{self.path}?{urlencode({**self.asked, 'page': number})}"

    def with_(self, **other: str) -> str:
        """The address of the same table, asked otherwise."""
        return f"{self.path}?{urlencode({k: v for k, v in {**self.asked, **other}.items() if v})}"


def paged(request: Request, number: int, total: int, size: int = SIZE) -> Page:
    """The page a request asks for; the last one where there are not so many."""
    asked = {key: value for key, value in request.query_params.items() if key not in ("page", "export") and value}
    last = max(1, -(-total // size))
    return Page(min(number, last), total, request.url.path, asked, size)


def show(request: Request, template: str, *, topics: str = "", status: int = 200, **values: Any) -> HTMLResponse:
    """A page in its frame. `topics`: what must change for a page that is open to be read again."""
    reading = reading_of(request)
    return render(
        request, f"pages/{template}.html.jinja", status=status, topics=topics, counts=counts(reading), **values
    )


def counts(reading: Reading) -> dict[str, Any]:
    """What stands beside the names of pages."""
    now = reading.desk.clock.now()
    open_ = [one for one in reading.known().incidents if one.suppressed_until is None or one.suppressed_until <= now]
    return {
        "incidents": len(open_),
        "grave": any(one.severity >= Severity.HIGH for one in open_),
        "waiting": reading.waiting(),
    }
