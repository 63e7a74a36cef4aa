"""The index of ids is a cache: whatever happens to it, no event is lost and none stands twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.engine.ids import words_of
from seawall.engine.lake import Lake
from tests.engine.makers import lines, put


@pytest.mark.parametrize("harm", ["folder gone", "note gone", "note torn", "run gone", "run torn", "from the future"])
def test_a_harmed_index_is_built_anew_from_the_parts(tmp_path: Path, harm: str) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", lines(100))
    ids, note = lake.folder / "ids", lake.folder / "ids" / "index.json"
    [run] = ids.glob("*.ids")
    match harm:
        case "folder gone":
            shutil.rmtree(ids)
        case "note gone":
            note.unlink()
        case "note torn":
            note.write_bytes(note.read_bytes()[:10])
        case "run gone":
            run.unlink()
        case "run torn":
            run.write_bytes(run.read_bytes()[:-5])
        case "from the future":  # a backup of the manifest was put back
            note.write_text(json.dumps({**json.loads(note.read_text()), "generation": 99, "runs": []}))
    assert put(lake, "syslog", lines(110)) == 10
    assert lake.kinds() == {"syslog": 110}


def test_parts_the_saved_index_does_not_cover_are_read_again(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", lines(100))
    shutil.copytree(lake.folder / "ids", tmp_path / "saved")
    put(lake, "syslog", lines(100, file="b.log"))
    shutil.rmtree(lake.folder / "ids")
    shutil.copytree(tmp_path / "saved", lake.folder / "ids")
    assert put(lake, "syslog", pa.concat_tables([lines(100), lines(101, file="b.log")])) == 1


def test_sittings_do_not_pile_up_runs(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for number in range(30):
        put(lake, "syslog", lines(3, file=f"{number}.log"))
    assert len(list((lake.folder / "ids").glob("*.ids"))) <= 8
    assert put(lake, "syslog", lines(3, file="7.log")) == 0


def test_ids_of_a_slice_are_the_slices_own() -> None:
    column = pa.array([b"a" * 16, b"b" * 16, b"c" * 15 + b"\x00"], pa.binary(16))
    assert words_of(column[1:]).tobytes() == b"b" * 16 + b"c" * 15 + b"\x00"
    with pytest.raises(ValueError, match="no event_id"):
        words_of(pa.array([None], pa.binary(16)))
