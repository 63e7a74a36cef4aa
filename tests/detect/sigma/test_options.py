"""Values and pipelines an analyst gives: read plainly, or refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.detect.sigma.options import Options, read_options
from seawall.errors import InputError


def test_lists_are_read_and_a_later_file_wins(tmp_path: Path) -> None:
    one, two = tmp_path / "a.yml", tmp_path / "b.json"
    one.write_text("Admins: [root, 7, true]\n'%Hosts%': jump-1\n")
    two.write_text('{"Admins": ["ops"]}')
    assert read_options([one]).values == {"Admins": ("root", "7", "true"), "Hosts": ("jump-1",)}
    assert read_options([one, two]).values["Admins"] == ("ops",)


@pytest.mark.parametrize("text", ["- a\n", "a: []\n", "a: {b: c}\n", "a: [\n", "a: [[b]]\n", "a: [null]\n", ""])
def test_anything_else_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "values.yml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_options([path])
    assert str(path) in str(caught.value.where)


def test_equal_options_have_one_fingerprint_and_others_another() -> None:
    one, two = Options({"a": ("x",), "b": ("y",)}), Options({"b": ("y",), "a": ("x",)})
    assert one.fingerprint == two.fingerprint
    assert one.fingerprint != Options({"a": ("y",), "b": ("x",)}).fingerprint
    assert one.fingerprint != Options({"a": ("x",), "b": ("y",)}, (("p", "name: x"),)).fingerprint
