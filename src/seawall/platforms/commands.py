"""Commands as one spelling: `sh run`, `show  RUNNING-config <cr>` and `do show run` are the same command.

A small grammar per family of platforms lists the words known at each position. A word that is the beginning of exactly
one of them is written out; where it begins several, the next word may tell which; anything else stays as typed rather
than being guessed. Everything is lower case: rules compare without case anyway, and secrets are masked before.
Normalising a normal command changes nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from seawall.platforms import grammar_others
from seawall.platforms.grammar import ALIASES, IOS, JUNOS, VRP

Tree = dict[str, Any]

# What stands around a command and is none of it.
_WRAPPED: Final = re.compile(r"^(?:!exec:\s*)|\s*<cr>\s*$", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\s+")
_JOINED: Final = re.compile(r"\s;\s|\s*\n\s*")  # several commands given at once
_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_TIGHT_PIPE: Final = re.compile(r"((?:do )?(?:sh|di|mo|ge|inf)\w*\b[^|\"']*?) ?\| ?(?=\S)")  # `sh run|i snmp`
_NAME: Final = r"(?!\S*//)[a-z0-9_][a-z0-9_.\-@:/~*]{0,100}"
_PROMPTS: Final[dict[str, re.Pattern[str]]] = {
    "ios": re.compile(
        rf"{_NAME}(?:\([A-Za-z0-9_.\-/:]{{1,60}}\))?[#>]\s*(?=[^\s#>])"
    ),  # pe1(config-if)#, RP/0/RSP0/CPU0:pe1#
    "junos": re.compile(rf"(?:\{{\w+\}})?(?:\[edit[^\]]{{0,200}}\]\s*)?{_NAME}[#>]\s+(?=[^\s#>])"),
    "vrp": re.compile(r"(?:<[^<>\s]{1,64}>|\[[~*]?[^\[\]\s]{1,100}\])\s*(?=\S)"),
    "sros": re.compile(r"(?:\(\w+\))?(?:\[[^\]\"]{0,200}\]\s*)?\*?[a-z]:[^\s#$\"]{1,200}[#$]\s*(?=\S)"),
    "fortios": re.compile(rf"{_NAME}(?: \([^)]{{1,60}}\))? [#$] (?=\S)"),
    "panos": re.compile(rf"{_NAME}(?:\([a-z\-]{{1,30}}\))?[#>]\s+(?=[^\s#>])"),
}
_CONTEXT: Final = re.compile(r"\s*\[edit[^\]]{0,200}\]\s*", re.IGNORECASE)  # the line Junos puts above its prompt
_LEADERS: Final = {  # words in front of a command that is given in another mode than its own
    "ios": ("do",),
    "junos": ("run",),
    "panos": ("run",),
    "fortios": ("sudo global",),
}


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


_TREES: Final[dict[str, Tree]] = {
    "ios": _tree(IOS),
    "junos": _tree(JUNOS),
    "vrp": _tree(VRP),
    "sros": _tree(grammar_others.SROS),
    "fortios": _tree(grammar_others.FORTIOS),
    "panos": _tree(grammar_others.PANOS),
}
_FAMILY: Final = {"linux": "", "cef": "", **{name: name for name in _TREES}}
_ALIASES: Final = {**ALIASES, **grammar_others.ALIASES}
_NEGATIONS: Final = frozenset({"no", "undo", "default", "do"})


@lru_cache(maxsize=65_536)
def normalise(command_raw: str, platform: str | None = None) -> str:
    """The command in its one spelling. Unknown platforms are read as the IOS family, whose words most share.

    Several commands given at once (`conf t ; interface e1/1 ; shut`, or on several lines) stay one text, each in its
    one spelling, with ` ; ` between them.
    """
    family = _FAMILY.get(platform or "", "ios")
    if not family:
        return _BLANKS.sub(" ", _unwrapped(command_raw.lower())).strip()
    parts = (_one(part, family) for part in _commands(command_raw))
    return " ; ".join(part for part in parts if part)


def _commands(text: str) -> list[str]:
    """The commands of a text, cut where ` ; ` or a line's end stands outside quotes."""
    if ";" not in text and "\n" not in text:
        return [text]
    hidden = _QUOTED.sub(lambda found: "_" * len(found[0]), text)
    parts: list[str] = []
    start = 0
    for found in _JOINED.finditer(hidden):
        parts.append(text[start : found.start()])
        start = found.end()
    return [part for part in (*parts, text[start:]) if not _CONTEXT.fullmatch(part)]


