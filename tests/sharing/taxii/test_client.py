"""Our client: against our server, two servers of others, and one that means harm."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from seawall.errors import PeerError, UsageError
from seawall.model.settings import Secret
from seawall.sharing.taxii.client import Client, Place, Walk, place_of
from seawall.sharing.taxii.wire import Bounds, Login
from tests.sharing.taxii.peers import peer
from tests.sharing.taxii.serving import BOTH, MEDIA, identity, listening, running

ROOT = "/sharing/"
SMALL = Bounds(body=1 << 20, seconds=10, silence_s=5)


def login(folder: Path, user: str = "anna", password: str = "anna:s password") -> Login:
    (folder / "pw").write_text(password)
    return Login(user, Secret(f"file:{folder / 'pw'}"))


def ids(client: Client, place: Place, walk: Walk | None = None, limit: int = 0) -> tuple[list[str], Walk]:
    seen, at = list[str](), walk or Walk()
    for batch in client.objects(place, walk, limit=limit):
        seen += [str(one["id"]) for one in batch.objects]
        at = batch.walk
    return seen, at


def test_it_writes_pages_and_goes_on_where_it_ended_at_our_own_server(tmp_path: Path) -> None:
    many = [identity(number) for number in range(23)]
    with running(tmp_path / "s.db") as server, Client(server.url, login(tmp_path)) as client:
        assert client.roots(f"{server.url}/taxii2/") == [f"{server.url}/sharing/"]
        place = Place(f"{server.url}/sharing/", "both")
        assert {one["title"] for one in client.collections(place.root)} == {"Both", "Inbox", "Feed"}
        told = client.add(place, [*many, {"type": "indicator"}], most=2_000)
        assert (told.total, told.successes, len(told.failures)) == (24, 23, 1)
        seen, walk = ids(client, place, limit=5)
        assert seen == [one["id"] for one in many]
        assert ids(client, place, walk) == ([], walk)
        client.add(place, [identity(99)])
        assert ids(client, place, walk)[0] == [identity(99)["id"]]


@pytest.mark.part("taxii peers")
@pytest.mark.parametrize("name", ["medallion", "opentaxii"])
def test_it_writes_reads_and_pages_at_servers_of_others(name: str, tmp_path: Path) -> None:
    many = [identity(number) for number in range(25)]
    with peer(name, tmp_path) as (root, collection), Client(root, login(tmp_path, password="pw")) as client:
        place = Place(root, collection)
        assert [one["id"] for one in client.collections(root)] == [collection]
        told = client.add(place, many, wait=lambda: None)
        assert (told.total, told.failures) == (25, [])
        seen, walk = ids(client, place, limit=4)
        assert sorted(seen) == sorted(one["id"] for one in many)
        assert ids(client, place, walk, limit=4)[0] == []
        client.add(place, [identity(99)], wait=lambda: None)
        assert ids(client, place, walk, limit=4)[0] == [identity(99)["id"]]
        with pytest.raises(PeerError, match="404"):
            list(client.objects(Place(root, "00000000-0000-4000-8000-000000000000")))
        with Client(root, login(tmp_path, password="wrong")) as stranger, pytest.raises(PeerError, match="401"):
            list(stranger.objects(place))


Say = Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]]


@contextmanager
def hostile(say: Say) -> Iterator[Place]:
    """A server that says what a test wants."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        status, headers, body = say(scope)
        raw = [(name.encode(), value.encode()) for name, value in ({"content-type": MEDIA} | headers).items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})

    with listening(app) as url:
        yield Place(f"{url}/api/", "c")


def page(**more: Any) -> bytes:
    return json.dumps({"more": True, "objects": [identity()], **more}).encode()


