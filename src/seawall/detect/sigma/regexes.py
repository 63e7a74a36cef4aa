"""Regular expressions that cannot run away: linear time first, a fenced fallback second.

RE2 (inside Arrow) judges every pattern it can, over all distinct values at once, in time linear in the text.
What RE2 refuses (lookaround, back references) goes to Python's `re` behind two fences: only the first
`MAX_FALLBACK_CHARS` characters of a value are read, and a pattern with one unbounded repeat inside another, the
usual way to make a backtracking engine hang, is refused as a broken rule.
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
_LONG_RUN: Final = re.compile(r"\.\{(\d{1,9}),\}")
_UNBOUNDED: Final = 1_000  # a repeat allowed this often counts as unbounded


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
    compiled = _compiled(pattern)
    return np.fromiter(
        (text is not None and compiled.search(text[:MAX_FALLBACK_CHARS]) is not None for text in values.to_pylist()),
        dtype=bool,
        count=len(values),
    )


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
