from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.truth import read_truth
from seawall.errors import InputError


@pytest.mark.parametrize("text", ["", "{}\n", "not json\n", "[]\n", '{"scenario": 1}\n{"kind": "attack"}\n'])
def test_what_is_no_truth_gives_one_clear_error(text: str, tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_truth(path)
    assert caught.value.mend


def test_a_missing_truth_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jsonl"):
        read_truth(tmp_path / "gone.jsonl")