def _one(text: str, family: str) -> str:
    text = _bare(_BLANKS.sub(" ", _unwrapped(text.lower())).strip(), family)
    if found := _TIGHT_PIPE.match(text):
        text = f"{found[1]} | {text[found.end() :]}"
    words = _expanded(text.split(" "), _TREES[family], family)
    return " ".join(_whole(words) if family == "sros" else words)


def _whole(words: list[str]) -> list[str]:
    """A line of the model-driven command line of SR OS as it would stand at its root: `delete configure log log-id 10`.

    What is deleted may stand in front of the path or in it, the path with or without its `/`, names with or without
    quotes; classic lines (`no`, `shutdown`) stay.
    """
    if "configure" not in (bare := [word.lstrip("/") for word in words[:2]]):
        return words
    said = [*bare, *words[2:]]
    quoted = next((place for place, word in enumerate(said) if word.count('"') == 1), len(said))
    said[:quoted] = [word.strip('"') or word for word in said[:quoted]]
    if "delete" in said[:quoted]:
        said.remove("delete")
        said.insert(0, "delete")
    return said


def _unwrapped(text: str) -> str:
    before = None
    while before != text:
        before, text = text, _WRAPPED.sub("", text.strip())
    return text


def _bare(text: str, family: str) -> str:
    """The command without prompts and without words that only say which mode it is for."""
    prompt, leaders = _PROMPTS.get(family), _LEADERS.get(family, ())
    while True:
        before = text
        if prompt and (found := prompt.match(text)):
            text = text[found.end() :]
        for leader in leaders:
            if text[: len(leader) + 1] == f"{leader} " and text[len(leader) + 1 :].strip():
                text = text[len(leader) + 1 :].lstrip()
        if family == "sros" and text[:1] == "/" and text.strip("/"):
            text = text.lstrip("/").lstrip()
        text = _unwrapped(text)
        if text == before:
            return text


def _expanded(words: list[str], tree: Tree, family: str) -> list[str]:
    """The words, each written out as far as the grammar knows its place; behind a `|` it begins anew."""
    done: list[str] = []
    here: Tree | None = tree
    aliases = _ALIASES.get(family, {})
    pipe = tree.get("PIPE", {})
    for place, word in enumerate(words):
        if word == "|":
            here = pipe
            done.append(word)
            continue
        if here is None:
            done.append(word)
            continue
        following = words[place + 1] if place + 1 < len(words) else None
        full = aliases.get(word, word) if here is tree else _PIPES.get(word, word) if here is pipe else word
        if full not in here:
            full = _completed(full, here, following)
        done.append(full)
        here = tree if full in _NEGATIONS and place == 0 else here.get(full, here.get("*"))
    return done


_PIPES: Final = {
    "e": "exclude",
    "ex": "exclude",
    "exc": "exclude",
}  # what everybody types, though `egrep` begins so too


def _completed(word: str, here: Tree, following: str | None) -> str:
    """The one known word that begins so, else the word itself. Addresses, numbers and names stay.

    Of several, the one that the next word is known to follow; a next word of one letter says too little.
    """
    fits = _fitting(word, here)
    if len(fits) > 1 and following and len(following) > 1:
        fits = [known for known in fits if following in here[known] or _fitting(following, here[known])]
    return fits[0] if len(fits) == 1 else word


def _fitting(word: str, here: Tree) -> list[str]:
    if not word or not word[0].isalpha():
        return []
    stem, colon = word.removesuffix(":"), word[-1] == ":"  # `bootf:` is a file system, cut short before its colon
    return [
        known for known in here if known.startswith(stem) and known != "PIPE" and (not colon or known.endswith(":"))
    ]
