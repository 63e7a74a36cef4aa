"""Fields of dataclasses, with the comment that stands behind each in the source."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import io
import tokenize
import typing
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a reader of the documentation needs it."""

    name: str
    kind: str  # its type, in words
    default: str  # empty where a value must be given
    doc: str
    inner: type | None  # the dataclass it holds, alone or in a list


def fields_of(kind: type) -> list[Field]:
    """Every field of a dataclass, in order."""
    comments = _comments(kind)
    hints = typing.get_type_hints(kind)
    return [
        Field(f.name, _type_name(hints[f.name]), _default(f), comments.get(f.name, ""), _inner(hints[f.name]))
        for f in dataclasses.fields(kind)
    ]


def _comments(kind: type) -> dict[str, str]:
    source = inspect.cleandoc("\n" + inspect.getsource(kind))
    by_line = {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type == tokenize.COMMENT
    }
    body = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)).body
    return {
        node.target.id: by_line[node.end_lineno]
        for node in body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.end_lineno in by_line
    }


def _type_name(hint: object) -> str:
    if hint is type(None):
        return "nothing"
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return ", ".join(str(a) for a in arguments)
    if origin is tuple:
        return f"list of {_type_name(arguments[0])}"
    if arguments and origin is not None and not isinstance(origin, type):
        return " or ".join(_type_name(a) for a in arguments)
    if isinstance(origin, type):
        return "table" if "Mapping" in origin.__name__ or origin is dict else " or ".join(map(_type_name, arguments))
    words = {"str": "text", "int": "whole number", "bool": "true or false", "datetime": "time", "float": "number"}
    name = getattr(hint, "__name__", str(hint))
    return words.get(name, name)


def _default(field: dataclasses.Field[object]) -> str:
    if field.default is not dataclasses.MISSING:
        return _shown(field.default)
    if field.default_factory is not dataclasses.MISSING:
        made = field.default_factory()
        return "" if dataclasses.is_dataclass(made) else _shown(made)
    return ""


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "none"
    if isinstance(value, str):
        return f'"{value}"'
    return "[]" if value == () else "{}" if value == {} else str(value)


def _inner(hint: object) -> type | None:
    for part in (hint, *typing.get_args(hint)):
        if isinstance(part, type) and dataclasses.is_dataclass(part):
            return part
    return None
