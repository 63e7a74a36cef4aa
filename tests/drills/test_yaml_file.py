"""A scenario file that is hostile or broken says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.drills.yaml_file import read
from seawall.errors import InputError


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("- a\n", "is a mapping", id="a-list"),
        pytest.param("a: [1\nb: 2\n", ":2", id="broken"),
        pytest.param("a: 1\na: 2\n", "said twice", id="twice"),
        pytest.param("a: !!python/object:os.system x\n", "", id="a-tag-of-python"),
        pytest.param("a: &a [x, x]\n" + "".join(
            f"{c}: &{c} [{', '.join([f'*{p}'] * 20)}]\n" for p, c in zip("abcdefg", "bcdefgh", strict=True)),
            "too many values", id="a-bomb-of-aliases"),
        pytest.param("[" * 5000, "", id="deeply-nested"),
        pytest.param("", "is a mapping", id="empty"),
    ],
)  # fmt: skip
def test_what_is_no_scenario_is_refused(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read(path)
    assert says in str(caught.value)


def test_every_value_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a: 1\nb:\n  - c: 2\n    d: 3\n")
    raw, lines = read(path)
    assert raw == {"a": 1, "b": [{"c": 2, "d": 3}]}
    assert (lines[("b", 0, "d")], lines[("a",)], lines[()]) == (4, 1, 1)
