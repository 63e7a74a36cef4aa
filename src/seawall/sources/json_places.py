"""Values of a JSON file together with where they stand, in bytes: for records that must be found again."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_SPACE: Final = re.compile(r"[ \t\r\n\ufeff]*")
_BOMS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
                (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip


class BadJsonError(ValueError):
    """Not JSON from some byte on. Quotes nothing."""

    def __init__(self, offset: int, why: str) -> None:
        super().__init__(f"not JSON from byte {offset} on: {why}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and the bytes it stands in."""

    value: Any
    offset: int
    length: int
    raw: bytes


class Twice(dict[str, Any]):
    """An object in which a name stood twice: which of the two is meant nobody can say."""


class JsonText:
    """A JSON file as text, with the way back to its bytes (UTF-8, UTF-16 or UTF-32; bad bytes are kept as they are)."""

    def __init__(self, content: bytes) -> None:
        self._bom, self._encoding = next(((len(b), e) for b, e in _BOMS if content.startswith(b)), (0, ""))
        self._encoding = self._encoding or json.detect_encoding(content[:4])
        errors = "surrogateescape" if self._encoding == "utf-8" else "replace"
        self._content = content
        self.text = content[self._bom :].decode(self._encoding, errors)
        self._narrow = self._encoding == "utf-8" and self.text.isascii()
        self._known = (0, self._bom)  # a character and its byte, the last one asked for
        self._decode = json.JSONDecoder(object_pairs_hook=_once).raw_decode

    def value(self, at: int) -> tuple[Placed, int]:
        """The value that starts at or after a character, and the character behind it. Raises BadJsonError."""
        start = self.skip(at)
        try:
            value, end = self._decode(self.text, start)
        except json.JSONDecodeError as error:
            raise BadJsonError(self.byte(min(error.pos, len(self.text))), error.msg.split(":")[0].lower()) from None
        except RecursionError:
            raise BadJsonError(self.byte(start), "nested too deeply") from None
        except ValueError:  # a number with thousands of digits
            raise BadJsonError(self.byte(start), "a number too long to be one") from None
        first, last = self.byte(start), self.byte(end)
        return Placed(value, first, last - first, self._content[first:last]), end

    def skip(self, at: int) -> int:
        """The first character at or after `at` that is no space."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def at(self, place: int) -> str:
        """The character at a place; empty at the end."""
        return self.text[place : place + 1]

    def byte(self, place: int) -> int:
        """Where a character stands in the file."""
        if self._narrow:
            return self._bom + place
        character, byte = self._known
        if place < character:
            character, byte = 0, self._bom
        errors = "surrogateescape" if self._encoding == "utf-8" else "surrogatepass"
        byte += len(self.text[character:place].encode(self._encoding, errors))
        self._known = (place, byte)
        return byte

    def members(self, at: int) -> Iterator[tuple[str, Placed, int]]:
        """Names and values of the object that opens at `at`, and the character each value starts at.

        Raises BadJsonError.
        """
        place = self.skip(at + 1)
        while self.at(place) != "}":
            name, place = self.value(place)
            place = self.skip(place)
            if not isinstance(name.value, str) or self.at(place) != ":":
                raise BadJsonError(self.byte(place), "expecting a name and a colon")
            start = self.skip(place + 1)
            value, place = self.value(start)
            yield name.value, value, start
            place = self._next(place, "}")

    def items(self, at: int) -> Iterator[Placed]:
        """Values of the array that opens at `at`. Raises BadJsonError."""
        place = self.skip(at + 1)
        while self.at(place) != "]":
            value, place = self.value(place)
            yield value
            place = self._next(place, "]")

    def _next(self, place: int, close: str) -> int:
        place = self.skip(place)
        if self.at(place) == ",":
            return self.skip(place + 1)
        if self.at(place) != close:
            raise BadJsonError(self.byte(place), f"expecting a comma or {close}")
        return place


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Twice(made)
