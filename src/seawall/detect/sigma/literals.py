"""The plain text an atom cannot do without: what the scan looks for in every value.

For a plain question the text *is* the question. For a wildcard, a regular expression or a question that minds case it
is only needed: where it stands, the atom is judged in full.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from re import _parser as sre  # type: ignore[attr-defined]  # the only public-enough view of a parsed pattern
from typing import Any, Final

from seawall.detect.sigma.folding import fold
from seawall.detect.sigma.plan import Atom, Op

MIN_BYTES: Final = 4  # shorter texts stand everywhere: they are judged on the rows other parts of a rule leave over

_PLAIN: Final = frozenset({Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS})


@dataclass(frozen=True, slots=True)
class Literal:
    """A folded text that stands in the folded form of every value the atom accepts."""

    text: bytes  # folded, UTF-8, at least MIN_BYTES
    opens: bool = False  # it stands at the value's start
    closes: bool = False  # it stands at the value's end
    exact: bool = False  # where it stands, the atom holds
    ascii_only: bool = False  # says nothing of values that hold other than ASCII: judge those too


def literal_of(atom: Atom) -> Literal | None:
    """The literal of an atom; None if it has none worth a search."""
    if atom.op in _PLAIN:
        opens = atom.op in (Op.EQUALS, Op.STARTS)
        closes = atom.op in (Op.EQUALS, Op.ENDS)
        found = Literal(fold(atom.value).encode(), opens, closes, exact=not atom.cased)
    elif atom.op is Op.GLOB:
        pieces = [fold(piece).encode() for piece in atom.pieces]
        found = Literal(max(pieces, key=len, default=b""))
    elif atom.op is Op.REGEX:
        # Without case RE2 lets a long s stand for an s, which folding does not: hence `ascii_only`.
        found = Literal(needed_of_regex(atom.value), ascii_only=True)
    else:
        return None
    return found if len(found.text) >= MIN_BYTES else None


def needed_of_regex(pattern: str) -> bytes:
    """The longest run of plain ASCII that stands in every match, folded; empty if none is certain."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = sre.parse(pattern)
    except (re.error, RecursionError, OverflowError, ValueError):
        return b""  # written for RE2 alone
    return max(_runs(tree), key=len, default="").encode()


def _runs(node: Any) -> Iterator[str]:
    """The runs of plain characters any match holds."""
    run: list[str] = []
    for op, argument in node:
        if str(op) == "LITERAL" and argument < 128:
            run.append(chr(argument).lower())
            continue
        yield "".join(run)
        run = []
        match str(op):
            case "SUBPATTERN":
                yield from _runs(argument[-1])
            case "ATOMIC_GROUP":
                yield from _runs(argument)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT" if argument[0] >= 1:
                yield from _runs(argument[2])
    yield "".join(run)
