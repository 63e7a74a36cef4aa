"""The manifest says what is in the lake, comes back as it was written, and a damaged one is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.engine import manifest
from seawall.engine.manifest import Drop, Manifest, Part
from seawall.errors import InputError
from tests.engine.makers import at

PART = Part("syslog-1.parquet", "syslog", 1, 5, 100, at(0), None, (("event_id", "id"), ("time", "time")))
FULL = Manifest(
    generation=7,
    parts=(PART,),
    retired=("old.parquet",),
    clashes={"syslog.pid": 3},
    drops=(Drop(at(9), "syslog", 4, at(5), "retention"),),
    retained_from=at(5),
    refused_rows=2,
)


def test_it_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest.save(tmp_path, FULL, Disk())
    assert manifest.load(tmp_path) == FULL


def test_no_manifest_is_an_empty_lake(tmp_path: Path) -> None:
    assert manifest.load(tmp_path) == Manifest()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b"null", b'{"format": 1}', b'{"format": "x"}'])
def test_a_damaged_one_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(InputError, match="damaged") as caught:
        manifest.load(tmp_path)
    assert caught.value.where == str(tmp_path / "manifest.json")
    assert caught.value.mend


def test_a_later_format_is_refused_with_a_way_out(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b'{"format": 2}')
    with pytest.raises(InputError, match="format 2") as caught:
        manifest.load(tmp_path)
    assert "version" in (caught.value.mend or "")


def test_the_next_snapshot_retires_what_it_drops() -> None:
    other = Part("syslog-2.parquet", "syslog", 1, 6, 100, None, None, ())
    following = FULL.following(add=[other], drop=[PART.name])
    assert following.generation == 8
    assert following.parts == (other,)
    assert following.retired == ("old.parquet", PART.name)
    assert following.kinds == {"syslog": 6}
