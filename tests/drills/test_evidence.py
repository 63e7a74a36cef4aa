"""The evidence folder: every labelled line is where the truth says, and one seed gives the same bytes."""

from __future__ import annotations

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from seawall.drills.acts import Label
from seawall.drills.evidence import Line, LogFile, text_digest, write_logs, write_text

DAY = datetime(2026, 11, 21, 23, 59, 59, tzinfo=UTC)
ATTACK = Label("s1", "Cleared", "attack", ("D-01",))


def log(name: str = "syslog/edge.log", **more: object) -> LogFile:
    lines = [
        Line(DAY, "before", None),
        Line(DAY + timedelta(seconds=1), "clear logging", ATTACK),
        Line(DAY + timedelta(days=2), "after", None),
    ]
    return LogFile(name, lines=lines, **more)  # type: ignore[arg-type]


def read(path: Path) -> list[str]:
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode().splitlines()


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_log_is_cut_at_midnight_and_only_its_last_day_is_not_compressed(tmp_path: Path) -> None:
    _, total = write_logs(tmp_path, [log()])
    assert total == 3
    assert files(tmp_path / "syslog") == {"edge.log-20261121.gz", "edge.log-20261122.gz", "edge.log"}
    assert read(tmp_path / "syslog/edge.log") == ["after"]


def test_a_label_points_at_its_line_below_the_head_of_the_file(tmp_path: Path) -> None:
    made = log("zeek/{day}/conn.log", head=lambda _: ["#fields", "#types"], tail=lambda _: ["#close"])
    landed, total = write_logs(tmp_path, [made])
    (found,) = landed
    lines = read(tmp_path / "zeek/2026-11-22/conn.log.gz")
    assert lines == ["#fields", "#types", "clear logging", "#close"]
    assert total == 3, "heads and tails are no records"
    assert (tmp_path / found.file).is_file()
    assert lines[found.line - 1] == "clear logging"
    assert found.digest == text_digest("clear logging")


def test_a_log_that_is_not_rotated_is_one_file_and_an_empty_one_is_none(tmp_path: Path) -> None:
    write_logs(
        tmp_path, [log("windows/lims-Security.jsonl", rotated=False), LogFile("a.log"), LogFile("b", rotated=False)]
    )
    assert files(tmp_path) == {"windows/lims-Security.jsonl"}
    assert read(tmp_path / "windows/lims-Security.jsonl") == ["before", "clear logging", "after"]


def test_the_same_text_gives_the_same_bytes_compressed_or_not(tmp_path: Path) -> None:
    for name in ("a.gz", "b/c.gz"):
        write_text(tmp_path / name, "line\n" * 100)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b/c.gz").read_bytes()


def test_names_of_days_follow_the_habit_of_the_log() -> None:
    assert LogFile("z/{day}/x.log").file_name(date(2026, 1, 2), last=True) == "z/2026-01-02/x.log"
    assert LogFile("x.log").file_name(date(2026, 1, 2), last=False) == "x.log-20260102.gz"
