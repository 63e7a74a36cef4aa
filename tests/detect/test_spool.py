"""Rows added are rows answered, in whatever order memory was flushed; the file goes with the spool."""

from __future__ import annotations

import pyarrow as pa

from seawall.detect import spool
from seawall.detect.spool import Spool

SCHEMA = pa.schema([("n", pa.int64()), ("text", pa.string())])


def test_rows_are_there_when_asked_and_may_be_added_while_read() -> None:
    held = Spool(rows=SCHEMA)
    for n in range(25_000):
        held.add("rows", (n, f"{n}"))
    seen = 0
    for batch in held.batches("SELECT n FROM rows WHERE n >= ? ORDER BY n", 5, apart=True):
        seen += batch.num_rows
        for n in batch["n"].to_pylist():
            held.add("rows", (-n, None))
    assert seen == 24_995
    (count,) = [batch["c"][0].as_py() for batch in held.batches("SELECT count(*) AS c FROM rows")]
    assert count == 25_000 + 24_995
    held.close()


def test_nothing_is_left_on_disk() -> None:
    held = Spool(rows=SCHEMA)
    folder = held._room.folder
    assert folder.is_dir()
    held.close()
    assert not folder.exists()


def test_memory_is_bounded() -> None:
    assert spool._MEMORY_MB <= 512
