from __future__ import annotations

import gzip
import hashlib
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall import pipeline
from seawall.engine.lake import Lake
from seawall.model.clock import FixedClock
from seawall.model.custody import Said
from seawall.model.settings import Settings
from seawall.sources.custody import check
from tests.sources.test_unpacking import LINE, zipped

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
BY_ANN = Said("ann", datetime(2026, 11, 21, tzinfo=UTC), "from the spare")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "a.zip").write_bytes(zipped(c__log=LINE, d__log__gz=gzip.compress(LINE * 2)))
    (folder / "b.log").write_bytes(LINE * 3)
    return folder


def ingested(evidence: Path, said: Said = BY_ANN) -> Lake:
    lake = Lake(evidence.parent / "lake", clock=CLOCK)
    list(pipeline.ingest([evidence], lake, Settings(), CLOCK, said=said))
    return lake


def test_the_container_is_on_record_with_its_own_digest_not_its_members(evidence: Path) -> None:
    records = pipeline.custody(ingested(evidence))
    assert [(record.origin, record.sha256) for record in records] == [
        (name, hashlib.sha256((evidence / name).read_bytes()).hexdigest()) for name in ("a.zip", "b.log")
    ]
    assert {record.said for record in records} == {BY_ANN}
    assert {record.received for record in records} == {CLOCK.now()}


def test_reading_again_adds_nothing_and_another_word_is_another_record(evidence: Path) -> None:
    ingested(evidence)
    assert len(pipeline.custody(ingested(evidence))) == 2
    assert len(pipeline.custody(ingested(evidence, Said("bob")))) == 4


def test_a_note_beside_the_evidence_fills_what_options_leave_open(evidence: Path) -> None:
    (evidence / "custody.toml").write_text('collected_by = "NOC"\nnote = "nightly"\n')
    (record, _) = pipeline.custody(ingested(evidence, Said(note="by hand")))
    assert (record.said.collected_by, record.said.note) == ("NOC", "by hand")


def test_retention_keeps_custody(evidence: Path) -> None:
    lake = ingested(evidence)
    lake.retain(datetime(2030, 1, 1, tzinfo=UTC), False)
    assert lake.kinds() == {"custody": 2}


def test_hashing_again_finds_what_changed(evidence: Path) -> None:
    (packed, plain) = pipeline.custody(ingested(evidence))
    assert check(packed).state == "unchanged"
    raw = bytearray((evidence / "a.zip").read_bytes())
    raw[40] ^= 1
    (evidence / "a.zip").write_bytes(raw)
    (evidence / "b.log").unlink()
    assert "altered" in check(packed).what
    assert (check(packed).state, check(plain).state) == ("changed", "missing")


def test_a_name_that_is_no_utf8_is_read_recorded_and_hashed_again(evidence: Path) -> None:
    named = evidence / os.fsdecode(b"r\xf6uter \xff.log")
    named.write_bytes(LINE)
    (found,) = [record for record in pipeline.custody(ingested(evidence)) if record.origin.startswith("r")]
    assert found.place.endswith(r"r\xf6uter \xff.log")
    assert check(found).state == "unchanged"
    named.unlink()
    assert check(found).state == "missing"


def test_standard_input_is_on_record_like_a_file_and_cannot_be_hashed_again(tmp_path: Path) -> None:
    for content in (LINE, LINE * 20_000):  # in memory, and put by on the disk
        read, write = os.pipe()
        before = os.dup(0)
        with os.fdopen(write, "wb") as typed:
            writing = threading.Thread(
                target=lambda typed=typed, content=content: (typed.write(content), typed.close())
            )
            writing.start()
            os.dup2(read, 0)
            try:
                lake = Lake(tmp_path / f"lake{len(content)}", clock=CLOCK)
                list(pipeline.ingest([Path("-")], lake, Settings(), CLOCK, said=BY_ANN))
            finally:
                os.dup2(before, 0)
                os.close(read)
                os.close(before)
                writing.join(10)
        (record,) = pipeline.custody(lake)
        assert (record.sha256, record.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
        assert (record.origin, record.said, record.place) == ("standard input", BY_ANN, "-")
        assert (check(record).state, check(record).faulty) == ("not kept", False)
