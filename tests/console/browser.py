"""A browser without a screen: keeps cookies, fills in the hidden fields of forms, talks to the application directly."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pyotp
from fastapi import APIRouter, FastAPI

from seawall.console.app import build
from seawall.console.desk import Desk
from seawall.console.secrets import hash_password
from seawall.model.case import open_case
from seawall.model.settings import ConsoleSettings, Settings
from seawall.state.accounts import User
from tests.response.world import Watch

ORIGIN = "http://localhost:8443"
PASSWORD = "five green herons wade"
CODE = "ABCD-EFGH-JKLM-NPQR"
_DIGEST = hash_password(PASSWORD)  # once: it costs 64 MiB and a tenth of a second


@dataclass
class World:
    """One console over one case, and whoever opens it."""

    app: FastAPI
    clock: Watch
    loop: asyncio.Runner
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        desk: Desk = self.app.state.desk
        return desk

    def add(self, id_: str, *roles: str, name: str = "") -> None:
        secret = pyotp.random_base32()
        self.secrets[id_] = secret
        user = User(id_, name, roles, _DIGEST, self.desk.seal.close(secret, id_))
        self.desk.accounts.add(user, self.clock.now())

    def browser(self, who: str = "") -> Browser:
        opened = Browser(self)
        if who:
            assert opened.log_in(who).status_code == 303
        return opened


class Browser:
    """What one person sees."""

    def __init__(self, world: World, client: str = "192.0.2.7") -> None:
        self.world = world
        self.csrf = ""
        transport = httpx.ASGITransport(app=world.app, raise_app_exceptions=False, client=(client, 40_000))
        self._client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"accept": "text/html"})

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        return self.world.loop.run(self._client.request(method, path, **more))

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, fields: Mapping[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send a form, with this session's mark."""
        return self.ask("POST", path, data={"csrf": self.csrf, **(fields or {})}, **more)

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        told = {"accept": "application/json", "x-csrf-token": self.csrf, **headers}
        return self.ask(method, f"/api/v1{path}", json=body, headers=told)

    def log_in(self, who: str, **more: str) -> httpx.Response:
        self.world.clock.pass_by(seconds=60)  # no code is taken twice
        code = pyotp.TOTP(self.world.secrets[who]).at(self.world.clock.at) if who in self.world.secrets else ""
        answer = self.ask("POST", "/login", data={"user": who, "password": PASSWORD, "code": code, **more})
        if answer.status_code in (200, 303):
            self.csrf = hidden(self.get("/account"), "csrf")
        return answer


def hidden(answer: httpx.Response, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    return unescape(found.group(1)) if found else ""


def open_world(folder: Path, *, loop: asyncio.Runner, extra: tuple[APIRouter, ...] = (), **console: Any) -> World:
    clock = Watch()
    settings = replace(Settings(), console=ConsoleSettings(requests_per_minute=100_000, **console))
    app = build(open_case(folder, clock), clock=clock, settings=settings, origin=ORIGIN, setup_code=CODE, extra=extra)
    return World(app, clock, loop)


@contextmanager
def answering(app: FastAPI, listening: socket.socket) -> Iterator[None]:
    """The application as a real server on a socket, for a real browser."""
    import uvicorn

    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)
