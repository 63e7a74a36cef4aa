from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.sources import lines
from seawall.sources.base import MAX_LINE_BYTES, Evidence
from seawall.sources.lines import head_lines, line_blocks
from seawall.sources.opening import evidence_from_bytes


def texts(content: bytes) -> list[tuple[int, str]]:
    return [pair for block in line_blocks(evidence_from_bytes(content, "f")) for pair in block.texts()]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", [], id="empty"),
        pytest.param(b"a\nb\n", [(1, "a"), (2, "b")], id="plain"),
        pytest.param(b"a\r\n\r\nb", [(1, "a"), (2, ""), (3, "b")], id="crlf-and-cut-off"),
        pytest.param(b"\xef\xbb\xbfa\n", [(1, "a")], id="utf8-mark"),
        pytest.param("\ufeffä\nb\n".encode("utf-16-le"), [(1, "ä"), (2, "b")], id="utf16-little"),
        pytest.param("\ufeffä\nb\n".encode("utf-16-be"), [(1, "ä"), (2, "b")], id="utf16-big"),
        pytest.param(b"gr\xfc\xdfe\n\xc3\xbc\n", [(1, "grüße"), (2, "ü")], id="latin1-beside-utf8"),
        pytest.param(b"\0\0\0a\0\nb\n", [(1, "a"), (2, "b")], id="nul-bytes"),
        pytest.param(b"user ad\0min logged in\n", [(1, "user ad\ufffdmin logged in")], id="a NUL inside a name"),
        pytest.param(
            b"half a li" + bytes(40) + b"whole line\n" * 40,
            [(1, "half a liwhole line"), *((n, "whole line") for n in range(2, 41))],
            id="a power cut",
        ),
        pytest.param(b"a\0b\0c\0\n\0d\0", [(1, "abc"), (2, "d")], id="two bytes a character, no mark"),
    ],
)
def test_dirty_text_becomes_lines_with_their_numbers(content: bytes, expected: list[tuple[int, str]]) -> None:
    assert texts(content) == expected


def test_what_was_mended_is_said() -> None:
    blocks = list(line_blocks(evidence_from_bytes(b"\0\xff", "f")))
    assert blocks[0].notes == (lines.NOTE_CUT, lines.NOTE_NUL, lines.NOTE_LATIN1)


class Endless(io.RawIOBase):
    """A line without end, made as it is read; remembers the most it was asked for."""

    def __init__(self, megabytes: int) -> None:
        self._left = megabytes
        self._tail = io.BytesIO(b"x\nlast\n")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._left <= 0:
            return self._tail.read(size)
        self._left -= 4
        return b"x" * (4 << 20)


def test_a_monster_line_is_counted_and_the_next_line_keeps_its_number() -> None:
    evidence = Evidence("f", b"", lambda: Endless(300))  # type: ignore[arg-type,return-value]
    blocks = list(line_blocks(evidence))
    assert [block.too_long for block in blocks if block.too_long] == [(300 << 20) + 1]
    assert [pair for block in blocks for pair in block.texts()] == [(2, "last")]
    assert max(len(block.data) for block in blocks) < 100


def test_a_long_line_between_short_ones_is_left_out_alone() -> None:
    content = b"a\n" + b"x" * (MAX_LINE_BYTES + 1) + b"\nb\n"
    blocks = list(line_blocks(evidence_from_bytes(content, "f")))
    assert [(block.first, len(block), block.too_long) for block in blocks] == [
        (1, 1, 0), (2, 0, MAX_LINE_BYTES + 1), (3, 1, 0),
    ]  # fmt: skip
    assert sum(block.read_bytes for block in blocks) == len(content)


def test_lines_across_blocks_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "BLOCK_BYTES", 7)
    content = b"".join(b"line %d\n" % n for n in range(50))
    assert texts(content) == [(n + 1, f"line {n}") for n in range(50)]


def test_a_file_that_breaks_off_is_an_input_error() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise EOFError("compressed file ended")

    with pytest.raises(InputError, match="cannot be read on"):
        list(line_blocks(Evidence("f.gz", b"", lambda: Broken())))  # type: ignore[arg-type,return-value]


def test_head_lines_are_the_first_filled_ones() -> None:
    assert head_lines(b"\xef\xbb\xbfa\n\n  \nb\nc", 2) == [b"a", b"b"]


@given(st.binary(max_size=500))
def test_every_line_of_any_bytes_comes_out_once(content: bytes) -> None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return
    body = content.removeprefix(b"\xef\xbb\xbf")
    expected = body.count(b"\n") + (0 if not body or body.endswith(b"\n") else 1)
    numbers = [number for number, _ in texts(content)]
    assert numbers == list(range(1, expected + 1))
