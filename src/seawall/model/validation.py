"""Plain dataclasses inside, pydantic at the edge: one door through which files become values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, TypeVar

from seawall.errors import InputError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}


def validated(
    kind: type[T], raw: dict[str, Any], *, where: str, lines: Mapping[tuple[str | int, ...], int] | None = None
) -> T:
    """`raw` as a `kind`, unknown keys refused at every depth. `lines`: the line of each key path, `()` of the whole.

    Raises:
        InputError: names the key, what is wrong with it, and where.
    """
    from pydantic import ValidationError

    try:
        made: T = _adapter(kind).validate_python(raw)
        return made
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        if lines:
            where = f"{where}:{_line(first['loc'], lines)}"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InputError(f"{key}: {first['msg']}{more}", where=where, mend="see docs/reference for every key") from None


def schema(kind: type[Any]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what `validated` takes for a kind."""
    return _adapter(kind).json_schema()


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made once for each kind: a file of many small values asks often."""
    from pydantic import ConfigDict, TypeAdapter

    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(_strict(kind, ConfigDict(extra="forbid")))
    return _ADAPTERS[kind]


def _line(at: tuple[str | int, ...], lines: Mapping[tuple[str | int, ...], int]) -> int:
    """The line of a key path, or of the nearest one above it."""
    return next((lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines), 1)


def _strict(kind: type[T], config: Any) -> type[T]:
    """`kind`, and every dataclass among its fields, told to refuse unknown keys."""
    import dataclasses
    import typing

    for hint in typing.get_type_hints(kind).values():
        for part in (hint, *typing.get_args(hint)):
            if dataclasses.is_dataclass(part) and isinstance(part, type):
                _strict(part, config)
    if "__pydantic_config__" not in vars(kind):
        setattr(kind, "__pydantic_config__", config)  # noqa: B010 - pydantic's own hook for plain dataclasses
    return kind
