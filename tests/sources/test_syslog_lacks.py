from __future__ import annotations

import pytest

from seawall.sources import syslog
from tests.sources.reading import read_bytes


@pytest.mark.parametrize(
    ("line", "lacks"),
    [
        ("<189>Nov 22 10:15:30 pe1 sshd[2]: text", None),
        ("<189>45: *Nov 22 10:15:30: %SYS-5-CONFIG_I: Configured", "host: none written"),
        ("<189>45: pe1: 00:01:01: %SYS-5-RESTART: text", "time: uptime only"),
        ("<189>45: pe1: Feb 30 2026 00:12:34 UTC: %SYS-5-RESTART: text", "time: no such date"),
        ("<189>45: pe1: *Mar 1 2026 25:12:34 UTC: %SYS-5-RESTART: text", "time: no such date"),
        ("<189>pe1: 1w2d: %SYS-5-RESTART: text", "time: uptime only"),
        ("<189>pe1: %SYS-5-RESTART: text", "time: none written"),
        ("Nov 22 10:15:30 pe1 sshd[2]: text", "severity: no PRI"),
        ("Nov 22 10:15:30 pe1 some words", "severity: no PRI, name: free text"),
        ("%SYS-5-RESTART: text", "host: none written, time: none written"),
    ],
)
def test_nothing_is_missing_without_a_reason(line: str, lacks: str | None) -> None:
    (row,) = read_bytes(syslog.SOURCE, line.encode() + b"\n").rows("syslog")
    assert row["lacks"] == lacks
