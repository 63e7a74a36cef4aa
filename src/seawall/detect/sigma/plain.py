"""Rules as plain data and back, so that what was compiled once can lie on disk.

A table of objects, each a list: the number of its class, then its fields. A field is a plain JSON value, or `[n]`: the
n-th object. Equal objects stand once. Only classes named by the reader are ever made, and only by their own
constructors: nothing that is read can run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeAlias

from seawall.errors import RuleError

Row: TypeAlias = list[Any]

_CONTAINERS: Final[tuple[type, ...]] = (tuple, frozenset, dict, timedelta, Fraction, RuleError)


class NotPlainError(TypeError):
    """An object of a class that is not on the list."""


class Writer:
    """Fills a table of objects."""

    def __init__(self, classes: Sequence[type]) -> None:
        self.rows: list[Row] = []
        self._numbers = {cls: number for number, cls in enumerate((*_CONTAINERS, *classes))}
        self._fields: dict[type, tuple[str, ...]] = {
            cls: _fields(cls) for cls in classes if dataclasses.is_dataclass(cls)
        }
        self._known: dict[tuple[Any, ...], int] = {}

    def write(self, value: Any) -> Any:
        """A value as a field holds it. Raises NotPlainError for what cannot be written."""
        if value is None or type(value) in (str, int, float, bool):
            return value
        cls = dict if isinstance(value, Mapping) else type(value)
        number = self._numbers.get(cls)
        if number is None:
            raise NotPlainError(f"{cls.__name__} is not written")
        row = [number, *(self.write(part) for part in self._parts(cls, value))]
        key = tuple((type(field), field[0] if isinstance(field, list) else field) for field in row)
        at = self._known.setdefault(key, len(self.rows))
        if at == len(self.rows):
            self.rows.append(row)
        return [at]

    def _parts(self, cls: type, value: Any) -> Sequence[Any]:
        if cls is tuple:
            return tuple(value)
        if cls is frozenset:
            return sorted(value)
        if cls is dict:
            return [part for pair in value.items() for part in pair]
        if cls is timedelta:
            return (value.days, value.seconds, value.microseconds)
        if cls is Fraction:
            return (str(value),)
        if cls is RuleError:
            return (value.what, value.where, value.mend)
        if issubclass(cls, Enum):
            return (value.value,)
        return [getattr(value, name) for name in self._fields[cls]]


def read(rows: Sequence[Row], classes: Sequence[type]) -> list[Any]:
    """Every object of a table, in order. Raises ValueError, TypeError or LookupError for a table that is none."""
    makers = [_maker(cls) for cls in (*_CONTAINERS, *classes)]
    made: list[Any] = []
    for row in rows:
        made.append(makers[row[0]]([made[part[0]] if part.__class__ is list else part for part in row[1:]]))
    return made


def _maker(cls: type) -> Callable[[list[Any]], Any]:
    if cls is tuple or cls is frozenset:
        return cls
    if cls is dict:
        return lambda parts: dict(zip(parts[::2], parts[1::2], strict=True))
    if cls is RuleError:
        return lambda parts: RuleError(parts[0], where=parts[1], mend=parts[2])
    return lambda parts: cls(*parts)


def _fields(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(cls) if field.init)
