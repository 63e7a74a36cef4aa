"""What went wrong, for programs (RFC 9457, application/problem+json) and for people (a page that says how to mend)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from seawall.errors import InputError, PeerError, RuleError, SeawallError, UsageError

MEDIA_TYPE: Final = "application/problem+json"


class RefusedError(SeawallError):
    """A request that is answered with a status of its own."""

    def __init__(self, status: int, what: str, *, mend: str | None = None, headers: dict[str, str] | None = None):
        super().__init__(what, mend=mend)
        self.status = status
        self.headers = headers or {}


class LogInFirstError(RefusedError):
    """Nobody is logged in, or no longer."""

    def __init__(self, what: str = "log in first") -> None:
        super().__init__(401, what, mend="log in, or send a token", headers={"WWW-Authenticate": "Bearer"})


class SecondFactorFirstError(RefusedError):
    """Logged in, but this needs a second factor."""

    def __init__(self) -> None:
        super().__init__(403, "this needs a second factor", mend="set one up under your account")


def missing(what: str) -> RefusedError:
    """There is no such thing, or no longer."""
    return RefusedError(404, what, mend="it may have been merged with another, or taken back; look at the list")


def status_of(error: SeawallError) -> int:
    """The HTTP status of one of our errors."""
    if isinstance(error, RefusedError):
        return error.status
    kinds: tuple[tuple[type[SeawallError], int], ...] = (
        (UsageError, 400),
        (InputError, 422),
        (RuleError, 422),
        (PeerError, 502),
    )
    return next((status for kind, status in kinds if isinstance(error, kind)), 500)


def problem(status: int, detail: str, *, mend: str | None = None, **more: Any) -> dict[str, Any]:
    """The document of a problem."""
    document: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    document["detail"] = detail
    if mend:
        document["mend"] = mend
    return document | more
