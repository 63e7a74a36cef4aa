"""The witness over HTTP: `POST /add-checkpoint` and `GET /<SHA-256 of the origin>/checkpoint`, nothing else.

Sizes, times and the number of callers are bounded. It speaks plain HTTP: put TLS before it where the wire is not yours.
"""

from __future__ import annotations

import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from seawall import __version__
from seawall.errors import SeawallError
from seawall.ledger.witness import MAX_REQUEST_BYTES, Answer, Witness, _no

CALLERS: Final = 32  # connections at once; more are turned away
IDLE_S: Final = 10.0  # a caller that says nothing for so long is cut off
_CHECKPOINT: Final = re.compile(r"/([0-9a-f]{64})/checkpoint")


class WitnessServer(ThreadingHTTPServer):
    """Serves one witness."""

    daemon_threads = True
    request_queue_size = CALLERS

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.witness = witness
        self._room = threading.BoundedSemaphore(CALLERS)
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hand a caller to a thread of its own, if there is room."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one caller and make room again."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that broke off is no matter; nothing of it is printed."""


class _Handler(BaseHTTPRequestHandler):
    server: WitnessServer
    protocol_version = "HTTP/1.1"
    server_version = f"seawall-witness/{__version__}"
    sys_version = ""
    timeout = IDLE_S

    def do_POST(self) -> None:
        """A checkpoint to sign."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._last(404, "only /add-checkpoint takes a POST")
        elif not re.fullmatch("[0-9]{1,9}", length):
            self._last(411, "say how long the body is")
        elif int(length) > MAX_REQUEST_BYTES:
            self._last(413, f"more than {MAX_REQUEST_BYTES} bytes")
        else:
            body = self.rfile.read(int(length))
            self._answer(lambda: self.server.witness.add_checkpoint(body))

    def do_GET(self) -> None:
        """The latest checkpoint of a log."""
        place = _CHECKPOINT.fullmatch(self.path)
        if place is None:
            self._last(404, "there is /<SHA-256 of a log's origin, hex>/checkpoint")
        else:
            self._answer(lambda: self._latest(place[1]))

    def _latest(self, origin_hash: str) -> Answer:
        raw = self.server.witness.latest(origin_hash)
        return _no(404, "nothing was signed for such a log") if raw is None else Answer(200, raw)

    def _answer(self, ask: Any) -> None:
        try:
            self._send(ask())
        except SeawallError:
            self._send(_no(500, "the witness cannot store what it saw, so it signs nothing"))

    def _last(self, status: int, why: str) -> None:
        self.close_connection = True
        self._send(_no(status, why))

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what callers send is not ours to print."""
