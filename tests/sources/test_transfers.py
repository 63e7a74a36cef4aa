# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import transfers
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, only_row, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Sun Nov 22 10:30:17 2026 1 192.0.2.9 12345 /cdr/2026 11.csv b _ o r ann ftp 0 * c", id="xferlog"),
        pytest.param("Sun Nov 22 10:30:17 2026 1 ::ffff:192.0.2.9 12345 /cdr/2026 11.csv b _ o r ? ftp 1 ann c", id="xferlog, ident"),
        pytest.param('Sun Nov 22 10:30:17 2026 [pid 2] [ann] OK DOWNLOAD: Client "192.0.2.9", "/cdr/2026 11.csv", 12345 bytes, 12.3Kbyte/sec', id="vsftpd"),
        pytest.param('192.0.2.9 UNKNOWN ann [22/Nov/2026:10:30:17 +0000] "RETR /cdr/2026 11.csv" 226 12345', id="ProFTPD"),
    ],
)  # fmt: skip
def test_every_server_s_line_says_the_same(text: str) -> None:
    assert recognised(text) == "transfers"
    row = only_row(text, "transfers")
    has(row, time=AT, user="ann", src_ip="192.0.2.9", action="read", direction="out", bytes=12345, outcome="success")
    assert row["object"] == "/cdr/2026 11.csv"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('Sun Nov 22 10:30:17 2026 [pid 2] [ann] FAIL LOGIN: Client "192.0.2.9"', {"action": "login", "activity": "login", "outcome": "failure", "user": "ann"}),
        ('Sun Nov 22 10:30:17 2026 [pid 2] [ann] OK DELETE: Client "192.0.2.9", "/a"', {"action": "delete", "object": "/a"}),
        ('Sun Nov 22 10:30:17 2026 [pid 2] [ann] OK UPLOAD: Client "192.0.2.9", "/a", 5 bytes, 1.0Kbyte/sec', {"action": "write", "direction": "in", "bytes": 5}),
        ("Sun Nov 22 10:30:17 2026 1 192.0.2.9 5 /a b _ d r ann ftp 0 * c", {"action": "delete", "object": "/a"}),
    ],
)  # fmt: skip
def test_other_deeds_have_their_words(text: str, wanted: dict) -> None:
    has(only_row(text, "transfers"), **wanted)


def test_passwords_never_reach_a_row() -> None:
    text = '192.0.2.9 UNKNOWN ann [22/Nov/2026:10:30:17 +0000] "PASS hUnter2Zx9" 230 -\nSun Nov 22 10:30:17 2026 [pid 2] [ftp] OK LOGIN: Client "192.0.2.9", anon password "hUnter2Zx9"\n'
    result = read_bytes(transfers.SOURCE, text.encode())
    assert result.counts() == {"transfers": 2}
    assert "hUnter2Zx9" not in str(result)


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(transfers.SOURCE, content)
    transfers.sniff(evidence_from_bytes(content, "x"))
