"""Commands as one spelling: `sh run`, `show  RUNNING-config <cr>` and `do show run` are the same command.

A small grammar per family of platforms lists the words known at each position. A word that is the beginning of exactly
one of them is written out; anything else stays as typed. Everything is lower case: rules compare without case anyway,
and secrets are masked before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from seawall.platforms.grammar import ALIASES, IOS, JUNOS, VRP

Tree = dict[str, Any]

_WRAPPED: Final = re.compile(r"^(?:!exec:\s*)|\s*<cr>\s*$", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")


def _tree(grammar: str) -> Tree:
    """The nested words of a grammar: one path a line, `|` between words that may stand in one place.

    `*` is any word; behind `PIPE` stands what may follow a `|`.
    """
    root: Tree = {}
    for line in grammar.strip().splitlines():
        ends = [root]
        for position in line.split():
            ends = [end.setdefault(word, {}) for end in ends for word in position.split("|")]
    return root


_TREES: Final[dict[str, Tree]] = {"ios": _tree(IOS), "junos": _tree(JUNOS), "vrp": _tree(VRP)}
_FAMILY: Final = {"junos": "junos", "vrp": "vrp", "sros": "", "linux": "", "panos": "", "fortios": ""}


@lru_cache(maxsize=65_536)
def normalise(command_raw: str, platform: str | None = None) -> str:
    """The command in its one spelling. Unknown platforms are read as the IOS family, whose words most share."""
    text = _WRAPPED.sub("", command_raw.strip())
    words = _BLANKS.sub(" ", _WRAPPED.sub("", text)).strip().lower().split(" ")
    family = _FAMILY.get(platform or "", "ios")
    if words[0] == "do" and family == "ios":
        words = words[1:] or words
    tree = _TREES.get(family)
    return " ".join(_expanded(words, tree, family) if tree else words)


def _expanded(words: list[str], tree: Tree, family: str) -> list[str]:
    """The words, each written out as far as the grammar knows its place."""
    done: list[str] = []
    here, aliases = tree, ALIASES.get(family, {})
    for place, word in enumerate(words):
        full = aliases.get(word, word) if here is tree else word
        if full not in here:
            full = _completed(full, here)
        done.append(full)
        if full in ("no", "undo", "default", "do") and place == 0:
            here = tree
            continue
        if full == "|":  # the filter of a show command
            here = tree.get("PIPE", {})
            continue
        following = here.get(full, here.get("*"))
        if following is None:
            return done + words[place + 1 :]
        here = following
    return done


def _completed(word: str, here: Tree) -> str:
    """The one known word that begins so, else the word itself. Addresses, numbers and names stay."""
    if not word or not word[0].isalpha():
        return word
    stem, colon = word.removesuffix(":"), word[-1] == ":"  # `bootf:` is a file system, cut short before its colon
    fits = [known for known in here if known.startswith(stem) and (not colon or known.endswith(":"))]
    return fits[0] if len(fits) == 1 else word
