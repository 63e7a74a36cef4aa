# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config import read


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n \r\n", "empty"),
        (b"PK\x03\x04" + bytes(range(256)), "Word"),
        (bytes(range(256)) * 10, "binary or encrypted"),
        (b"Salted__abcdefghijklmnop", "encrypted"),
    ],
)
def test_what_is_no_text_says_so(data: bytes, says: str) -> None:
    (config,) = read(data, "x.cfg")
    assert says in config.problem
    assert not config.statements


def test_pager_prompts_are_taken_away_and_said() -> None:
    (config,) = read(
        "hostname r1\n --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08        \x08\x08\x08\x08\x08\x08\x08\x08\x08line vty 0 4\n login local\nend"
    )
    assert config.has("line", "vty", "*", "*", "login", "local")
    assert any("--More--" in doubt for doubt in config.doubts)
