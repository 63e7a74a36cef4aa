"""What stands before every route: hosts, sizes, rates, origins, and the headers of every answer."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from seawall.console.problems import MEDIA_TYPE, problem

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY: Final = 2 << 20  # bytes of any request
_MOST_CLIENTS: Final = 20_000  # remembered by the rate limit
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def policy(nonce: str) -> str:
    """The content security policy of one answer: own origin, no inline, no eval, nobody frames us."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def headers(nonce: str, *, secure: bool) -> dict[str, str]:
    """The security headers of every answer."""
    told = {
        "content-security-policy": policy(nonce),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",  # not "no-referrer": forms would then come with the origin "null"
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)",
        "cache-control": "no-store",
    }
    return told | ({"strict-transport-security": "max-age=63072000; includeSubDomains"} if secure else {})


class Bucket:
    """So many requests a minute from one place; short bursts are let through."""

    def __init__(self, per_minute: int, tick: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._most, self._tick = per_minute / 60, float(max(per_minute, 1)), tick
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, whose: str) -> float:
        """Take one; returns 0, or the seconds until there is one again."""
        now = self._tick()
        left, at = self._left.pop(whose, (self._most, now))
        left = min(self._most, left + (now - at) * self._rate)
        self._left[whose] = (left - 1, now) if left >= 1 else (left, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / self._rate


class Front:
    """An ASGI application around ours."""

    def __init__(self, app: ASGIApp, *, origin: str, per_minute: int) -> None:
        self._app, self._origin = app, origin
        self._secure = origin.startswith("https://")
        hosts = {urlsplit(origin).netloc.lower()}
        self._hosts = frozenset(hosts)
        self._every, self._logins = Bucket(per_minute), Bucket(30)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["nonce"] = nonce
        ours = headers(nonce, secure=self._secure)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = MutableHeaders(scope=message)
                for name, value in ours.items():
                    if name != "cache-control" or "cache-control" not in told:
                        told[name] = value
                told["server"] = "seawall"
            await send(message)

        if refused := self._refusal(scope, Headers(scope=scope)):
            await refused(scope, receive, with_headers)
            return
        await self._app(scope, _bounded(receive), with_headers)

    def _refusal(self, scope: Scope, told: Headers) -> JSONResponse | None:
        """Why a request is not even looked at."""
        if not self._is_our_host(told.get("host", "")):
            return _refuse(421, "this console has another name", mend=f"open {self._origin}")
        size = told.get("content-length", "0")
        if not size.isdigit() or int(size) > MAX_BODY:
            return _refuse(413, f"a request has at most {MAX_BODY:,} bytes")
        if scope["method"] in _UNSAFE and self._is_foreign(told):
            return _refuse(403, "asked for by another site", mend=f"open {self._origin} itself")
        client = (scope.get("client") or ("?", 0))[0]
        wait = self._every.wait_s(client)
        if scope["path"] in ("/login", "/setup") and scope["method"] == "POST":
            wait = max(wait, self._logins.wait_s(client))
        if wait:
            refused = _refuse(429, "too many requests from your address", mend="wait a little")
            refused.headers["retry-after"] = str(max(1, round(wait + 0.5)))
            return refused
        return None

    def _is_our_host(self, host: str) -> bool:
        """A name we were not told is somebody's who made it lead here (DNS rebinding)."""
        name = host.lower()
        return name in self._hosts or name.rpartition(":")[0] in _LOOPBACK or name in _LOOPBACK

    def _is_foreign(self, told: Headers) -> bool:
        site, origin = told.get("sec-fetch-site", ""), told.get("origin", "")
        if site and site not in ("same-origin", "none"):
            return True
        return bool(origin) and urlsplit(origin).netloc.lower() != told.get("host", "").lower()


def _refuse(status: int, what: str, *, mend: str | None = None) -> JSONResponse:
    return JSONResponse(problem(status, what, mend=mend), status, media_type=MEDIA_TYPE)


class TooLongError(HTTPException):
    """A body without a length that goes on and on."""

    def __init__(self) -> None:
        super().__init__(413, f"a request has at most {MAX_BODY:,} bytes")


def _bounded(receive: Receive) -> Receive:
    left = MAX_BODY

    async def receive_some() -> Message:
        nonlocal left
        message = await receive()
        if message["type"] == "http.request":
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLongError
        return message

    return receive_some
