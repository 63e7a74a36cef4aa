"""What a request may see and do: the caller, the collection, the right; and how an answer looks."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request, Response

from seawall.model.clock import Clock
from seawall.model.taxii import TaxiiCollection, TaxiiRoot, TaxiiSettings, may
from seawall.sharing.taxii.callers import Caller, Users
from seawall.sharing.taxii.cursor import Cursors
from seawall.sharing.taxii.media import TAXII, acceptable, is_taxii
from seawall.sharing.taxii.moments import added_text
from seawall.sharing.taxii.pace import Pace
from seawall.sharing.taxii.refusal import Refusal
from seawall.sharing.taxii.store import Page, Store

CHALLENGE: Final = 'Basic realm="TAXII", charset="UTF-8", Bearer realm="TAXII"'
Released = Callable[[Caller, TaxiiCollection, Page], None]  # told of every page before it leaves


class TaxiiResponse(Response):
    """An answer in TAXII's media type. It is of one user, so that nothing between may keep it."""

    media_type = TAXII

    def __init__(self, content: bytes, status_code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        fixed = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept, Authorization"}
        super().__init__(content, status_code, {**fixed, **(headers or {})})
        self.headers["content-type"] = TAXII  # as the standard spells it; Starlette would put a blank in


@dataclass(frozen=True, slots=True)
class Serving:
    """Everything a request needs."""

    settings: TaxiiSettings
    store: Store
    users: Users
    cursors: Cursors
    clock: Clock
    requests: Pace
    failures: Pace
    released: Released
    collections: Mapping[tuple[str, str], TaxiiCollection] = field(default_factory=dict)  # by root, and id or alias

    def admit(self, request: Request) -> Caller:
        """Who asks. Raises Refusal: 401, 429, or 406 for an `Accept` that does not take TAXII 2.1."""
        caller = self._caller(request)
        if wait := self.requests.wait_s(caller.name):
            raise Refusal(429, f"more than {self.settings.requests_per_minute} requests a minute", headers=_later(wait))
        if not acceptable(", ".join(request.headers.getlist("accept")) or None):
            raise Refusal(406, f"this server speaks {TAXII}")
        return caller

    def _caller(self, request: Request) -> Caller:
        authorization = request.headers.get("authorization")
        if caller := self.users.known(authorization):
            return caller
        if authorization:
            peer = request.client.host if request.client else ""
            if wait := self.failures.wait_s(peer, take=False):
                raise Refusal(429, "too many failed log-ins from this address", headers=_later(wait))
            if caller := self.users.proven(authorization):
                return caller
            self.failures.wait_s(peer)
            raise Refusal(401, "that name and password, or token, are not known here", headers=_challenge())
        raise Refusal(401, "say who you are: HTTP Basic or a bearer token", headers=_challenge())

    def root(self, name: str) -> TaxiiRoot:
        """An API root. Raises Refusal 404."""
        for root in self.settings.roots:
            if root.name == name:
                return root
        raise Refusal(404, "there is no such API root")

    def visible(self, root: str, caller: Caller) -> list[TaxiiCollection]:
        """The collections of a root a user has any right to."""
        here = (one for one in self.settings.collections if self.settings.root_of(one) == root)
        return [one for one in here if may(caller.name, (*one.read, *one.write))]

    def collection(
        self, root: str, name: str, caller: Caller, *, read: bool = False, write: bool = False
    ) -> TaxiiCollection:
        """A collection by id or alias. Raises Refusal: 404 for a user without any right to it, 403 without this one."""
        self.root(root)
        one = self.collections.get((root, name.lower()))
        if one is None or not may(caller.name, (*one.read, *one.write)):
            raise Refusal(404, "there is no such collection")
        if read and not may(caller.name, one.read):
            raise Refusal(403, "you may write to this collection, but not read it")
        if write and not may(caller.name, one.write):
            raise Refusal(403, "you may read this collection, but not write to it")
        return one

    async def body(self, request: Request, root: TaxiiRoot) -> bytes:
        """The octets of an upload. Raises Refusal: 415, 413 or 408."""
        if not is_taxii(request.headers.get("content-type")):
            raise Refusal(415, f"Content-Type is not {TAXII}")
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise Refusal(415, "send it as it is, without Content-Encoding")
        length = request.headers.get("content-length", "")
        too_large = Refusal(413, f"more than {root.max_content_length} octets; send it in parts")
        if length.isdigit() and int(length[:20]) > root.max_content_length:
            raise too_large
        read = bytearray()
        try:
            async with asyncio.timeout(self.settings.body_seconds):
                async for chunk in request.stream():
                    read += chunk
                    if len(read) > root.max_content_length:
                        raise too_large
        except TimeoutError:
            raise Refusal(408, f"not all there within {self.settings.body_seconds:g} s") from None
        return bytes(read)


def index(settings: TaxiiSettings) -> dict[tuple[str, str], TaxiiCollection]:
    """Collections by root, and id or alias in small letters."""
    named = ((settings.root_of(one), name, one) for one in settings.collections for name in (one.id, one.alias))
    return {(root, name.lower()): one for root, name, one in named if name}


def resource(values: Mapping[str, Any], status: int = 200) -> TaxiiResponse:
    """A resource; what is empty is left out, as the standard wants it."""
    told = {name: value for name, value in values.items() if value not in ("", [], (), None)}
    return TaxiiResponse(json.dumps(told).encode(), status)


def paged(name: str, items: Iterable[str], page: Page, next_: str | None) -> TaxiiResponse:
    """A page of a list whose items are JSON already; nothing found is an empty resource."""
    headers = {}
    if page.records:
        headers["X-TAXII-Date-Added-First"] = added_text(page.records[0].added)
        headers["X-TAXII-Date-Added-Last"] = added_text(page.records[-1].added)
    parts = []
    if page.records:
        parts = [f'"more":{"true" if page.more else "false"}']
        if next_ is not None:
            parts.append(f'"next":{json.dumps(next_)}')
        parts.append(f'"{name}":[{",".join(items)}]')
    return TaxiiResponse(f"{{{','.join(parts)}}}".encode(), 200, headers)


def _later(seconds: int) -> dict[str, str]:
    return {"Retry-After": str(seconds)}


def _challenge() -> dict[str, str]:
    return {"WWW-Authenticate": CHALLENGE}
