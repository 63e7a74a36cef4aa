"""How the server says no: an error resource of TAXII 2.1 (3.6.1) with the status that goes with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

_TITLES: Final = {
    400: "Bad request",
    401: "Log in first",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "Too slow",
    413: "Too large",
    415: "Unsupported media type",
    422: "Not processable",
    429: "Too many requests",
    500: "An error of our own",
    503: "Not available now",
}


class Refusal(Exception):  # noqa: N818 - it is no fault of ours
    """An answer other than yes. `what` is for the person who reads the client's log; it holds nothing of others."""

    def __init__(
        self,
        status: int,
        what: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(what)
        self.status, self.what = status, what
        self.headers, self.details = dict(headers or {}), dict(details or {})

    def body(self) -> bytes:
        """The error resource."""
        resource: dict[str, Any] = {
            "title": _TITLES.get(self.status, "Refused"),
            "description": self.what,
            "error_code": f"seawall-{self.status}",
            "http_status": str(self.status),
        }
        if self.details:
            resource["details"] = self.details
        return json.dumps(resource).encode()
