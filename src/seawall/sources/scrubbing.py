"""Free text beside target identifiers: what looks like one, or is one of the file's own, is masked in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

from seawall.vault.identifiers.numbers import plain_digits

MASK: Final = "<masked>"
_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)
_MOMENT: Final = re.compile(
    r"(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?\s?(?:Z|[+-][01]\d:?[0-5]\d)?)?"
)
_RUN: Final = re.compile(r"\+?\(?\d(?:[\s().\-/_\u00a0\u2010-\u2015]{0,3}\d){5,}")
_SHAPES: Final = re.compile(
    r"(?:sips?|tel|mailto|imsi|imei|imeisv|msisdn|nai|extid)\s*[:\-=]\s*[^\s<>\"';]+"  # schemes
    r"|(?:\"[^\"]*\"|[^\s<>\"',;:()]+)@[^\s<>\"',;()]+"
    r"|(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,3})?"
    r"|(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:/\d{1,3})?(?![\w:])"
    r"|(?<!\w)(?:[0-9a-f]{1,2}[:\-. ]){5,7}[0-9a-f]{1,2}(?!\w)"
    r"|(?<!\w)(?:[0-9a-f]{4}[.:\-]){2,3}[0-9a-f]{4}(?!\w)"
    r"|(?<!\w)(?:0x)?[0-9a-f]{12}(?:[0-9a-f]{4})?(?!\w)",
    re.I,
)
_TOKEN: Final = re.compile(r"[^\s<>\"',;()]+")
_NEEDLE: Final = 8  # digits by which a number is known again, whatever stands before them
_SHORTEST: Final = 6
_REMEMBERED: Final = 10_000  # texts
_LONG_RUN: Final = 7  # digits that are taken for a number in free text


class Scrub:
    """Masks the identifiers of one file wherever they turn up in its other fields."""

    def __init__(self, targets: Iterable[str]) -> None:
        self._numbers: set[str] = set()
        self._names: set[str] = set()
        for target in targets:
            folded = unicodedata.normalize("NFKC", target).casefold().strip()
            digits = "".join(c for c in plain_digits(folded) if c.isdigit())
            if len(digits) >= _SHORTEST:
                self._numbers.add(digits[-_NEEDLE:])
            bare = re.sub(r"^(?:sips?|tel|mailto|imsi|imei|nai)[:\-]", "", folded)
            self._names |= {name for name in (folded, bare, re.sub(r"[:.\-]", "", bare)) if len(name) > 3}
        self._seen: dict[tuple[bool, str], str] = {}  # registries say the same words in every order
        self._sizes = sorted({len(number) for number in self._numbers})

    def known(self, text: str) -> str:
        """The text without this file's own identifiers; everything else stays."""
        return self._once(text, free=False)

    def free(self, text: str) -> str:
        """The text without anything that looks like an identifier. Dates and UUIDs stay."""
        return self._once(text, free=True)

    def _once(self, text: str, *, free: bool) -> str:
        made = self._seen.get((free, text))
        if made is None:
            made = self._freed(text) if free else self._without_known(text)
            if len(self._seen) < _REMEMBERED:
                self._seen[free, text] = made
        return made

    def _without_known(self, text: str) -> str:
        text = whole(text)
        folded = unicodedata.normalize("NFKC", text)
        if _UUID.fullmatch(folded.strip()):
            return text
        made = _RUN.sub(lambda f: MASK if self._has_number(f[0]) else f[0], folded)
        made = _TOKEN.sub(lambda f: MASK if self._is_name(f[0]) else f[0], made)
        return text if made == folded else made

    def _freed(self, text: str) -> str:
        text = self.known(text)
        made, kept = [], 0
        for found in re.finditer(f"{_UUID.pattern}|(?<![\\d-]){_MOMENT.pattern}(?![\\d-])", text, re.I):
            made += [self._shapes(text[kept : found.start()]), found[0]]
            kept = found.end()
        return "".join([*made, self._shapes(text[kept:])])

    def value(self, value: Any) -> Any:
        """A JSON value of an unknown field, with every text and number in it scrubbed."""
        if isinstance(value, str):
            return self.free(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):  # a number of many digits may be one to call
            scrubbed = self.free(str(value))
            return value if scrubbed == str(value) else scrubbed
        if isinstance(value, dict):
            return {self.free(str(name)): self.value(item) for name, item in value.items()}
        return [self.value(item) for item in value]

    def _shapes(self, text: str) -> str:
        text = _SHAPES.sub(MASK, unicodedata.normalize("NFKC", text) if not text.isascii() else text)
        return _RUN.sub(lambda f: MASK if sum(c.isdigit() for c in f[0]) >= _LONG_RUN else f[0], text)

    def _has_number(self, run: str) -> bool:
        digits = "".join(c for c in plain_digits(run) if c.isdigit())
        return any(
            digits[start : start + size] in self._numbers
            for size in self._sizes
            for start in range(len(digits) - size + 1)
        )

    def _is_name(self, token: str) -> bool:
        folded = token.casefold()
        return folded in self._names or (len(folded) > 3 and re.sub(r"[:.\-]", "", folded) in self._names)


def whole(text: str) -> str:
    """The text with every half character (a lone surrogate) replaced, so that it can be written."""
    return text if text.isascii() else "".join("\ufffd" if 0xD800 <= ord(c) < 0xE000 else c for c in text)
