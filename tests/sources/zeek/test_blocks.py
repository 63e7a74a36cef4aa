from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.base import BLOCK_BYTES, MAX_LINE_BYTES
from seawall.sources.zeek.blocks import read_blocks


@given(st.lists(st.binary(max_size=6).map(lambda b: b.replace(b"\n", b"")), max_size=20), st.booleans())
def test_every_line_comes_once_with_its_number(lines: list[bytes], ended: bool) -> None:
    content = b"\n".join(lines) + (b"\n" if ended else b"")
    blocks = list(read_blocks(io.BytesIO(content)))
    assert sum(block.size for block in blocks) == len(content)
    wanted = content.split(b"\n")
    for block in blocks:
        assert block.lines == wanted[block.first - 1 : block.first - 1 + len(block.lines)]
        assert block.data == b"\n".join(block.lines)
        assert block.cut == (not content.endswith(b"\n") and block is blocks[-1])


def test_lines_across_blocks_and_lines_too_long_keep_their_numbers() -> None:
    long = b"x" * (MAX_LINE_BYTES + 1)
    filler = [b"f" * 1_000_000] * (BLOCK_BYTES // 500_000)
    lines = [b"a", long, b"b", *filler, b"y" * (3 * BLOCK_BYTES), b"c", long]
    blocks = list(read_blocks(io.BytesIO(b"\n".join(lines))))
    kept = {block.first + i: line for block in blocks for i, line in enumerate(block.lines)}
    assert [b.first for b in blocks if b.too_long] == [2, len(lines) - 2, len(lines)]
    assert kept == {n: line for n, line in enumerate(lines, 1) if len(line) <= MAX_LINE_BYTES}
    assert sum(block.size for block in blocks) == len(b"\n".join(lines))


def test_nothing_gives_no_block() -> None:
    assert list(read_blocks(io.BytesIO(b""))) == []
