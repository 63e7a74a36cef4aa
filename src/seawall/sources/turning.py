"""Rows, as JSON gives them, turned into columns, as Arrow wants them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def turned(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The columns of rows. Rows of one shape are turned at once: most events of a log are of a few shapes."""
    shapes: dict[tuple[str, ...], list[int]] = {}
    for index, row in enumerate(rows):
        shapes.setdefault(tuple(row), []).append(index)
    columns: dict[str, list[Any]] = {}
    for shape, indices in shapes.items():
        across = zip(*[rows[index].values() for index in indices], strict=True)
        for name, values in zip(shape, across, strict=True):
            if len(shapes) == 1:
                columns[name] = list(values)
                continue
            column = columns.get(name)
            if column is None:
                column = columns[name] = [None] * len(rows)
            for index, value in zip(indices, values, strict=True):
                column[index] = value
    return columns
