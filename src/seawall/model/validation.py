"""Plain dataclasses inside, pydantic at the edge: one door through which files become values."""

from __future__ import annotations

from typing import Any, TypeVar

from seawall.errors import InputError

T = TypeVar("T")


def validated(kind: type[T], raw: dict[str, Any], *, where: str) -> T:
    """`raw` as a `kind`, unknown keys refused at every depth.

    Raises:
        InputError: names the key, what is wrong with it, and where.
    """
    from pydantic import ConfigDict, TypeAdapter, ValidationError

    try:
        return TypeAdapter(_strict(kind, ConfigDict(extra="forbid"))).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise InputError(f"{key}: {first['msg']}{more}", where=where, mend="see docs/reference for every key") from None


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
