"""Pages are exact: on SQLite and PostgreSQL, against a model, under writers that never wait for readers."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.clock import FixedClock, SystemClock
from seawall.sharing.taxii.asking import Question
from seawall.sharing.taxii.marks import light_of
from seawall.sharing.taxii.objects import Checked, check
from seawall.sharing.taxii.store import ANYTHING, Store
from seawall.state import open_engine
from tests.databases import postgresql
from tests.sharing.taxii.serving import identity

HERE = str(uuid.uuid4())


def checked(one: dict[str, Any]) -> Checked:
    return check(one, light_of=light_of("clear"))


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL of this file's own."""
    with postgresql() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    return tmp_path / "s.db" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def store(address: str | Path) -> Iterator[Store]:
    engine = open_engine(address, pool_size=10, max_overflow=20)
    made = Store(engine, SystemClock())
    made.make([HERE])
    yield made
    engine.dispose()


def walk(store: Store, collection: str, limit: int, *, until: threading.Event | None = None) -> list[str]:
    """Ids in page order; goes on until the writers are done and nothing is left."""
    seen, question = list[str](), Question(limit=limit, versions=("all",))
    while True:
        over = until is None or until.is_set()  # looked at before the page: what came later shows in the next
        page = store.page(collection, question, ANYTHING)
        seen += [record.id for record in page.records]
        if page.records:
            question = question.continued(page.records[-1].added)
        elif over:
            return seen


def write_and_walk(store: Store, writers: int, each: int, batch: int, limit: int) -> None:
    here, done = str(uuid.uuid4()), threading.Event()
    store.make([here])

    def write(number: int) -> None:
        for first in range(0, each, batch):
            some = range(number * each + first, number * each + min(first + batch, each))
            store.add(here, [checked(identity(one)) for one in some])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    closer = threading.Thread(target=lambda: ([thread.join() for thread in threads], done.set()))
    closer.start()
    seen = walk(store, here, limit, until=done)
    closer.join()
    wanted = [identity(number)["id"] for number in range(writers * each)]
    assert len(seen) == len(set(seen)), "an object came twice"
    assert sorted(seen) == sorted(wanted), "an object was missed"


def test_a_walk_misses_nothing_and_doubles_nothing_while_four_write(store: Store) -> None:
    write_and_walk(store, writers=4, each=150, batch=7, limit=10)


@pytest.mark.soak
def test_a_walk_over_100_000_objects_is_exact_while_four_write(store: Store) -> None:
    write_and_walk(store, writers=4, each=25_000, batch=50, limit=100)


def test_moments_only_ever_grow_though_the_clock_goes_back(address: str | Path) -> None:
    here, moments = str(uuid.uuid4()), list[int]()
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for number, back in enumerate((0, 5, 3_600)):
        engine = open_engine(address)
        store = Store(engine, FixedClock(noon - timedelta(seconds=back)))
        store.make([here])
        store.add(here, [checked(identity(2 * number)), checked(identity(2 * number + 1))])
        moments = [record.added for record in store.page(here, Question(limit=99), ANYTHING).records]
        engine.dispose()
    assert len(moments) == 6
    assert moments == sorted(set(moments))


def test_deleting_the_newest_gives_its_moment_to_nobody_else(store: Store) -> None:
    here = str(uuid.uuid4())
    store.make([here])
    store.add(here, [checked(identity(1))])
    before = store.page(here, Question(limit=9), ANYTHING).records[-1].added
    assert store.delete(here, identity(1)["id"], Question(limit=1, versions=("all",)), ANYTHING) == 1
    store.add(here, [checked(identity(1))])
    assert store.page(here, Question(limit=9), ANYTHING).records[-1].added > before


def test_the_key_is_the_same_in_every_process(address: str | Path) -> None:
    keys = set()
    for _ in range(2):
        engine = open_engine(address)
        keys.add(Store(engine, SystemClock()).key("next"))
        engine.dispose()
    assert len(keys) == 1


def test_a_recall_hides_every_version_from_those_below(store: Store) -> None:
    here = str(uuid.uuid4())
    store.make([here])
    store.add(here, [checked(identity(1)), checked(identity(1, day=2))])
    assert store.holds(here, identity(1)["id"], 0)
    assert store.restrict(here, identity(1)["id"], 2) == 2
    assert not store.holds(here, identity(1)["id"], 1)
    assert store.holds(here, identity(1)["id"], 2)


def test_an_observable_without_a_version_is_kept_once_for_the_same_content(store: Store) -> None:
    here = str(uuid.uuid4())
    store.make([here])
    address = {"type": "ipv4-addr", "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd", "value": "198.51.100.3"}
    more = address | {"x_seen": 2}
    assert [kept.new for kept in store.add(here, [checked(one) for one in (address, address, more)])] == [1, 0, 1]
    assert not store.add(here, [checked(dict(reversed(address.items())))])[0].new
    (last,) = store.page(here, Question(limit=9), ANYTHING).records
    assert json.loads(last.body) == more


_LIGHTS = ("94868c89-83c2-464b-929b-a1a8aa3c8487", "bab4a63c-aed9-4cf5-a766-dfca5abac2bb")
_VERSIONS = st.tuples(st.integers(0, 3), st.integers(1, 4), st.integers(0, 1))  # object, day, light
_MATCH = st.sampled_from(["first", "last", "all", "2026-01-02T00:00:00.000000000", "2026-01-04T00:00:00.000000000"])


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    engine = open_engine(tmp_path_factory.mktemp("model") / "s.db")
    yield Store(engine, SystemClock())
    engine.dispose()


@given(
    written=st.lists(_VERSIONS, max_size=12),
    versions=st.lists(_MATCH, min_size=1, max_size=2),
    ids=st.none() | st.sets(st.integers(0, 3), min_size=1),
    clearance=st.integers(0, 1),
    limit=st.integers(1, 5),
)
def test_what_is_found_is_what_a_plain_list_would_give(
    one_store: Store,
    written: list[tuple[int, int, int]],
    versions: list[str],
    ids: set[int] | None,
    clearance: int,
    limit: int,
) -> None:
    here = str(uuid.uuid4())
    one_store.make([here])
    rows: list[tuple[int, int, int]] = []
    for number, day, light in written:
        marked = identity(number, day=day, object_marking_refs=[f"marking-definition--{_LIGHTS[light]}"])
        one_store.add(here, [checked(marked)])
        if not any((number, day) == row[:2] for row in rows):
            rows.append((number, day, light))
    gates = {row: max(light for n, d, light in written if n == row[0] and d >= row[1]) for row in rows}
    seen = [row for row in rows if gates[row] <= clearance]

    def wanted(row: tuple[int, int, int]) -> bool:
        days = [day for number, day, _ in seen if number == row[0]]
        named = {"all": True, "first": row[1] == min(days), "last": row[1] == max(days)}
        return any(named.get(word, word[9:10] == str(row[1])) for word in versions)

    expected = [row[:2] for row in seen if wanted(row) and (ids is None or row[0] in ids)]
    asked = None if ids is None else tuple(identity(number)["id"] for number in ids)
    question, found = Question(limit=limit, ids=asked, versions=tuple(versions)), list[tuple[int, int]]()
    while True:
        page = one_store.page(here, question, clearance)
        found += [(int(record.id[10:18], 16), int(record.version[8:10])) for record in page.records]
        if not page.more:
            break
        question = question.continued(page.records[-1].added)
    assert found == expected
