from __future__ import annotations

import os
from pathlib import Path

import pytest

from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.sources import discover
from seawall.sources.base import Evidence, Reject, Skipped


def found(*paths: Path) -> dict[str, str]:
    """Origin → "" for evidence, else what is said of it."""
    return {
        item.origin if isinstance(item, Evidence) else item.where: "" if isinstance(item, Evidence) else item.what
        for item in discover.find(paths)
    }


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    return folder


def test_files_come_in_the_same_order_every_time_named_below_their_path(tmp_path: Path) -> None:
    write(tmp_path / "e" / "b", z="1", a="2")
    write(tmp_path / "e", c="3")
    assert list(found(tmp_path / "e")) == ["b/a", "b/z", "c"]


def test_a_file_given_directly_goes_by_its_name(tmp_path: Path) -> None:
    assert list(found(write(tmp_path, r1="x") / "r1")) == ["r1"]


def test_two_paths_with_the_same_names_are_told_apart(tmp_path: Path) -> None:
    one, two = write(tmp_path / "mon", log="1", only="2"), write(tmp_path / "tue", log="3")
    assert list(found(one, two)) == ["mon/log", "only", "tue/log"]
    assert list(found(one / "log", two / "log")) == ["mon/log", "tue/log"]


def test_a_file_named_twice_is_opened_once(tmp_path: Path) -> None:
    folder = write(tmp_path / "e", a="1")
    assert [isinstance(i, Evidence) for i in discover.find([folder, folder / "a"])] == [True]


def test_links_are_read_where_their_target_stands_and_never_lead_out_or_in_circles(tmp_path: Path) -> None:
    write(tmp_path / "outside", secret="x")
    folder = write(tmp_path / "e" / "sub", real="1").parent
    (folder / "inside").symlink_to(folder / "sub" / "real")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "self").symlink_to(folder / "self")
    (folder / "sub" / "up").symlink_to(folder)
    (folder / "nowhere").symlink_to(folder / "gone")
    said = found(folder)
    assert [name for name, what in said.items() if not what] == ["sub/real"]
    assert "out of the PATH" in said["out"]
    assert "loop" in said["sub/up"]
    assert "symbolic links" in said["self"] or "itself" in said["self"]
    assert "cannot be read" in said["nowhere"]


def test_a_path_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert "No such file" in found(tmp_path / "gone")["gone"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything: run as an ordinary user")
def test_what_may_not_be_read_is_said_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = write(tmp_path / "e", a="1", b="2")
    (folder / "a").chmod(0)
    said = found(folder)
    assert "Permission denied" in said["a"]
    assert said["b"] == ""


def test_a_fifo_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "a fifo" in found(tmp_path)["pipe"]


def test_cases_and_version_control_are_left_alone_and_said(tmp_path: Path, clock: FixedClock) -> None:
    write(tmp_path, log="1")
    write(tmp_path / ".git", config="x")
    open_case(tmp_path / "case", clock)
    items = {(i.origin if isinstance(i, Evidence) else i.where): i for i in discover.find([tmp_path])}
    assert isinstance(items["case"], Skipped)
    assert isinstance(items[".git"], Skipped)
    assert isinstance(items["log"], Evidence)


def test_a_case_can_be_looked_into_if_asked(tmp_path: Path, clock: FixedClock) -> None:
    open_case(tmp_path / "case", clock)
    assert any(isinstance(i, Evidence) for i in discover.find([tmp_path], skip_cases=False))


def test_folders_without_end_are_given_up(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(discover.MAX_DEPTH + 2):
        deep = deep / "d"
    deep.mkdir(parents=True)
    assert [type(i) for i in discover.find([tmp_path])] == [Reject]


def test_hostile_names_become_one_printable_line(tmp_path: Path) -> None:
    (tmp_path / "a\nb\x1b[31m").write_text("x")
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))).write_text("x")
    assert set(found(tmp_path)) == {"a\\nb\\x1b[31m", "\\xff\\xfe"}
