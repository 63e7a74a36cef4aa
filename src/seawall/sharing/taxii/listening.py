"""The TAXII server as a process: its socket, TLS, and an orderly end."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError

_LONGEST_HEAD: Final = 64 << 10  # octets of a request line and its headers
_AT_ONCE: Final = 200  # connections and tasks; more are answered 503


def bound(host: str, port: int) -> socket.socket:
    """A listening socket. Raises InputError if the address is taken or is none of this machine's.

    Its protocol is named, as only then asyncio switches off Nagle's algorithm, which costs 40 ms an answer.
    """
    try:
        kind, protocol, address = socket.AF_INET6 if ":" in host else socket.AF_INET, socket.IPPROTO_TCP, (host, port)
        listener = socket.socket(kind, socket.SOCK_STREAM, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_AT_ONCE)
    except OSError as error:
        listener.close()
        raise InputError(
            f"cannot listen at {host}:{port}: {error.strerror or error}",
            where="taxii.listen",
            mend="see who does (ss -ltnp), or choose another port; port 0 takes any free one",
        ) from None
    return listener


def listen(
    app: Any, listener: socket.socket, *, certificate: Path | None, key: Path | None, ready: Callable[[], None]
) -> None:
    """Serve until SIGTERM or Ctrl-C; `ready` is called once connections are taken.

    Raises:
        InputError: the certificate or its key cannot be used.
    """
    import ssl

    import uvicorn

    if certificate is not None:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except (OSError, ssl.SSLError) as error:
            raise InputError(
                f"the certificate or its key cannot be used: {error.strerror or error}",
                where=str(certificate),
                mend="both as PEM: taxii.certificate, taxii.certificate_key",
            ) from None
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        limit_concurrency=_AT_ONCE,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        ssl_certfile=str(certificate) if certificate else None,
        ssl_keyfile=str(key) if key else None,
        proxy_headers=False,  # who asks is who connects: addresses a client may invent count for nothing
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            ready()

    Server(config).run(sockets=[listener])
