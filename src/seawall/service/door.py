"""The service's own small HTTP door: `/healthz`, `/metrics`, and what ticket systems answer. The console is elsewhere.

It answers a few requests at a time, each within seconds, and closes the connection: slow or countless callers cost
nobody else anything. Off the loopback `/metrics` asks for a bearer token.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from seawall.errors import InputError, SeawallError, UsageError
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.notifying import DoorSettings
from seawall.model.settings import Secret, Settings
from seawall.pipeline.cases import case_state
from seawall.service import tickets
from seawall.service.addresses import parse_address
from seawall.service.channels import SIGNATURE
from seawall.service.metrics import CONTENT_TYPE, health, metrics_text
from seawall.state.outbox import Outbox

PATIENCE_S: Final = 5.0
LONGEST_S: Final = 15.0  # for one caller, all in all
AT_ONCE: Final = 16
HOOK: Final = "/hooks/tickets/"


def open_door(case: Case, settings: Settings, clock: Clock) -> Door:
    """Listen where the settings say; the caller lets it `serve_forever` in a thread, and shuts it.

    Raises:
        InputError: the address is none, is taken, or would give figures away without a token.
    """
    asked = settings.door
    address = parse_address(asked.listen, key="door.listen")
    if not address.on_loopback and not asked.token:
        raise InputError(
            f"door.listen: {asked.listen!r} would show /metrics to everybody",
            where="seawall.toml",
            mend="set door.token",
        )
    token = Secret(asked.token).reveal() if asked.token else ""
    try:
        return Door(
            (address.host if address.host != "*" else "", address.port), case, settings, clock, token, _tls(asked)
        )
    except OSError as error:
        raise InputError(
            f"door.listen: {error.strerror or error}", where=asked.listen, mend="choose another port under [door]"
        ) from None


def _tls(asked: DoorSettings) -> ssl.SSLContext | None:
    if not asked.certificate:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(asked.certificate, asked.key or None)
    except (OSError, ssl.SSLError) as error:
        raise InputError(f"door.certificate: {error}", where=asked.certificate, mend="name PEM files") from None
    return context


class Door(ThreadingHTTPServer):
    """A bounded HTTP server over one case."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        address: tuple[str, int],
        case: Case,
        settings: Settings,
        clock: Clock,
        token: str,
        tls: ssl.SSLContext | None,
    ) -> None:
        self.case, self.settings, self.clock, self.token = case, settings, clock, token
        self._tls = tls
        self._room = threading.BoundedSemaphore(AT_ONCE)
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, _Caller)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a caller if there is room, else hang up."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer one caller; the handshake too is done here, so that a slow one keeps nobody waiting."""
        ending = threading.Timer(LONGEST_S, _hang_up, (request,))  # however slowly it speaks
        ending.daemon = True
        ending.start()
        try:
            request.settimeout(PATIENCE_S)
            if self._tls is not None:
                request = self._tls.wrap_socket(request, server_side=True)
            super().process_request_thread(request, client_address)
        except OSError:
            self.shutdown_request(request)
        finally:
            ending.cancel()
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no news."""


def _hang_up(request: socket.socket) -> None:
    with contextlib.suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)


class _Caller(BaseHTTPRequestHandler):
    server: Door
    timeout = PATIENCE_S
    server_version = "Seawall"
    sys_version = ""

    def do_GET(self) -> None:
        """`/healthz` and `/metrics`."""
        if self.path == "/healthz":
            well, said = health(self.server.case.folder)
            self._answer(200 if well else 503, json.dumps(said, sort_keys=True))
        elif self.path == "/metrics":
            self._guarded(self._metrics)
        else:
            self._answer(404, '{"error": "not here"}')

    def do_HEAD(self) -> None:
        """The same without its body."""
        self.do_GET()

    def _metrics(self) -> None:
        if self.server.token:
            given = self.headers.get("Authorization", "")
            if not hmac.compare_digest(given.encode(), f"Bearer {self.server.token}".encode()):
                self._answer(401, '{"error": "a bearer token is needed"}')
                return
        try:
            with case_state(self.server.case, self.server.settings) as state:
                counts = Outbox(state).counts()
        except SeawallError:
            counts = {}  # the database is gone: /healthz says so; the other figures still count
        self._answer(200, metrics_text(self.server.case.folder, counts), CONTENT_TYPE)

    def do_POST(self) -> None:
        """What a ticket system answers."""
        name = self.path.removeprefix(HOOK)
        channel = next((one for one in self.server.settings.out.tickets if one.name == name), None)
        if not self.path.startswith(HOOK) or channel is None:
            self._answer(404, '{"error": "not here"}')
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > tickets.MAX_BODY:
            self._answer(413 if length.isdigit() else 411, '{"error": "a length of at most 64 KiB is needed"}')
            return
        body = self.rfile.read(int(length))

        def take() -> None:
            with case_state(self.server.case, self.server.settings) as state:
                now = self.server.clock.now()
                heard = tickets.receive(Outbox(state), channel, self.headers.get(SIGNATURE, ""), body, now)
            self._answer(200, json.dumps({"incident": heard.incident, "status": heard.status}))

        self._guarded(take)

    def _guarded(self, do: Callable[[], None]) -> None:
        try:
            do()
        except UsageError as error:
            self._answer(401, json.dumps({"error": error.what}))
        except InputError as error:
            self._answer(400, json.dumps({"error": error.what}))

    def _answer(self, status: int, text: str, kind: str = "application/json") -> None:
        data = text.encode("utf-8", "replace")
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(data))), ("Cache-Control", "no-store"),
                            ("X-Content-Type-Options", "nosniff"), ("Connection", "close")):  # fmt: skip
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are counted by whoever makes them."""


def open_in_thread(case: Case, settings: Settings, clock: Clock) -> tuple[Door, threading.Thread]:
    """A door that answers already."""
    door = open_door(case, settings, clock)
    thread = threading.Thread(target=door.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True)
    thread.start()
    return door, thread
