"""Regular expressions that cannot run away: linear time first, a fenced fallback second.

RE2 (inside Arrow) judges every pattern it can, over all distinct values at once, in time linear in the text.
What RE2 refuses (lookaround, back references) goes to Python's `re` behind fences: a pattern with one unbounded repeat
inside another, or with more than two that can hand characters to each other, is refused as a broken rule, for evidence
could make it hang; and only the first characters of a value are read, fewer where two repeats work together.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from re import _parser as sre  # type: ignore[attr-defined]  # the only public-enough view of a parsed pattern
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import re2  # type: ignore[import-untyped]  # comes with pySigma
from sigma.policy import SigmaPolicy
from sigma.policy.regex_engine import RegexEngine

from seawall.errors import RuleError

MAX_PATTERN_CHARS: Final = 20_000
MAX_FALLBACK_CHARS: Final = 4_096
MAX_PAIRED_CHARS: Final = 1_024  # where two repeats work together: time grows with the cube of this
_MOST_TOGETHER: Final = 2
_LONG_RUN: Final = re.compile(r"\.\{(\d{1,9}),\}")
_UNBOUNDED: Final = 1_000  # a repeat allowed this often counts as unbounded
_WIDE: Final = 64  # a repeat with so much choice counts among those that work together


def check(pattern: str) -> None:
    """Raise RuleError if neither engine may run the pattern."""
    if len(pattern) > MAX_PATTERN_CHARS:
        raise RuleError(
            f"the regular expression has {len(pattern)} characters, {MAX_PATTERN_CHARS} are allowed",
            mend="split it into several values",
        )
    if is_linear(pattern):
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = sre.parse(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise RuleError(f"the regular expression does not parse: {error}", mend="mend the pattern") from error
    if _repeats_nest(tree, inside=False):
        raise RuleError(
            "the regular expression needs lookaround or a back reference and nests one unbounded repeat in another",
            mend="rewrite it without lookaround, or without the inner `*` or `+`",
        )
    if (together := _together(tree)) > _MOST_TOGETHER:
        raise RuleError(
            f"the regular expression needs lookaround or a back reference and has {together} wide repeats in a row",
            mend=f"rewrite it without lookaround, with at most {_MOST_TOGETHER} of them, or possessive ones (`*+`)",
        )


@lru_cache(maxsize=8_192)
def is_linear(pattern: str) -> bool:
    """Whether RE2 takes the pattern."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except (pa.ArrowInvalid, UnicodeEncodeError):
        return False
    return True


@lru_cache(maxsize=8_192)
def least_chars(pattern: str) -> int:
    """The fewest characters a match can have; 0 where that is not certain."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return int(sre.parse(pattern).getwidth()[0])
    except (re.error, RecursionError, OverflowError, ValueError):
        return 0  # written for RE2 alone


def search(values: pa.Array, pattern: str) -> npt.NDArray[np.bool_]:
    """Which values hold a match anywhere. Case as the pattern's own flags say; nulls do not match."""
    if run := _LONG_RUN.fullmatch(pattern):
        return _runs(values, int(run[1]))
    if is_linear(pattern):
        found = pc.fill_null(pc.match_substring_regex(values, pattern), False)
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)
    compiled, most = _compiled(pattern), fence(pattern)
    return np.fromiter(
        (text is not None and compiled.search(text[:most]) is not None for text in values.to_pylist()),
        dtype=bool,
        count=len(values),
    )


@lru_cache(maxsize=1_024)
def fence(pattern: str) -> int:
    """How many characters of a value the fenced engine reads for a pattern that `check` accepts."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return MAX_PAIRED_CHARS if _together(sre.parse(pattern)) == _MOST_TOGETHER else MAX_FALLBACK_CHARS


def _runs(values: pa.Array, least: int) -> npt.NDArray[np.bool_]:
    """Which values hold a line of so many characters: `.{1000,}`, a thousand states for RE2."""
    lengths = pc.fill_null(pc.utf8_length(values), 0).to_numpy(zero_copy_only=False)
    found = np.zeros(len(values), dtype=bool)
    for at in np.flatnonzero(lengths >= least).tolist():
        text = values[at].as_py()
        found[at] = "\n" not in text or max(map(len, text.split("\n"))) >= least
    return found


@lru_cache(maxsize=1_024)
def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern)


def _repeats_nest(node: Any, *, inside: bool) -> bool:
    """Whether an unbounded repeat stands inside another one."""
    for op, argument in node:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = argument
            unbounded = int(most) >= _UNBOUNDED
            if (unbounded and inside) or _repeats_nest(body, inside=inside or int(most) > 1):
                return True
            continue
        if name == "BRANCH" and inside:
            return True  # `(a|aa)+` has as many ways through as a nested repeat has
        if any(_repeats_nest(body, inside=inside) for body in _bodies(name, argument)):
            return True
    return False


def _together(node: Any) -> int:
    """How many wide repeats can hand characters to each other on the worst way through: time grows with their power.

    A look ahead or behind is tried once for each way to it and is not gone back into.
    """
    so_far = worst = 0
    for op, argument in node:
        name = str(op)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, body = argument
            wide = int(most) - int(least) >= _WIDE and name != "POSSESSIVE_REPEAT"
            so_far += _together(body) + wide
            continue
        inside = max(map(_together, _bodies(name, argument)), default=0)
        worst = max(worst, so_far + inside)
        so_far += 0 if name in ("ASSERT", "ASSERT_NOT") else inside
    return max(worst, so_far)


def _bodies(name: str, argument: Any) -> tuple[Any, ...]:
    """The patterns that stand inside a group, a choice, a look around or a condition."""
    match name:
        case "SUBPATTERN":
            return (argument[-1],)
        case "BRANCH":
            return tuple(argument[1])
        case "ASSERT" | "ASSERT_NOT":
            return (argument[1],)
        case "ATOMIC_GROUP":  # what stands before its end still backtracks inside
            return (argument,)
        case "GROUPREF_EXISTS":
            return tuple(body for body in argument[1:] if body is not None)
        case _:
            return ()


class RuleRegexes(RegexEngine):
    """What pySigma compiles a rule's patterns with: RE2, and behind the fences above what RE2 refuses.

    pySigma's own choices are RE2 alone, which loses rules with lookaround, or Python's `re` without any fence.
    """

    def compile(self, pattern: str, flags: int = 0) -> Any:
        """The compiled pattern. Raises RuleError if neither engine may run it."""
        marks = {re.IGNORECASE: "i", re.MULTILINE: "m", re.DOTALL: "s"}
        prefix = "".join(mark for flag, mark in marks.items() if flags & flag)
        full = f"(?{prefix}){pattern}" if prefix else pattern
        check(full)
        if not is_linear(full):
            return _compiled(full)
        options = re2.Options()
        options.log_errors = False
        return re2.compile(full, options)

    @property
    def error(self) -> type[Exception]:
        """What `compile` raises for a pattern that is none."""
        return re.error


POLICY: Final = SigmaPolicy(regex_engine=RuleRegexes())