DATED = {"x-taxii-date-added-last": "2026-01-01T00:00:00.000001Z"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "named"),
    [
        pytest.param(302, {"location": "http://203.0.113.9/steal"}, b"", "elsewhere", id="redirect"),
        pytest.param(200, {}, page(next="same"), "circle", id="the-same-page-for-ever"),
        pytest.param(200, DATED, page(), "how to go on", id="the-same-date-for-ever"),
        pytest.param(200, {}, page(), "how to go on", id="more-and-no-way-on"),
        pytest.param(200, {"content-encoding": "gzip"}, gzip.compress(bytes(1 << 26)), "more than", id="gzip-bomb"),
        pytest.param(200, {"content-encoding": "gzip"}, b"\x1f\x8b nonsense", "broken gzip", id="no-gzip"),
        pytest.param(200, {"content-encoding": "br"}, b"x", "not asked for", id="other-coding"),
        pytest.param(200, {}, bytes(1 << 21), "more than", id="too-long"),
        pytest.param(200, {"content-type": "text/html"}, b"<html>", "no TAXII", id="a-page"),
        pytest.param(200, {"content-type": "application/taxii+json;version=2.0"}, b"{}", "no TAXII", id="old"),
        pytest.param(200, {}, b"[" * 100_000, "broken JSON", id="deep"),
        pytest.param(200, {}, b"[]", "no JSON object", id="a-list"),
        pytest.param(500, {}, b'{"description": "\x1b[2Jgone"}', "500", id="escape-codes"),
    ],
)
def test_a_hostile_answer_is_refused_with_its_reason(status: int, headers: Any, body: bytes, named: str) -> None:
    with (
        hostile(lambda scope: (status, headers, body)) as place,
        Client(place.root, bounds=SMALL) as client,
        pytest.raises(PeerError, match=named) as told,
    ):
        list(client.objects(place))
    assert "\x1b" not in str(told.value)


def test_a_walk_that_always_finds_more_ends_in_time_and_what_was_given_can_be_gone_on_from() -> None:
    asked = iter(range(10**9))

    def say(scope: Any) -> tuple[int, dict[str, str], bytes]:
        number = next(asked)
        return 200, {}, page(next=str(number), objects=[identity(number)])

    with hostile(say) as place, Client(place.root, bounds=Bounds(walk_s=0.2)) as client:
        walk = client.objects(place)
        first = next(walk)
        with pytest.raises(PeerError, match="no end in sight"):
            list(walk)
    assert first.walk.next == "0"


def test_an_endless_next_that_changes_but_gives_nothing_ends() -> None:
    asked = iter(range(10_000))

    def say(scope: Any) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, json.dumps({"more": True, "next": str(next(asked)), "objects": []}).encode()

    with hostile(say) as place, Client(place.root, bounds=SMALL) as client, pytest.raises(PeerError, match="circle"):
        list(client.objects(place))
    assert next(asked) < 10


def test_members_that_are_no_objects_are_counted_and_odd_lists_are_none() -> None:
    with (
        hostile(lambda scope: (200, DATED, b'{"objects": [1, "x", {"id": "a"}]}')) as place,
        Client(place.root) as client,
    ):
        (batch,) = client.objects(place)
    assert (len(batch.objects), batch.refused, batch.last) == (1, 2, True)
    with (
        hostile(lambda scope: (200, {}, b'{"objects": {"a": 1}, "more": "yes"}')) as place,
        Client(place.root) as client,
    ):
        (batch,) = client.objects(place)
    assert (len(batch.objects), batch.last) == (0, True)


def test_a_server_that_forgets_its_tokens_is_read_again_from_the_start_of_the_walk() -> None:
    asked: list[str] = []

    def say(scope: Any) -> tuple[int, dict[str, str], bytes]:
        query = scope["query_string"].decode()
        asked.append(query)
        if "next=old" in query:
            return 404, {}, b"{}"
        return 200, DATED, json.dumps({"objects": [identity()]}).encode()

    with hostile(say) as place, Client(place.root) as client:
        seen, walk = ids(client, place, Walk("2025-01-01T00:00:00Z", "old", "2025-06-01T00:00:00Z"))
    assert (len(seen), walk) == (1, Walk(DATED["x-taxii-date-added-last"]))
    assert [query.count("added_after=2025-01-01") for query in asked] == [1, 1]


def test_credentials_go_to_no_other_server_and_over_no_network_in_clear(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="in clear"):
        Client("http://taxii.example.net/api/", login(tmp_path))
    with pytest.raises(UsageError, match="credentials stand in the address"):
        Client("https://me:secret@taxii.example.net/api/")
    with (
        running(tmp_path / "s.db") as server,
        Client(server.url, login(tmp_path)) as client,
        pytest.raises(PeerError, match="another server"),
    ):
        list(client.objects(Place("http://127.0.0.1:9/api/", BOTH)))


def test_a_collection_is_named_by_its_address() -> None:
    assert place_of("https://x.example/api/collections/abc/objects/") == Place("https://x.example/api/", "abc")
    assert place_of("https://x.example/api/collections/abc").url == "https://x.example/api/collections/abc/"
    with pytest.raises(PeerError, match="no address of a collection"):
        place_of("https://x.example/api/")
