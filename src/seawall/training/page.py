"""The page behind an exercise's link: what it was, three signs, how to report; and a button only a person presses.

Nothing typed is ever taken: the page has no field. It runs no script, sets no cookie, loads nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import parse_qs

from seawall.model.clock import Clock
from seawall.training.reports import Visit, Visitor

MAX_BODY: Final = 1024
_HERE: Final = frozenset({"127.0.0.1", "::1"})
_PAGE: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{title}</title></head><body><main><h1>{title}</h1>
{body}</main></body></html>
"""
_FIRST: Final = """<p>You are about to leave the message you came from.</p>
<form method="post"><input type="hidden" name="shown" value="{shown}"><button type="submit">Continue</button></form>
"""
_AFTER: Final = """<p>This was an exercise of your own company. Nothing happened, and
nobody is told that it was you.</p>
<h2>Three things to look at next time</h2>
<ol><li>Who really sent it: the address, not the name.</li><li>Where a link leads, before you follow it.</li>
<li>What it wants, and how soon: hurry is there to keep you from checking.</li></ol>
<h2>Reporting helps everybody</h2>
<p>Report such messages as an attachment, also after a click. One early report lets the mail team take the message out
of every other mailbox.</p>
"""
_HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Keep = Callable[[str, Visit], Visitor | None]  # token, visit → who it was; None for a token nobody was sent


def stamp(token: str, at: datetime) -> str:
    """When a page was shown, so that nobody else can say so."""
    seconds = f"{at.timestamp():.3f}"
    return f"{seconds}-{hmac.new(hashlib.sha256(token.encode()).digest(), seconds.encode(), 'sha256').hexdigest()[:32]}"


def read_stamp(token: str, text: str) -> datetime | None:
    """When the page was shown; None for a stamp that is not ours."""
    try:
        at = datetime.fromtimestamp(float(text.partition("-")[0]), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if hmac.compare_digest(stamp(token, at).encode(), text.encode()) else None


def answer(method: str, path: str, body: str, address: str, agent: str, clock: Clock, keep: Keep) -> tuple[int, str]:
    """What the page says to one request: a status and HTML. Pure but for `keep` and the clock."""
    parts = path.partition("?")[0].split("/")
    token = parts[2] if len(parts) == 3 and parts[1] == "t" else ""
    now = clock.now()
    if not token or len(token) > 64 or method not in ("GET", "POST"):
        return 404, _PAGE.format(title="Nothing here", body="")
    shown = None
    if method == "POST":
        shown = read_stamp(token, (parse_qs(body).get("shown") or [""])[0])
        if shown is None:
            return 400, _PAGE.format(title="Please open the link again", body="")
    if keep(token, Visit(now, address, agent[:300], shown)) is None:
        return 404, _PAGE.format(title="Nothing here", body="")
    if method == "GET":
        return 200, _PAGE.format(title="Continue?", body=_FIRST.format(shown=escape(stamp(token, now))))
    return 200, _PAGE.format(title="This was an exercise", body=_AFTER)


def server(host: str, port: int, clock: Clock, keep: Keep) -> ThreadingHTTPServer:
    """A server for the page, to stand behind one's own web server that speaks TLS. The caller runs and closes it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10
        server_version = "seawall"
        sys_version = ""

        def do_GET(self) -> None:
            """Show the page."""
            self._reply("GET", "")

        def do_POST(self) -> None:
            """Somebody pressed the button."""
            try:
                size = int(self.headers.get("Content-Length", "0"))
            except ValueError:
                size = -1
            if not 0 <= size <= MAX_BODY:
                self.send_error(413)
                return
            self._reply("POST", self.rfile.read(size).decode("utf-8", "replace"))

        def _reply(self, method: str, body: str) -> None:
            address = str(self.client_address[0])
            if address in _HERE:  # our own web server says whom it speaks for; anybody else's word counts for nothing
                address = self.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip() or address
            agent = self.headers.get("User-Agent", "")
            status, page = answer(method, self.path, body, address, agent, clock, keep)
            content = page.encode()
            self.send_response(status)
            for name, value in (*_HEADERS.items(), ("Content-Length", str(len(content)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing: tokens stand in the path."""

    return ThreadingHTTPServer((host, port), Handler)
