"""Reading from and writing to others' TAXII 2.1 servers: page by page, within bounds, and never in a circle."""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from seawall.errors import PeerError
from seawall.sharing.taxii.moments import read_moment
from seawall.sharing.taxii.wire import Answer, Bounds, Login, Wire

_MOST_PAGES: Final = 100_000  # of one walk
_MOST_EMPTY: Final = 3  # pages without an object, one after another
_LONGEST_NEXT: Final = 8_192
_PENDING_ASKS: Final = 30


@dataclass(frozen=True, slots=True)
class Place:
    """A collection of somebody else's server."""

    root: str  # address of its API root, ending in /
    collection: str  # id or alias

    @property
    def url(self) -> str:
        """Its address, ending in /."""
        from urllib.parse import quote

        return f"{self.root.rstrip('/')}/collections/{quote(self.collection, safe='')}/"


def place_of(url: str) -> Place:
    """A collection by its whole address (`…/collections/ID/`, with or without `objects/`). Raises PeerError."""
    head, found, tail = url.rstrip("/").removesuffix("/objects").rpartition("/collections/")
    if not found or not tail or "/" in tail:
        raise PeerError(
            "no address of a collection", where=url[:200], mend="e.g. https://taxii.example.net/api/collections/ID/"
        )
    return Place(f"{head}/", tail)


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a walk through a collection stands: enough to go on after a crash, losing nothing."""

    added_after: str = ""  # of the whole walk, as the server wrote it; empty = from the beginning
    next: str = ""  # the server's token for the page after the last one kept; empty = the first page
    newest: str = ""  # Date-Added-Last of the last page kept: what `added_after` becomes at the end


@dataclass(frozen=True, slots=True)
class Batch:
    """A page of objects, and where the walk stands once they are kept."""

    objects: Sequence[Mapping[str, Any]]
    walk: Walk
    last: bool
    refused: int = 0  # members that are no objects


@dataclass(frozen=True, slots=True)
class Told:
    """What a server says became of what it was sent."""

    total: int
    successes: int
    failures: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    pending: int = 0


class Client:
    """A TAXII 2.1 client of one server; a context manager that closes the connection."""

    def __init__(self, url: str, login: Login | None = None, bounds: Bounds | None = None) -> None:
        bounds = bounds or Bounds()
        self._wire, self._walk_s = Wire(url, login, bounds), bounds.walk_s

    def roots(self, discovery: str) -> list[str]:
        """Addresses of the API roots a server names; those on other servers are left out, as we have no login there."""
        found = self._wire.get(discovery).value.get("api_roots")
        return [root for root in _list(found) if isinstance(root, str)][:1_000]

    def collections(self, root: str) -> list[dict[str, Any]]:
        """The collections of an API root, as the server describes them."""
        found = self._wire.get(f"{root.rstrip('/')}/collections/").value.get("collections")
        return [one for one in _list(found) if isinstance(one, dict)][:10_000]

    def objects(
        self, place: Place, walk: Walk | None = None, *, limit: int = 0, match: Mapping[str, str] | None = None
    ) -> Iterator[Batch]:
        """Walk through a collection from where the last walk stands; keep each batch and its walk together.

        Raises:
            PeerError: the server refuses, goes round in a circle, or says there is more but not how to go on.
        """
        walk, circle = walk or Walk(), _Circle(place)
        ends = time.monotonic() + self._walk_s
        for _ in range(_MOST_PAGES):
            answer, walk = self._page(place, walk, limit, match or {})
            objects = _list(answer.value.get("objects"))
            good = [one for one in objects if isinstance(one, dict)]
            more = answer.value.get("more") is True
            last = _date(answer) or walk.newest
            after = _onward(place, answer, walk, last) if more else Walk(added_after=last or walk.added_after)
            if more:
                circle.refuse(objects, last)
            yield Batch(good, after, not more, len(objects) - len(good))
            if not more:
                return
            walk = after
            if time.monotonic() > ends:
                break
        raise PeerError(
            "has no end in sight", where=place.url, mend="what was kept stays; run again to go on from there"
        )

    def _page(self, place: Place, walk: Walk, limit: int, match: Mapping[str, str]) -> tuple[Answer, Walk]:
        params = {f"match[{name}]": value for name, value in match.items()}
        if walk.added_after:
            params["added_after"] = walk.added_after
        if limit:
            params["limit"] = str(limit)
        if not walk.next:
            return self._wire.get(f"{place.url}objects/", params), walk
        try:
            return self._wire.get(f"{place.url}objects/", params | {"next": walk.next}), walk
        except PeerError as error:
            if not any(f"({status})" in error.what for status in (400, 404, 410, 422, 500)):
                raise
        # Some servers forget their tokens: from the beginning of the walk, so that nothing is lost.
        fresh = Walk(added_after=walk.added_after)
        return self._wire.get(f"{place.url}objects/", params), fresh

    def add(
        self,
        place: Place,
        objects: Sequence[Mapping[str, Any]],
        *,
        most: int = 8 << 20,
        wait: Callable[[], None] | None = None,
    ) -> Told:
        """Send objects in parts that the server takes; wait while it says they are pending.

        Raises:
            PeerError: it refuses, or says nothing a client can read.
        """
        said = self._wire.get(place.root).value.get("max_content_length")
        most = min(most, said) if isinstance(said, int) and said > 1_024 else most
        total, successes, pending, failures = 0, 0, 0, list[Mapping[str, Any]]()
        for part in _parts(objects, most):
            status = self._wire.post(f"{place.url}objects/", part).value
            status = self._settled(place, status, wait or (lambda: time.sleep(1)))
            total += _count(status, "total_count")
            successes += _count(status, "success_count")
            pending += _count(status, "pending_count")
            failures += [one for one in _list(status.get("failures")) if isinstance(one, dict)]
        return Told(total, successes, failures, pending)

    def _settled(self, place: Place, status: Mapping[str, Any], wait: Callable[[], None]) -> Mapping[str, Any]:
        for _ in range(_PENDING_ASKS):
            id_ = status.get("id")
            if status.get("status") != "pending" or not isinstance(id_, str) or not id_.replace("-", "").isalnum():
                break
            wait()
            status = self._wire.get(f"{place.root.rstrip('/')}/status/{id_}/").value
        return status

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *about: Any) -> None:
        self._wire.__exit__(*about)


class _Circle:
    """Notices a server that says there is more and gives nothing new. A token may repeat: some name the whole walk."""

    def __init__(self, place: Place) -> None:
        self._place, self._seen, self._empty = place, set[bytes](), 0

    def refuse(self, objects: list[Any], last: str) -> None:
        self._empty = 0 if objects else self._empty + 1
        mark = hashlib.sha256(json.dumps([last, objects]).encode()).digest()
        if self._empty > _MOST_EMPTY or (objects and mark in self._seen):
            raise PeerError(
                "goes round in a circle: it says there is more, and gives nothing new",
                where=self._place.url,
                mend="what was kept stays; tell its operator",
            )
        self._seen.add(mark)


def _onward(place: Place, answer: Answer, walk: Walk, last: str) -> Walk:
    """Where the next page begins: at `next` with the very same filters, else behind the last one added."""
    next_ = answer.value.get("next")
    if isinstance(next_, int) and not isinstance(next_, bool):
        next_ = str(next_)
    if isinstance(next_, str) and 0 < len(next_) <= _LONGEST_NEXT:
        return Walk(walk.added_after, next_, last)
    if last and last != walk.added_after:
        return Walk(added_after=last, newest=last)
    raise PeerError(
        "says there is more, but not how to go on: no `next`, and Date-Added-Last is missing or stands still",
        where=place.url,
    )


def _date(answer: Answer) -> str:
    """X-TAXII-Date-Added-Last as the server wrote it; empty where it is missing or no timestamp.

    Some leave it out where the first record is the last.
    """
    for end in ("last", "first"):
        said = answer.headers.get(f"x-taxii-date-added-{end}", "").strip()[:60]
        with contextlib.suppress(ValueError):
            read_moment(said)
            return said
    return ""


def _parts(objects: Sequence[Mapping[str, Any]], most: int) -> Iterator[bytes]:
    """Envelopes of at most so many octets."""
    part, size = list[str](), 0
    for one in objects:
        text = json.dumps(one, separators=(",", ":"))
        if part and size + len(text) + 20 > most:
            yield f'{{"objects":[{",".join(part)}]}}'.encode()
            part, size = [], 0
        part.append(text)
        size += len(text) + 1
    if part:
        yield f'{{"objects":[{",".join(part)}]}}'.encode()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(status: Mapping[str, Any], name: str) -> int:
    value = status.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
