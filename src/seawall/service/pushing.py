"""Events pushed over HTTP: JSON lines, any other file of evidence, and what Splunk's HTTP Event Collector takes.

    POST /ingest                              any evidence, as a file would hold it; `?name=` names it
    POST /services/collector[/event][/1.0]    HEC, JSON envelopes; /raw takes lines
    GET  /services/collector/health           200 while it takes events

Who pushes shows a token: `Authorization: Bearer TOKEN` or `Splunk TOKEN`. An answer of 200 means that the events are
on the disk. 503 means come again: the spool is full. Requests are bounded in size and time, and none is kept in memory
longer.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
import signal
import time
import zlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from seawall.disk.segments import Sender, document_frame
from seawall.errors import InputError
from seawall.model.serving import ServeSettings
from seawall.model.settings import Secret
from seawall.service import hec
from seawall.service.addresses import parse_address
from seawall.service.pen import Pen, now_us
from seawall.service.spool import SegmentWriter, Spool
from seawall.service.status import read_status, write_status
from seawall.service.tally import Tally

NAME: Final = "push"
BODY_S: Final = 30.0  # for a request to arrive whole
MAX_AT_ONCE: Final = 64  # requests whose bodies are in memory
_TICK_S: Final = 0.25
_HEC: Final = re.compile(r"/services/collector(?:/(event|raw|health))?(?:/1\.0)?/?")
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class _RefusedError(Exception):
    """A request that is not taken: status and why."""

    def __init__(self, status: int, why: str, code: int = 6) -> None:
        super().__init__(why)
        self.status, self.why, self.code = status, why, code


class Pushing:
    """The door for pushed events, as an ASGI application."""

    def __init__(self, case_folder: Path, settings: ServeSettings) -> None:
        self._case_folder, self._settings = case_folder, settings
        self._tokens = {name: Secret(ref).reveal().encode() for name, ref in settings.push.tokens.items()}
        spool = Spool(
            case_folder / "spool", most_bytes=settings.spool_mb << 20, kept_bytes=settings.spool_keep_mb << 20
        )
        spool.recover(NAME)
        writer = SegmentWriter(spool, NAME, most_bytes=settings.segment_mb << 20, most_s=settings.segment_s)
        self._pen = Pen(spool, writer)
        self._tally = Tally(read_status(case_folder).get(NAME, {}).get("sources"))
        self._room = asyncio.Semaphore(MAX_AT_ONCE)
        self._told = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        client = (scope.get("client") or ("unknown", 0))[0]
        said: dict[str, Any]
        try:
            status, said = await self._answer(scope, receive, client)
        except hec.HecError as error:
            status, said = error.status, {"text": error.text, "code": error.code}
            if error.event is not None:
                said["invalid-event-number"] = error.event
            self._tally.of(f"http {client}").refused += 1
        except _RefusedError as error:
            status, said = error.status, {"text": error.why, "code": error.code}
            self._tally.of(f"http {client}").refused += 1
        body = json.dumps(said).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status == 503:
            headers.append((b"retry-after", b"5"))
        if status in (408, 413):
            headers.append((b"connection", b"close"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive, client: str) -> tuple[int, dict[str, Any]]:
        path, method = scope["path"], scope["method"]
        found = _HEC.fullmatch(path)
        if path == "/healthz" or (found and found[1] == "health"):
            full = not self._pen.may_take()
            return (
                (503, {"text": "HEC is unhealthy, queues are full", "code": 18})
                if full
                else (
                    200,
                    {"text": "HEC is healthy", "code": 17},
                )
            )
        if not found and path != "/ingest":
            raise _RefusedError(404, "nothing here: push to /ingest or /services/collector")
        if method != "POST":
            raise _RefusedError(405, "push with POST")
        name = self._who(scope)
        if not self._pen.may_take():
            raise _RefusedError(503, "Server is busy", 9)
        async with self._room:
            body = await self._body(scope, receive)
            query = parse_qs(scope["query_string"].decode("latin-1"))
            documents = _documents(found[1] if found else None, bool(found), body, query)
            self._keep(Sender("http", name, "authenticated", f"token {name}, from {client}"), documents)
        return 200, {"text": "Success", "code": 0, "events": sum(one.events for one in documents)}

    def _who(self, scope: Scope) -> str:
        """The name of the token shown."""
        shown = dict(scope["headers"]).get(b"authorization", b"")
        scheme, _, token = shown.partition(b" ")
        if not shown:
            raise _RefusedError(401, "Token is required", 2)
        if scheme.lower() not in (b"bearer", b"splunk"):
            raise _RefusedError(401, "Invalid authorization", 3)
        matching = [name for name, held in self._tokens.items() if hmac.compare_digest(held, token.strip())]
        if not matching:
            raise _RefusedError(403, "Invalid token", 4)
        return matching[0]

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        most = self._settings.push.most_mb << 20
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > most:
            raise _RefusedError(413, f"more than {most >> 20} MiB in one request", 27)
        packed = dict(scope["headers"]).get(b"content-encoding", b"").lower()
        unpack = zlib.decompressobj(31) if packed == b"gzip" else None
        if packed not in (b"", b"identity", b"gzip"):
            raise _RefusedError(415, "send it plain or as gzip")
        body = bytearray()
        try:
            async with asyncio.timeout(BODY_S):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _RefusedError(400, "it ended early")
                    piece = message.get("body", b"")
                    body += unpack.decompress(piece, most + 1 - len(body)) if unpack else piece
                    if len(body) > most or (unpack and unpack.unconsumed_tail):
                        raise _RefusedError(413, f"more than {most >> 20} MiB in one request", 27)
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            raise _RefusedError(408, f"did not arrive within {BODY_S:g} s") from None
        except zlib.error:
            raise _RefusedError(400, "no whole gzip") from None
        if unpack and not unpack.eof:
            raise _RefusedError(400, "no whole gzip")
        return bytes(body)

    def _keep(self, sender: Sender, documents: list[hec.Pushed]) -> None:
        """Write documents and wait until they are on the disk; only then may the sender be told."""
        number, at = self._pen.number(sender), now_us()
        for one in documents:
            self._pen.add_frame(document_frame(number, f"{sender.address}/{one.name}", one.content, at))
        if not self._pen.write():
            self._pen.forget()  # it is pushed again
            raise _RefusedError(503, "Server is busy", 9)
        if not self._pen.sync():
            raise _RefusedError(503, "Server is busy", 9)
        count = self._tally.of(f"http {sender.address}")
        count.messages += sum(one.events for one in documents)
        count.octets += sum(len(one.content) for one in documents)

    async def tend(self, stopping: asyncio.Event) -> None:
        """Seal what is due and say how things are, until told to stop."""
        while not stopping.is_set():
            self._pen.write()
            self._pen.seal_if_due()
            if time.monotonic() - self._told >= 1.0:
                self._tell()
            try:
                await asyncio.wait_for(stopping.wait(), _TICK_S)
            except TimeoutError:
                continue
        self._pen.write()
        self._pen.seal()
        self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        self._pen.may_take()
        why = [f"taking nothing in: {self._pen.why_full}"] if self._pen.why_full else []
        said: dict[str, Any] = {
            "health": "degraded" if why else "ok",
            "why": why,
            "listening": {f"http {text}": {} for text in self._settings.push.listen},
            "sources": self._tally.shown(),
            "totals": self._tally.totals(),
        }
        write_status(self._case_folder, NAME, said)


def _documents(what: str | None, is_hec: bool, body: bytes, query: dict[str, list[str]]) -> list[hec.Pushed]:
    if not body.strip():
        raise hec.HecError(5, "No data")
    if is_hec and what != "raw":
        return hec.documents(body)
    key = "sourcetype" if is_hec else "name"
    name = "".join(c if c.isalnum() or c in "-_." else "_" for c in query.get(key, ["pushed"])[0][:80])
    return [hec.Pushed(name.strip(".") or "pushed", body, body.count(b"\n") + (not body.endswith(b"\n")))]


def run(case_folder: Path, settings: ServeSettings) -> None:
    """Answer until told to end (SIGTERM).

    Raises:
        InputError: the extra `console` is not installed, or no address can be listened on.
    """
    try:
        import uvicorn
    except ModuleNotFoundError:
        raise InputError(
            "uvicorn is not installed, which answers HTTP", mend="make extras EXTRAS=console, or take serve.push out"
        ) from None
    asyncio.run(_serve(uvicorn, case_folder, settings))


async def _serve(uvicorn: Any, case_folder: Path, settings: ServeSettings) -> None:
    pushing, stopping = Pushing(case_folder, settings), asyncio.Event()
    loop = asyncio.get_running_loop()
    servers = []
    for text in settings.push.listen:
        address = parse_address(text, key="serve.push.listen")
        tls = {"ssl_certfile": settings.tls.certificate, "ssl_keyfile": settings.tls.key or settings.tls.certificate}
        config = uvicorn.Config(
            pushing,
            host=address.host or "0.0.0.0",  # noqa: S104 - `*` was asked for
            port=address.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            limit_concurrency=2_000,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=32_768,
            lifespan="off",
            **(tls if settings.tls.certificate else {}),
        )
        server = uvicorn.Server(config)
        server.install_signal_handlers = lambda: None
        servers.append(server)

    def end() -> None:
        stopping.set()
        for server in servers:
            server.should_exit = True

    tending = asyncio.create_task(pushing.tend(stopping))
    running = [asyncio.create_task(server._serve()) for server in servers]
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    await asyncio.gather(*running, return_exceptions=True)
    end()
    await tending
