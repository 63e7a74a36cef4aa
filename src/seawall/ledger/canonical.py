"""One way to write a JSON value as bytes (RFC 8785, JSON Canonicalization Scheme), so that a digest means something."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from seawall.errors import InputError

MAX_DEPTH: Final = 32
EXACT: Final = 1 << 53  # integers beyond it are not the same number for every reader of JSON (RFC 8785, 3.2.2.3)


def canonical(value: Any) -> bytes:
    """The bytes of a JSON value: names sorted by UTF-16, no spaces, numbers as ECMAScript writes them, UTF-8.

    Raises:
        InputError: the value is no JSON (another type, a name that is no text, NaN, a lone surrogate), is nested
            more than 32 deep, or holds an integer no reader would keep exactly.
    """
    try:
        return _text(value, 0).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError("a text with half a character (a lone surrogate) has no canonical JSON") from None


def _text(value: Any, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise InputError(f"nested more than {MAX_DEPTH} deep, so it gets no canonical JSON")
    if isinstance(value, str):
        return _QUOTE(value)
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    if isinstance(value, int):
        if not -EXACT < value < EXACT:
            raise InputError(f"{value} is beyond 2**53", mend="write big numbers as text")
        return str(int(value))
    if isinstance(value, float):
        return number(value)
    if isinstance(value, dict | Mapping):  # the built-in first: an abstract class is asked slowly
        return "{" + ",".join(_members(value, depth)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(item, depth + 1) for item in value]) + "]"
    raise InputError(f"a value of type {type(value).__name__} has no canonical JSON")


def _members(value: Mapping[Any, Any], depth: int) -> list[str]:
    for name in value:
        if not isinstance(name, str):
            raise InputError(f"the name {name!r} is no text, so it gets no canonical JSON")
    names = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
    return [f"{_QUOTE(name)}:{_text(value[name], depth + 1)}" for name in names]


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def number(value: float) -> str:
    """A number as ECMAScript's `Number::toString` writes it (ECMA-262, 6.1.6.1.20): the shortest that reads back."""
    if not math.isfinite(value):
        raise InputError(f"{value} is no number JSON knows")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))  # digits left of the point
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return sign + digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"


_QUOTE: Final = json.encoder.encode_basestring  # as JSONEncoder(ensure_ascii=False) writes a text
_WORDS: Final = {None: "null", True: "true", False: "false"}
