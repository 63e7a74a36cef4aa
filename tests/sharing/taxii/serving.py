"""A TAXII server on a real socket of this machine, for tests: a thread, a free port, a folder of its own."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from seawall.model.clock import Clock, SystemClock
from seawall.model.taxii import TaxiiCollection, TaxiiSettings, TaxiiUser, check
from seawall.sharing.taxii.callers import hash_token
from seawall.sharing.taxii.listening import bound
from seawall.sharing.taxii.server import build
from seawall.sharing.taxii.store import Store
from seawall.state import open_engine

MEDIA = "application/taxii+json;version=2.1"
HEADERS = {"Accept": MEDIA, "Content-Type": MEDIA}
BOTH, INBOX, FEED = (
    "5b2c1f5e-6d0a-4b7e-9a52-0d6f0f4c8a11",
    "0f0a4b6e-52bb-4c7a-8c3f-1a7f6b2d9e22",
    "c2d4e6f8-1a3b-4c5d-8e7f-9a0b1c2d3e33",
)
# scrypt with the least work: the hash is not what these tests are about
WEAK = "scrypt$2$1$1$00000000000000000000000000000000$"


def weak_hash(password: str) -> str:
    import hashlib

    return WEAK + hashlib.scrypt(password.encode(), salt=bytes(16), n=2, r=1, p=1, dklen=32).hex()


def settings(**changes: Any) -> TaxiiSettings:
    """Three collections (read-write, write-only, read-only), and users of each sort."""
    given = {
        "users": (
            TaxiiUser("anna", password_hash=weak_hash("anna:s password"), clearance="amber"),
            TaxiiUser("peer", token_hash=hash_token("peer-token"), clearance="green"),
            TaxiiUser("feeder", password_hash=weak_hash("feeder"), clearance="amber+strict"),
            TaxiiUser("nobody", password_hash=weak_hash("nobody")),
        ),
        "collections": (
            TaxiiCollection(BOTH, "Both", alias="both", read=("anna", "peer"), write=("anna", "feeder")),
            TaxiiCollection(INBOX, "Inbox", read=("feeder",), write=("anna", "peer")),
            TaxiiCollection(FEED, "Feed", description="what we see", read=("anna",), write=("feeder",)),
        ),
    }
    return check(TaxiiSettings(**{**given, **changes}), where="test")


@dataclass
class Running:
    """A server, and clients for it."""

    url: str
    store: Store

    def client(self, user: str = "anna", password: str | None = None) -> httpx.Client:
        auth = (user, password if password is not None else {"anna": "anna:s password"}.get(user, user))
        return httpx.Client(base_url=self.url, auth=auth, headers=HEADERS, timeout=30, trust_env=False)

    def bearer(self, token: str = "peer-token") -> httpx.Client:
        headers = {**HEADERS, "Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)


@contextlib.contextmanager
def listening(app: Any) -> Iterator[str]:
    """Any ASGI application on a free port; gives its address."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off", timeout_keep_alive=5))
    with bound("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            ends = time.monotonic() + 30
            while not server.started and thread.is_alive() and time.monotonic() < ends:
                thread.join(0.005)
            assert server.started
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)


@contextlib.contextmanager
def running(
    folder: Path | str, *, clock: Clock | None = None, released: Any = None, **changes: Any
) -> Iterator[Running]:
    """A server over a database: a file, or an SQLAlchemy address."""
    engine = open_engine(folder if "://" in str(folder) else Path(folder), pool_size=10, max_overflow=40)
    store = Store(engine, clock or SystemClock())
    try:
        app = build(settings(**changes), store, clock or SystemClock(), released=released)
        with listening(app) as url:
            yield Running(url, store)
    finally:
        engine.dispose()


def identity(number: int = 0, *, day: int = 1, **more: Any) -> dict[str, Any]:
    """A small object of STIX 2.1, a version a day."""
    moment = f"2026-01-{day:02}T00:00:00.000Z"
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{number:08x}-1111-4111-8111-111111111111",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": moment,
        "name": f"carrier {number}",
        **more,
    }


def post(client: httpx.Client, collection: str, *objects: Any) -> httpx.Response:
    body = json.dumps({"objects": list(objects)})
    return client.post(f"/sharing/collections/{collection}/objects/", content=body)
