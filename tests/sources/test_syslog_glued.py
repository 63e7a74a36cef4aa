from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import syslog
from seawall.sources.syslog_glued import unglued
from tests.sources.reading import read_bytes

ONE = "<189>45: pe1: Nov 22 2026 10:15:30 UTC: %LINK-3-UPDOWN: Interface Gi0/1, changed state to up"
SECONDS = [
    "<189>46: pe1: Nov 22 2026 10:15:31 UTC: %SYS-5-CONFIG_I: Configured from console by ann on vty0 (192.0.2.5)",
    "<189>1 2026-11-22T10:15:31Z pe1 mgd 7 UI_COMMIT - User 'ann' requested 'commit' operation",
    "<30>Nov 22 10:15:31 pe1 sshd[7]: Accepted publickey for ann from 192.0.2.5 port 7 ssh2",
]


@pytest.mark.parametrize("second", SECONDS)
def test_two_messages_on_a_line_are_two_rows_of_that_line_and_it_is_said(second: str) -> None:
    result = read_bytes(syslog.SOURCE, f"{ONE}\n{ONE}{second}{second}\n{second}\n".encode())
    rows = result.rows("syslog")
    assert [row["origin"][-1] for row in rows] == ["1", "2", "2", "2", "3"]  # type: ignore[index]
    assert [row["user"] for row in rows] == [None, None, "ann", "ann", "ann"]
    assert rows[1]["message"] == "Interface Gi0/1, changed state to up"
    assert len({row["event_id"] for row in rows}) == 5
    assert [n for n in result.notes if "glued" in n] == [
        "sample.log: 2 line ends lost, messages glued together; each is a row, told apart by its header"
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} {SECONDS[0]}",
        f'{ONE}: user "{SECONDS[2]}"',
        f"{ONE}<189>not a header",
        f"{ONE}<999>46: pe1: %SYS-5-CONFIG_I: x",
        f"Nov 22 10:15:30 relay {ONE}",
    ],
)
def test_what_only_quotes_a_header_stays_one_message(text: str) -> None:
    result = read_bytes(syslog.SOURCE, f"{text}\n".encode())
    assert result.counts() == {"syslog": 1}
    assert not any("glued" in note for note in result.notes)


_PIECES = st.sampled_from(["a", "\n", "<189>", *SECONDS, ONE, " ", "<", "é"])


@given(st.lists(_PIECES, max_size=20).map("".join))
def test_pieces_are_the_lines_again(text: str) -> None:
    data = (text + "\n").encode()
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
    first, last, lines = unglued(data, starts, ends)
    assert (np.diff(lines) >= 0).all()
    pieces = [data[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    joined = [b"".join(p for p, n in zip(pieces, lines.tolist(), strict=True) if n == i) for i in range(len(starts))]
    assert joined == [data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]
    read_bytes(syslog.SOURCE, data)
