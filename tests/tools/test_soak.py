from __future__ import annotations

from pathlib import Path

import pytest

from tools import soak

TOPIC = soak.Topic("kills", "Killed often", ("-c", "pass"))


@pytest.mark.parametrize(
    ("commit", "result", "now", "done"),
    [
        pytest.param("abc1234", "passed", "abc1234", True, id="same-commit"),
        pytest.param("abc1234", "FAILED", "abc1234", False, id="failed"),
        pytest.param("abc1234", "passed", "def5678", False, id="other-commit"),
        pytest.param("abc1234+", "passed", "abc1234+", False, id="changed-checkout"),
    ],
)
def test_a_topic_is_done_when_its_page_says_this_commit_passed(
    tmp_path: Path, commit: str, result: str, now: str, done: bool
) -> None:
    page = tmp_path / "kills.md"
    soak.write_page(page, TOPIC, {"commit": commit, "result": result}, ["1 passed"])
    assert soak.is_done(page, now) is done


def test_a_page_says_how_many_lines_it_leaves_out(tmp_path: Path) -> None:
    page = tmp_path / "kills.md"
    soak.write_page(page, TOPIC, {}, [f"line {n}" for n in range(soak.TAIL_LINES + 7)])
    text = page.read_text(encoding="utf-8")
    assert "(7 earlier lines left out)" in text
    assert "line 7\n" in text
    assert "line 6\n" not in text


def test_a_page_that_is_not_there_is_not_done(tmp_path: Path) -> None:
    assert not soak.is_done(tmp_path / "none.md", "abc1234")
