"""What a process that serves the console does: listens, says its address and the code of the first run, answers."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from seawall import pipeline
from seawall.console.app import build
from seawall.errors import InputError, UsageError
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.serving import ServeSettings
from seawall.model.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

DEFAULT: Final = "127.0.0.1:8443"
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: people read it off a screen
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def serve(case: Case, clock: Clock, settings: Settings | None, say: Callable[[str], None]) -> None:
    """Serve the console until the process is told to end. `say` gets its address, and the code of the first run.

    Raises:
        UsageError: it would speak plain HTTP to others. InputError: the address is taken, or a file is damaged.
    """
    import uvicorn

    settings = settings or pipeline.case_settings(case)
    wanted, tls = settings.console, settings.serve.tls
    host, port = address_of(settings.serve)
    with listening(host, port) as opened:
        scheme = "https" if tls.certificate else "http"
        origin = wanted.origin or f"{scheme}://localhost:{opened.getsockname()[1]}"
        app, code = ready(case, clock, settings, origin)
        say(f"console: {origin}")
        if code:
            say(f"nobody can log in yet: open {origin}/setup and type the set-up code {code}")
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # paths name incidents; who saw what stands in the ledger
            proxy_headers=wanted.behind_proxy,
            forwarded_allow_ips="127.0.0.1" if wanted.behind_proxy else None,
            server_header=False,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=5,
            limit_concurrency=500,
            ssl_certfile=tls.certificate or None,
            ssl_keyfile=tls.key or None,
        )
        uvicorn.Server(config).run(sockets=[opened])


def address_of(wanted: ServeSettings) -> tuple[str, int]:
    """Where to listen.

    Raises:
        UsageError: it is no address and port, or passwords would go over the network in clear.
    """
    listen = wanted.web or DEFAULT
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdigit() or int(port) > 65_535:
        raise UsageError(f"no address and port: {listen!r}", mend=f'write serve.web = "{DEFAULT}"')
    if not wanted.tls.certificate and host not in _LOOPBACK:
        raise UsageError(
            f"passwords would go over the network in clear on {host}",
            mend="name serve.tls.certificate and its key, or listen on 127.0.0.1 behind a proxy that speaks TLS",
        )
    return ("0.0.0.0" if host == "*" else host), int(port)  # noqa: S104 - asked for, and with TLS


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens. Raises InputError if the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind((host, port))
            opened.listen(200)
        except OSError as error:
            raise InputError(
                f"cannot listen there: {error.strerror}", where=f"{host}:{port}", mend="choose another port"
            ) from error
        yield opened


def ready(case: Case, clock: Clock, settings: Settings, origin: str) -> tuple[FastAPI, str]:
    """The application, and the code of the first run; no code once somebody can log in."""
    code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    app = build(case, clock=clock, settings=settings, origin=origin, setup_code=code)
    if not app.state.desk.accounts.empty():
        app.state.desk.setup_code = code = ""
    return app, code
