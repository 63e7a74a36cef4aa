from dataclasses import dataclass

import pytest

from seawall.errors import InputError
from seawall.model.validation import validated


@dataclass(frozen=True)
class Inner:
    size_mb: int


@dataclass(frozen=True)
class Outer:
    parts: tuple[Inner, ...] = ()


def test_values_become_dataclasses_at_every_depth() -> None:
    assert validated(Outer, {"parts": [{"size_mb": 3}]}, where="x.toml") == Outer((Inner(3),))


def test_what_is_wrong_is_named_with_its_place() -> None:
    with pytest.raises(InputError) as caught:
        validated(Outer, {"parts": [{"size_mb": "much"}]}, where="x.toml")
    assert str(caught.value).startswith("x.toml: parts.0.size_mb")
