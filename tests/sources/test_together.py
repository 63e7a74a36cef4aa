from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seawall.model.settings import Settings
from seawall.sources import lines
from seawall.sources.base import Chunk, Evidence, Place
from seawall.sources.intake import reading_for
from seawall.sources.opening import open_place
from seawall.sources.steps import Begun, Step, steps
from seawall.sources.together import steps_together
from tests.sources.test_shards import LINES
from tests.sources.test_workers import CLOCK, line

HEAD = line(3).encode()  # makes it syslog, whatever follows
READING = reading_for([], Settings(), CLOCK)


def stored(folder: Path, contents: list[bytes]) -> list[Place]:
    places = []
    for number, content in enumerate(contents):
        path = folder / f"f{number}.log"
        path.write_bytes(content)
        places.append(Place(path.name, path, size=len(content)))
    return places


def alone(place: Place) -> list[Step]:
    evidence = open_place(place)
    assert isinstance(evidence, Evidence)
    return list(steps(evidence, READING))


def same(one: Step, other: Step) -> bool:
    if isinstance(one, Chunk) and isinstance(other, Chunk):
        assert one.tables.keys() == other.tables.keys()
        assert all(one.tables[kind].equals(table) for kind, table in other.tables.items())
        kept = ("rejects", "rejected", "read_bytes", "notes")
        return all(getattr(one, name) == getattr(other, name) for name in kept)
    return one == other


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(contents=st.lists(st.lists(LINES, max_size=5).map(b"".join), min_size=2, max_size=8))
def test_files_cut_together_are_what_each_is_alone(tmp_path: Path, contents: list[bytes]) -> None:
    places = stored(tmp_path, [HEAD * 2 + content for content in contents])
    for number, said in steps_together(places, READING, ()).items():
        for one, other in zip(said, alone(places[number]), strict=True):
            assert same(one, other)


def test_equal_lines_are_told_apart_within_a_file_and_not_between_files(tmp_path: Path) -> None:
    places = stored(tmp_path, [HEAD + HEAD, HEAD, b"no log line\n" + HEAD + HEAD + HEAD])
    ids = []
    for said in steps_together(places, READING, ()).values():
        ids.append([t for step in said if isinstance(step, Chunk) and step.tables for t in _ids(step.tables["syslog"])])
    assert [len(found) for found in ids] == [2, 1, 3]
    assert ids[0] == ids[2][:2]
    assert ids[1] == ids[0][:1]


def _ids(table: pa.Table) -> list[bytes]:
    return list(table["event_id"].to_pylist())


def test_what_is_known_is_not_read_and_what_is_no_syslog_is_left(tmp_path: Path) -> None:
    places = stored(tmp_path, [HEAD, HEAD + HEAD, b"hello\n", b"x" * lines.MAX_LINE_BYTES])
    (begun, *_) = alone(places[0])
    assert isinstance(begun, Begun)
    said = steps_together(places, READING, {begun.digest})
    assert sorted(said) == [0, 1]
    assert list(said[0]) == [Begun(begun.digest, known=True)]


@pytest.mark.parametrize("odd", [b"<189>8: e: 1: Nov 21 1970 22:00:01: %SYS-5-X: y\n"], ids=["doubted-clock"])
def test_a_block_with_something_to_say_of_one_file_is_not_cut_together(tmp_path: Path, odd: bytes) -> None:
    assert steps_together(stored(tmp_path, [HEAD, HEAD + odd]), READING, ()) == {}
