from __future__ import annotations

import os
from pathlib import Path

import pytest

from seawall.service.following import Follower


class Taken:
    """What a follower delivered."""

    def __init__(self) -> None:
        self.pieces: list[tuple[str, bytes]] = []
        self.full = False

    def __call__(self, name: str, lines: bytes) -> bool:
        if not self.full:
            self.pieces.append((name, lines))
        return not self.full

    @property
    def lines(self) -> list[bytes]:
        return b"".join(lines for _, lines in self.pieces).splitlines()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "auth.log"
    path.write_bytes(b"one\ntwo\n")
    return path


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


def test_only_whole_lines_are_taken_and_each_once(log: Path) -> None:
    follower, taken = Follower(str(log)), Taken()
    follower.look(taken)
    append(log, b"three\nfo")
    follower.look(taken)
    follower.look(taken)
    append(log, b"ur\n")
    follower.look(taken)
    assert taken.lines == [b"one", b"two", b"three", b"four"]


def test_a_restart_goes_on_where_the_last_process_stopped(log: Path) -> None:
    first, taken = Follower(str(log)), Taken()
    first.look(taken)
    append(log, b"three\n")
    second = Follower(str(log))
    second.restore(first.state())
    second.look(taken)
    assert taken.lines == [b"one", b"two", b"three"]


def test_a_file_rotated_away_is_read_to_its_end_even_in_the_middle_of_a_line(log: Path) -> None:
    follower, taken = Follower(str(log)), Taken()
    follower.look(taken)
    append(log, b"last\ncut of")
    os.rename(log, log.with_name("auth.log.1"))
    log.write_bytes(b"new\n")
    follower.look(taken)
    follower.look(taken)
    assert sorted(taken.lines) == [b"cut of", b"last", b"new", b"one", b"two"]
    assert (follower.counts.rotated, follower.counts.replaced) == (1, 1)


def test_a_truncated_file_is_read_from_its_start_and_counted(log: Path) -> None:
    follower, taken = Follower(str(log)), Taken()
    follower.look(taken)
    log.write_bytes(b"new\n")
    follower.look(taken)
    assert taken.lines == [b"one", b"two", b"new"]
    assert follower.counts.truncated == 1


def test_a_file_written_anew_beyond_our_place_is_noticed(log: Path) -> None:
    follower, taken = Follower(str(log)), Taken()
    follower.look(taken)
    with log.open("r+b") as file:
        file.truncate(0)
        file.write(b"ONE\nTWO\nTHREE\n")
    follower.look(taken)
    assert taken.lines == [b"one", b"two", b"ONE", b"TWO", b"THREE"]
    assert follower.counts.replaced == 1


def test_what_is_not_taken_is_brought_again(log: Path) -> None:
    follower, taken = Follower(str(log)), Taken()
    taken.full = True
    follower.look(taken)
    taken.full = False
    follower.look(taken)
    assert taken.lines == [b"one", b"two"]


def test_from_now_on_means_files_found_at_the_start_alone(log: Path) -> None:
    follower, taken = Follower(str(log.parent), from_start=False), Taken()
    follower.look(taken)
    append(log, b"three\n")
    (log.parent / "later.log").write_bytes(b"all of it\n")
    follower.look(taken)
    assert sorted(taken.lines) == [b"all of it", b"three"]


def test_what_explains_a_file_stands_before_each_piece_of_it(tmp_path: Path) -> None:
    path = tmp_path / "conn.log"
    path.write_bytes(b"#separator \\x09\n#fields\tts\tuid\n1.0\tC1\n")
    follower, taken = Follower(str(path)), Taken()
    follower.look(taken)
    append(path, b"2.0\tC2\n")
    follower.look(taken)
    assert taken.pieces[1] == ("conn.log", b"#separator \\x09\n#fields\tts\tuid\n2.0\tC2\n")


def test_a_line_longer_than_any_record_is_left_out_and_the_rest_read(log: Path) -> None:
    append(log, b"x" * (5 << 20) + b"\nafter\n")
    follower, taken = Follower(str(log)), Taken()
    follower.look(taken)
    assert taken.lines[-1] == b"after"
    assert follower.counts.oversized == 1


def test_records_of_several_lines_are_not_cut_apart_while_they_grow(tmp_path: Path) -> None:
    path = tmp_path / "detail"
    path.write_bytes(b"Tue Nov 24\n\tUser-Name = a\n\nTue Nov 25\n\tUser-Name = b\n")
    follower, taken = Follower(str(path)), Taken()
    follower.look(taken)
    assert taken.pieces == [("detail", b"Tue Nov 24\n\tUser-Name = a\n\n")]
    follower.look(taken)
    follower.look(taken)
    assert len(taken.pieces) == 2, "what stays as it is, is whole"
