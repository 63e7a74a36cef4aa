"""Modifiers pySigma reads differently from the specification, or not at all.

Sigma 2.1 encodes text as UTF-16 before base64 (`utf16`, `utf16le`, `utf16be`, `wide`). pySigma 2.0 has no `utf16le`
and refuses letters outside ASCII, because it carries the encoded octets as text. Here the octets travel beside the
text, so that `ü|wide|base64offset` means what Windows writes.

`windash` takes each of its five dashes for any other. pySigma turns two of them, and no more than three in one value.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any, Final

from sigma.exceptions import SigmaValueError
from sigma.modifiers import SigmaModifier, SigmaValueModifier, modifier_mapping
from sigma.types import Placeholder, SigmaExpansion, SigmaString

# How far a base64 text can be trusted whose first octets are unknown: what to cut off at either end.
_STARTS: Final = (0, 2, 3)
_ENDS: Final = (None, -3, -2)

DASHES: Final = ("-", "/", "\u2013", "\u2014", "\u2015")  # hyphen, slash, en dash, em dash, horizontal bar
ANY_DASH: Final = "_any dash"  # a place for one of them; rules cannot write this name
_OPENING_DASH: Final = re.compile("\\B[" + "".join(DASHES) + "]\\b")
_WRITTEN_OUT: Final = 3  # dashes in one value; five to the power of it are texts of their own


class EncodedString(SigmaString):
    """A text in UTF-16; `octets` are None where it holds wildcards, `textual` says whether it is text as well."""

    octets: bytes | None = None
    textual: bool = True


def encoded(value: SigmaString, codec: str, mark: bytes = b"") -> EncodedString:
    """The value in UTF-16, wildcards kept, a byte order mark before it if one is given."""
    made = EncodedString()
    parts: list[Any] = [mark.decode("utf-16")] if mark else []
    octets = mark
    for part in value.s:
        if isinstance(part, str):
            raw = part.encode(codec)
            octets += raw
            try:
                parts.append(raw.decode("utf-8"))
            except UnicodeDecodeError:
                made.textual = False
                parts.append(part)
        else:
            parts.append(part)
    made.s = parts
    made.octets = None if value.contains_special() else octets
    return made


class Utf16LittleEndian(SigmaValueModifier[SigmaString, SigmaString]):
    """`wide` and `utf16le`: as Windows holds text."""

    def modify(self, val: SigmaString) -> SigmaString:
        """The text encoded."""
        return encoded(val, "utf-16le")


class Utf16BigEndian(SigmaValueModifier[SigmaString, SigmaString]):
    """`utf16be`: high octet first."""

    def modify(self, val: SigmaString) -> SigmaString:
        """The text encoded."""
        return encoded(val, "utf-16be")


class Utf16Marked(SigmaValueModifier[SigmaString, SigmaString]):
    """`utf16`: a byte order mark, then low octet first."""

    def modify(self, val: SigmaString) -> SigmaString:
        """The text encoded."""
        return encoded(val, "utf-16le", mark=b"\xff\xfe")


class Base64(SigmaValueModifier[SigmaString, SigmaString]):
    """`base64`: the value as a whole."""

    def modify(self, val: SigmaString) -> SigmaString:
        """The text encoded. Raises SigmaValueError for wildcards."""
        return SigmaString(b64encode(self._octets(val)).decode())

    def _octets(self, val: SigmaString) -> bytes:
        return _octets(val, self)


class Base64Offset(SigmaValueModifier[SigmaString, SigmaExpansion]):
    """`base64offset`: the value at each of the three places where it may stand in a longer text."""

    def modify(self, val: SigmaString) -> SigmaExpansion:
        """The three encodings. Raises SigmaValueError for wildcards."""
        data = _octets(val, self)
        cut = [b64encode(at * b" " + data)[_STARTS[at] : _ENDS[(len(data) + at) % 3]] for at in range(3)]
        return SigmaExpansion([SigmaString(one.decode()) for one in cut])


class WindowsDash(SigmaValueModifier[SigmaString, SigmaExpansion]):
    """`windash`: a dash that opens a word stands for any of the five."""

    def modify(self, val: SigmaString) -> SigmaExpansion:
        """Every text the value means; where they would be too many, one with places that any dash may fill."""
        places = val.replace_with_placeholder(_OPENING_DASH, ANY_DASH)
        if sum(isinstance(part, Placeholder) and part.name == ANY_DASH for part in places.s) > _WRITTEN_OUT:
            return SigmaExpansion([places])
        return SigmaExpansion(list(places.replace_placeholders(_dashes)))


def _dashes(place: Placeholder) -> Iterator[str | Placeholder]:
    yield from DASHES if place.name == ANY_DASH else (place,)


def _octets(val: SigmaString, modifier: SigmaModifier[Any, Any]) -> bytes:
    if any(isinstance(part, Placeholder) and part.name == ANY_DASH for part in val.s):
        raise SigmaValueError(f"more than {_WRITTEN_OUT} dashes cannot be put in base64", source=modifier.source)
    data = val.octets if isinstance(val, EncodedString) else None if val.contains_special() else bytes(val)
    if data is None:
        raise SigmaValueError("a value with wildcards cannot be put in base64", source=modifier.source)
    return data


OURS: Final[dict[str, type[SigmaModifier[Any, Any]]]] = {
    "base64": Base64,
    "base64offset": Base64Offset,
    "utf16": Utf16Marked,
    "utf16be": Utf16BigEndian,
    "utf16le": Utf16LittleEndian,
    "wide": Utf16LittleEndian,
    "windash": WindowsDash,
}


def teach() -> None:
    """Let pySigma read a rule with these modifiers instead of its own."""
    modifier_mapping.update(OURS)
