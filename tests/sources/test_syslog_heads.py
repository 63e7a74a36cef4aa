from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.syslog_heads import find_parts
from seawall.sources.syslog_parts import Parts
from tests.sources.test_syslog_parts import parts_of


def found(*lines: bytes) -> Parts:
    parts = parts_of(*lines)
    find_parts(parts, h.Shapes())
    return parts


def texts(parts: Parts, part: int) -> list[str]:
    at, lengths = parts.span(part)
    values: list[str] = cut.spans(parts.data, at, at + lengths).to_pylist()
    return values


def messages(parts: Parts) -> list[bytes]:
    return [parts.data[a:b] for a, b in zip(parts.message, parts.ends, strict=True)]


def test_lines_of_many_forms_in_one_block_each_keep_their_own_parts() -> None:
    parts = found(
        b"<189>7: ce1: Nov 22 10:15:30: %LINK-3-UPDOWN: Interface up",
        b"<165>1 2026-11-22T10:15:30Z mx1 mgd 30 UI_COMMIT - commit",
        b"Nov 22 10:15:30 jump1 sshd[22]: Accepted password",
        b"<189>Nov 22 2026 10:15:30 acc3 %%01SHELL/5/CMDRECORD(s)[97]:Recorded",
    )
    assert texts(parts, h.HOST) == ["ce1", "mx1", "jump1", "acc3"]
    assert messages(parts) == [b"Interface up", b"commit", b"Accepted password", b"Recorded"]
    names = [parts.names[code] for code in parts.mnemonics]
    assert names == ["LINK-3-UPDOWN", "UI_COMMIT", None, "SHELL/5/CMDRECORD"]


def test_a_percent_sign_is_a_mnemonic_only_in_front_and_behind_a_blank() -> None:
    parts = found(
        b"Nov 22 10:15:30 sw1 7: load%SYS-5-CONFIG_I: text",
        b"Nov 22 10:15:30 sw1 prog: " + b"x" * 300 + b" %SYS-5-CONFIG_I: text",
        b"Nov 22 10:15:30 sw1 7: disk 90% full",
    )
    assert parts.mnemonics.tolist() == [0, 0, 0]


def test_a_head_cut_at_its_first_colon_is_looked_at_again_where_that_was_too_early() -> None:
    parts = found(b"<30>sw7: Nov 22 2026 10:15:30: loop seen on port 3")
    assert parts.column(h.FORM).tolist() != [h.Form.SHORT]
    assert parts.column(h.TIME + h.STAMP_WIDTH - 1).tolist() == [1]


@given(st.lists(st.binary(max_size=90).map(lambda b: b.replace(b"\n", b"").decode("latin-1").encode()), min_size=1))
def test_every_place_lies_inside_its_line(lines: list[bytes]) -> None:
    parts = found(*lines)
    assert np.all(parts.message >= parts.starts)
    for part in (h.PRI, h.HOST, h.PROGRAM, h.PID, h.SEQUENCE, h.MSGID):
        at, lengths = parts.span(part)
        assert np.all(at >= parts.starts)
        assert np.all(at + lengths <= np.maximum(parts.ends, parts.starts))
