from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import discover, opening, spool, unpacking
from seawall.sources.base import Evidence, Reject
from tests.sources.containers import packing

LINE = b"<189>1: edge7: 000001: Nov 21 2026 22:01:06.330 UTC: %SYS-5-CONFIG_I: Configured from console by ann\n"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


def tarred(**members: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name.replace("__", "."))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def found(path: Path, content: bytes, *, heads_only: bool = False) -> tuple[dict[str, bytes], dict[str, str]]:
    """Content by origin, and what was said of the rest."""
    path.write_bytes(content)
    contents, said = {}, {}
    for item in discover.find([path], heads_only=heads_only):
        if isinstance(item, Evidence):
            with item.open() as stream:
                contents[item.origin] = stream.read()
            assert contents[item.origin].startswith(item.head)
        else:
            said[item.where] = item.what
    return contents, said


def test_members_are_found_in_any_nesting(tmp_path: Path) -> None:
    inner = gzip.compress(tarred(c__log=LINE, d__log__gz=gzip.compress(LINE * 2)))
    contents, said = found(tmp_path / "a.zip", zipped(b__tar__gz=inner, e__zip=zipped(f=b"x")))
    assert contents == {
        "a.zip!/b.tar.gz!/c.log": LINE,
        "a.zip!/b.tar.gz!/d.log.gz": LINE * 2,
        "a.zip!/e.zip!/f": b"x",
    }
    assert said == {}


def test_a_zip_inside_a_stream_is_put_by_first(tmp_path: Path) -> None:
    contents, _ = found(tmp_path / "a.zip.gz", gzip.compress(zipped(c__log=LINE)))
    assert contents == {"a.zip.gz!/c.log": LINE}


def test_large_members_lie_on_the_disk_only_as_long_as_they_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(tarred(big=bytes(3 << 20), big2=bytes(3 << 20)))
    standing = discover.Standing()
    first, second = discover.find([tmp_path / "a.tar"], standing=standing)
    assert isinstance(first, Evidence)
    assert isinstance(second, Evidence)
    assert first.path is not None
    folder = standing.spool.folder
    assert len(list(folder.iterdir())) == 3  # two members and the lock
    del first, second
    assert [file.name for file in folder.iterdir()] == ["lock"]
    del standing
    assert not folder.exists()


def test_looking_around_does_not_unpack_what_it_does_not_look_at(tmp_path: Path) -> None:
    packed = tarred(big=bytes(3 << 20), in__tar__gz=gzip.compress(tarred(c__log=LINE)))
    contents, _ = found(tmp_path / "a.tar", packed, heads_only=True)
    assert {name: len(content) for name, content in contents.items()} == {
        "a.tar!/big": 65_536,
        "a.tar!/in.tar.gz!/c.log": len(LINE),
    }


def test_an_archive_fifty_deep_ends_with_one_sentence(tmp_path: Path) -> None:
    content = LINE
    for _ in range(50):
        content = zipped(x=content)
    contents, said = found(tmp_path / "deep.zip", content)
    assert contents == {}
    ((where, what),) = said.items()
    assert where == "deep.zip" + "!/x" * unpacking.MAX_DEPTH
    assert "inside each other" in what


def test_a_gz_fifty_deep_ends_with_one_sentence(tmp_path: Path) -> None:
    content = LINE
    for _ in range(50):
        content = gzip.compress(content)
    contents, said = found(tmp_path / "deep.gz", content)
    assert contents == {}
    assert "times over" in said["deep.gz"]


@pytest.mark.parametrize("wrap", [bytes, lambda quine: zipped(a__gz=quine)], ids=["itself", "inside-a-zip"])
def test_a_file_that_unpacks_to_itself_ends_with_one_sentence(tmp_path: Path, wrap: Callable[[bytes], bytes]) -> None:
    quine = packing.gz_quine()
    assert gzip.decompress(quine) == quine
    contents, said = found(tmp_path / "quine.gz", wrap(quine))
    assert contents == {}
    assert len(said) == 1
    assert "times over" in next(iter(said.values()))


def test_a_bomb_of_many_layers_is_stopped_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BOMB_BYTES", 8 << 20)
    layer = zipped(**{f"z{n}": bytes(1 << 20) for n in range(40)})
    contents, said = found(tmp_path / "bomb.zip", zipped(**{f"b{n}": layer for n in range(40)}))
    assert sum(map(len, contents.values())) <= opening.BOMB_RATIO * (tmp_path / "bomb.zip").stat().st_size
    assert "unpack it by hand" in said["bomb.zip"]


def test_a_million_crumbs_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_MEMBERS", 10)
    contents, said = found(tmp_path / "crumbs.tar", tarred(**{f"c{n}": b"x" for n in range(20)}))
    assert len(contents) == 10
    assert "members" in said["crumbs.tar"]


def test_names_that_lead_out_are_only_names(tmp_path: Path) -> None:
    contents, _ = found(tmp_path / "a.tar", tarred(**{"../../up": b"1", "/etc/cron": b"2", "./x\n\x1b": b"3"}))
    assert set(contents) == {"a.tar!/../../up", "a.tar!//etc/cron", "a.tar!/x\\n\\x1b"}
    assert {path.name for path in tmp_path.iterdir()} == {"a.tar"}


def test_members_of_one_name_are_told_apart(tmp_path: Path) -> None:
    out = io.BytesIO(tarred(a=b"1")[:1024] + tarred(a=b"2"))
    assert set(found(tmp_path / "a.tar", out.getvalue())[0]) == {"a.tar!/a", "a.tar!/a~2"}


def test_what_stands_before_the_cut_of_a_tar_gz_is_read(tmp_path: Path) -> None:
    packed = gzip.compress(tarred(one=LINE, two=bytes(range(256)) * 40_000))
    contents, said = found(tmp_path / "a.tgz", packed[: len(packed) // 2])
    assert contents["a.tgz!/one"] == LINE
    assert 0 < len(contents["a.tgz!/two"]) < 256 * 40_000
    assert "cut off" in said["a.tgz"]


def test_shares_of_the_progress_add_up_to_what_is_stored(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(a=LINE, b=LINE * 9, c=b"x"))
    shares = [item.share or 0 for item in discover.find([tmp_path / "a.zip"]) if isinstance(item, Evidence)]
    assert sum(shares) == (tmp_path / "a.zip").stat().st_size


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "RESERVE", 1 << 62)
    (tmp_path / "a.tar").write_bytes(tarred(big=bytes(3 << 20)))
    (said,) = discover.find([tmp_path / "a.tar"])
    assert isinstance(said, Reject)
    assert "TMPDIR" in said.what


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 200))
def test_any_bytes_inside_a_container_end_quietly(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, cut: int
) -> None:
    whole = zipped(a__tar__gz=gzip.compress(tarred(c=LINE)), b=LINE)
    found(tmp_path_factory.mktemp("z") / "x.zip", whole[:at] + noise + whole[at + cut :])
