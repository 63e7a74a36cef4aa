from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import syslog
from tests.sources.reading import read_bytes

LINES = [f"<13>Nov 22 10:30:{n:02d} db1 su: message {'é' * n} {n}" for n in range(12)]


def framed(line: str) -> str:
    return f"{len(line.encode())} {line}"


def told(content: str) -> list[tuple[object, ...]]:
    result = read_bytes(syslog.SOURCE, content.encode())
    assert not result.rejects
    return [(row["event_id"], row["observer"], row["program"], row["message"]) for row in result.rows("syslog")]


PLAIN = told("\n".join([*LINES, ""]))


def test_messages_with_their_lengths_are_the_messages_without_them_one_a_line_or_in_one_piece() -> None:
    assert told("".join(framed(line) + "\n" for line in LINES)) == PLAIN
    assert told("".join(map(framed, LINES)) + "\n") == PLAIN
    assert told("".join(framed(line + "\n") for line in LINES)) == PLAIN
    assert told("\n".join([*LINES[:6], *map(framed, LINES[6:]), ""])) == PLAIN


def test_a_length_that_lies_costs_no_message() -> None:
    assert told(f"9 {LINES[0]}\n999 {LINES[1]}\n{framed(LINES[2])}\n") == PLAIN[:3]


def test_the_line_each_message_stands_on_is_its_origin() -> None:
    result = read_bytes(syslog.SOURCE, f"{framed(LINES[0])}{framed(LINES[1])}\n{LINES[2]}\n".encode())
    assert [str(row["origin"]).rpartition(":")[2] for row in result.rows("syslog")] == ["1", "1", "2"]


@given(st.lists(st.text("0123456789 <>13é\n", max_size=30), max_size=6))
def test_any_text_gives_rows_and_rejects(pieces: list[str]) -> None:
    read_bytes(syslog.SOURCE, "83 <13>".join(pieces).encode())
