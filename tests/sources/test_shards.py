from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seawall.model.settings import Settings
from seawall.sources import lines, shards, syslog
from seawall.sources.base import Chunk, Cut, Evidence, Place, Reading
from seawall.sources.intake import FileReport, reading_for, take_in
from seawall.sources.opening import digest, open_evidence
from seawall.sources.steps import cuts
from tests.sources.test_workers import CLOCK, Kept, killing, line, taken

BLOCK, LONGEST = 700, 400  # bytes; small, so that little text has many cuts and every one of them is hard
LINES = st.sampled_from(
    [
        line(1).encode(),
        line(2).encode(),
        b"<189>7: edge2: 000007: Nov 21 22:00:01: %PARSER-5-CFGLOG_LOGGEDCMD: command:"
        b"snmp-server community hunter22 RW\n",
        b"<189>7: edge2: 000007: Nov 21 1993 22:00:01: %SYS-5-CONFIG_I: by ann<189>8: edge2: 000008: "
        b"Nov 21 2026 22:00:01: %SYS-5-CONFIG_I: by bob\n",
        b"<38>Nov 21 22:00:02 files sftp-server[77]: session opened for local user ann from [192.0.2.7]\n",
        b'<38>Nov 21 22:00:03 files sftp-server[77]: open "/srv/cdr.csv" flags READ mode 0666\n',
        b'<38>Nov 21 22:00:04 files sftp-server[77]: close "/srv/cdr.csv" bytes read 900 written 0\n',
        b"<189>Nov 21 2026 22:00:05 r1 9: Nov 21 2026 20:00:05 UTC: %SYS-5-RESTART: again\n",
        b"no log line\n",
        b"  goes on\n",
        b"\n",
        b"caf\xe9 <189>\n",
        b"\0\0\0<189>Nov 21 22:00:02 r1 sshd[3]: Accepted password for ann from 192.0.2.7 port 22 ssh2\r\n",
        b"x" * 450 + b"\n",
        b"y" * 1_900 + b"\n",
    ]
)
TEXTS = st.lists(LINES, min_size=1, max_size=120).map(b"".join)


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lines, shards):
        monkeypatch.setattr(module, "MAX_LINE_BYTES", LONGEST)
    monkeypatch.setattr(lines, "BLOCK_BYTES", BLOCK)


def stored(path: Path, content: bytes) -> tuple[Evidence, Reading]:
    path.write_bytes(content)
    evidence = open_evidence(path, path.name)
    assert isinstance(evidence, Evidence)
    return evidence, reading_for([path], Settings(), CLOCK)


def by_shards(evidence: Evidence, reading: Reading, blocks: int, order: random.Random) -> list[Chunk]:
    """As several processes would read it: shards in any order, each by a reader of its own, settled in order."""
    _, cut_up = shards.cut_up(evidence, blocks, BLOCK)
    made: dict[int, list[Cut]] = {}
    for number in order.sample(range(len(cut_up)), len(cut_up)):
        place = Place(evidence.origin, evidence.path, shard=("syslog", cut_up[number]))
        made[number] = [step for step in cuts(place, reading) if isinstance(step, Cut)]
    assert syslog.SOURCE.sharding is not None
    pieces = (one for number in sorted(made) for one in made[number])
    return list(syslog.SOURCE.sharding.settle(evidence.origin, reading, pieces))


@pytest.mark.usefixtures("narrow")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(text=TEXTS, end=st.sampled_from([b"", b"<189>9: edge9: cut o", b"z" * 900]), seed=st.integers(0, 999))
def test_shards_cut_anywhere_give_what_one_reading_gives(tmp_path: Path, text: bytes, end: bytes, seed: int) -> None:
    evidence, reading = stored(tmp_path / "a.log", text + end)
    order = random.Random(seed)
    whole = list(syslog.read(evidence, reading))
    parts = by_shards(evidence, reading, order.choice((1, 2, 3)), order)
    assert [replace(chunk, tables={}) for chunk in parts] == [replace(chunk, tables={}) for chunk in whole]
    assert [list(chunk.tables) for chunk in parts] == [list(chunk.tables) for chunk in whole]
    for part, one in zip(parts, whole, strict=True):
        for kind, table in one.tables.items():
            assert part.tables[kind].equals(table)


@pytest.mark.usefixtures("narrow")
def test_equal_records_on_both_sides_of_a_cut_are_told_apart(tmp_path: Path) -> None:
    secret = b"<189>7: edge2: 000007: Nov 21 2026 22:00:01: %SYS-5-X: snmp-server community hunter22 RW\n"
    evidence, reading = stored(tmp_path / "a.log", secret * 60)
    assert len(shards.cut_up(evidence, 1, BLOCK)[1]) > 5
    table = pa.concat_tables(c.tables["syslog"] for c in by_shards(evidence, reading, 1, random.Random(1)) if c.tables)
    assert len(set(table["event_id"].to_pylist())) == 60
    assert "hunter22" not in str(table["raw"].to_pylist())


def test_a_cut_file_has_the_digest_of_a_whole_one_and_shards_that_follow_each_other(tmp_path: Path) -> None:
    evidence, _ = stored(tmp_path / "a.log", b"".join(line(n).encode() for n in range(300)))
    sha256, cut_up = shards.cut_up(evidence, 2, BLOCK)
    assert sha256 == digest(evidence)
    assert [s.begin for s in cut_up[1:]] == [s.end for s in cut_up[:-1]]
    assert [s.last for s in cut_up] == [False] * (len(cut_up) - 1) + [True]


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file that is read in shards, between two that are not."""
    monkeypatch.setattr(shards, "FROM_BYTES", 1 << 20)
    cut_up = shards.cut_up
    monkeypatch.setattr(shards, "cut_up", lambda evidence, blocks: cut_up(evidence, 1, 1 << 18))
    monkeypatch.setattr(lines, "BLOCK_BYTES", 1 << 18)
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "b.log").write_text("".join(line(n % 9_000) for n in range(20_000)) + "no log line\n")
    for name in ("a.log", "c.log"):
        (folder / name).write_text(line(5))
    return folder


def test_a_file_read_in_shards_by_two_processes_is_what_one_process_reads(large: Path) -> None:
    evidence = open_evidence(large / "b.log", "b.log")
    assert isinstance(evidence, Evidence)
    cut_up = shards.plan(evidence)
    assert cut_up is not None
    assert len(cut_up.shards) > 4
    alone, told_alone = taken(large, 1)
    together, told_together = taken(large, 2)
    assert told_together == told_alone
    assert (together.done, together.rejects) == (alone.done, alone.rejects)
    assert pa.concat_tables(together.tables).equals(pa.concat_tables(alone.tables))


def test_a_killed_process_costs_one_shard_not_the_file(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, told_alone = taken(large, 1)
    reading = reading_for([large], Settings(), CLOCK)
    told = killing(take_in([large], reading, Kept(), jobs=2), "b.log", 1, monkeypatch)
    assert any("signal 9" in note for note in told[1].notes)
    assert [(r.origin, r.events, r.rejected) for r in told] == [(r.origin, r.events, r.rejected) for r in told_alone]


def test_a_file_whose_shards_kill_their_processes_is_given_up_and_the_rest_goes_on(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = take_in([large], reading_for([large], Settings(), CLOCK), Kept(), jobs=2)
    told: list[FileReport] = killing(steps, "b.log", 4, monkeypatch)
    assert "2 times over" in told[1].skipped
    assert told[2].events == 1 or told[2].notes
