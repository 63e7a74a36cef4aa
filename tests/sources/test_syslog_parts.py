from __future__ import annotations

import numpy as np

from seawall.sources import columns as cut
from seawall.sources.lines import LineBlock
from seawall.sources.syslog_parts import Parts, masked_parts, read_names, skip, suspects, text_heads


def block(*lines: bytes) -> LineBlock:
    data = b"".join(line + b"\n" for line in lines)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    return LineBlock(data, np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)), ends, 5)


def parts_of(*lines: bytes) -> Parts:
    found = block(*lines)
    numbers = found.first + np.arange(len(lines))
    records = cut.lines_of(found.data, found.starts, found.ends, binary=True)
    return masked_parts(found.data, found.starts, found.ends, numbers, suspects(records))


def test_masking_moves_the_lines_behind_it_and_keeps_their_numbers() -> None:
    parts = parts_of(b"first", b"enable secret 0 hunter2", b"third")
    lines = [parts.data[a:b] for a, b in zip(parts.starts, parts.ends, strict=True)]
    assert lines == [b"first", b"enable secret 0 <masked>", b"third"]
    assert parts.numbers.tolist() == [5, 6, 7]


def test_lines_without_secrets_are_not_copied() -> None:
    assert parts_of(b"a", b"b").data == b"a\nb\n"


def test_one_name_has_one_number_and_one_severity() -> None:
    parts = parts_of(b"%SYS-5-CONFIG_I: a", b"%SYS-5-CONFIG_I: b", b"%%01SSH/4/SSH_FAIL(s)[1]:c", b"%no-name")
    codes, lengths, known = read_names(parts, parts.starts)
    assert known.tolist() == [True, True, True, False]
    assert [parts.names[code] for code in codes[:3]] == ["SYS-5-CONFIG_I", "SYS-5-CONFIG_I", "SSH/4/SSH_FAIL"]
    assert [parts.severities[code] for code in codes[:3]] == [5, 5, 4]
    assert lengths.tolist()[:2] == [15, 15]


def test_junos_priorities_in_front_of_a_tag_are_no_part_of_its_name() -> None:
    parts = parts_of(b"%INTERACT-6-UI_COMMIT: x", b"%DAEMON-3-SYSTEM_MSG: y")
    codes, _, _ = read_names(parts, parts.starts)
    assert [parts.names[code] for code in codes] == ["UI_COMMIT", "DAEMON-3-SYSTEM_MSG"]


def test_a_head_ends_behind_a_colon_or_before_free_text() -> None:
    lines = (b"host prog: text", b"host a=b", b'host "x"', b"host [data", b"host word(s)", b"host 12:30:15")
    parts = parts_of(*lines)
    ends = text_heads(parts, parts.starts, parts.ends) - parts.starts
    assert [line[:end] for line, end in zip(lines, ends, strict=True)] == [
        b"host prog:", b"host a", b"host ", b"host ", b"host word", b"host 12:30:15",
    ]  # fmt: skip


def test_skipping_stays_inside_the_line_and_stops_after_eight_bytes() -> None:
    parts = parts_of(b"  ", b"          x")
    parts.message = parts.starts.copy()
    skip(parts, cut.byte_set(b" "), np.arange(2))
    assert (parts.message - parts.starts).tolist() == [2, 8]
