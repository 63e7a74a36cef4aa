"""Statements of configurations that are paths of words: Junos, PAN-OS and SR OS in any style, FortiOS.

Each word is a level, so that braces, indents and `set` lines that say the same make the same tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from seawall.platforms.config.secrets import Secret, Veil
from seawall.platforms.config.statement import Node, Statement, WordStatement
from seawall.platforms.config_tree import ConfigLine

MAX_WORDS: Final = 60  # of one path; what is longer stands in the last as it is
_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|\'[^\']*\'|/\*.*?(?:\*/|$)|##.*$|#.*$|[{};]|[^\s{};"]+')
_WORDS: Final = re.compile(r'"(?:[^"\\]|\\.)*"?|\'[^\']*\'|[^\s"]+')
_KEYED: Final = frozenset(("vprn", "vpls", "epipe", "ies", "apipe", "cpipe", "fpipe", "ipipe"))  # SR OS services
_FLAGS: Final = ("inactive:", "protect:", "replace:", "delete:")


class PathBuilder:
    """Puts paths into a tree."""

    def __init__(self, top: Node) -> None:
        self.top = top
        self._tops: dict[tuple[str, bool], WordStatement] = {}

    def put(
        self, at: WordStatement | None, words: Sequence[str], line: ConfigLine, *, negated: bool = False
    ) -> WordStatement | None:
        """The statement of `words` below `at`, made if it is not there; the last word carries `negated`."""
        shown = line.text
        last = len(words) - 1
        for number, word in enumerate(words):
            at = self._step(at, word, shown, line.number, negated=negated and number == last)
        return at

    def _step(self, at: WordStatement | None, word: str, text: str, number: int, *, negated: bool) -> WordStatement:
        table = self._tops if at is None else at.by_word
        if table is None:
            table = {}
            if at is not None:
                at.by_word = table
        key = (word, negated)
        one = table.get(key)
        if one is None:
            one = table[key] = WordStatement((word,), text, number, at)
            one.negated = negated
            (self.top if at is None else at).children.append(one)
        return one

    def look(self, at: WordStatement | None, words: Sequence[str]) -> WordStatement | None:
        """The statement of `words` below `at`, if there is one."""
        for word in words:
            table = self._tops if at is None else at.by_word
            at = table.get((word, False)) if table else None
            if at is None:
                return None
        return at


def tokens(text: str, *, structure: bool) -> list[str]:
    """The words of a line, quotes taken off; with `structure` also `{`, `}` and `;`, and no comments."""
    if not structure and '"' not in text and "'" not in text:
        return text.split()
    found = (_TOKENS if structure else _WORDS).findall(text)
    if structure:
        found = [word for word in found if not word.startswith(("/*", "#"))]
    return [_bare(word) for word in found]


def _bare(word: str) -> str:
    if word[0] in "\"'" and len(word) > 1 and word[-1] == word[0]:
        return word[1:-1] or '""'
    return word.lstrip('"') or word


def _shown(line: ConfigLine, veil: Veil) -> tuple[ConfigLine, tuple[Secret, ...]]:
    text, secrets = veil(line.number, line.text)
    return (ConfigLine(line.number, line.depth, (), text), secrets) if secrets else (line, secrets)


def _expanded(words: Sequence[str]) -> list[list[str]]:
    """A path that ends in `[ a b ]` is one path for each; also where the list stands in the middle."""
    if "[" not in words:
        return [_bounded(words)]
    begin = words.index("[")
    end = words.index("]") if "]" in words[begin:] else len(words)
    inner = [word for word in words[begin + 1 : end] if word not in "[]"]
    return [_bounded([*words[:begin], word, *words[end + 1 :]]) for word in inner]


def _bounded(words: Sequence[str]) -> list[str]:
    return list(words) if len(words) <= MAX_WORDS else [*words[: MAX_WORDS - 1], " ".join(words[MAX_WORDS - 1 :])]


def _finish(ends: Iterable[WordStatement | None], secrets: tuple[Secret, ...]) -> None:
    if secrets:
        for end in ends:
            if end is not None:
                end.secrets = (*end.secrets, *secrets)


def build_braces(top: Node, lines: Iterable[ConfigLine], veil: Veil) -> int:
    """Statements of `a { b c; }`; gives how many braces were left open (below 0: closed too often)."""
    builder = PathBuilder(top)
    stack: list[WordStatement | None] = []
    said: list[str] = []
    deeper = 0  # braces opened beyond what we follow
    lost = 0
    for raw in lines:
        if raw.body:
            continue
        line, secrets = _shown(raw, veil)
        ends: list[WordStatement | None] = []
        for mark in tokens(line.text, structure=True):
            at = stack[-1] if stack else None
            if mark == "{":
                if len(stack) >= MAX_WORDS:
                    deeper += 1
                else:
                    stack.append(_put(builder, at, said, line, ends))
                said = []
            elif mark == ";":
                _put(builder, at, said, line, ends)
                said = []
            elif mark == "}":
                _put(builder, at, said, line, ends)
                said = []
                if deeper:
                    deeper -= 1
                elif stack:
                    stack.pop()
                else:
                    lost += 1
            elif len(said) < 4_096:
                said.append(mark)
        if (said and "[" not in said) or "]" in said:  # MD-CLI ends statements with the line
            _put(builder, stack[-1] if stack else None, said, line, ends)
            said = []
        _finish(ends, secrets)
    return len(stack) + deeper - lost


def hoist(top: Node) -> None:
    """PAN-OS in braces: what stands under `config` and its one device is what `set` lines begin with."""
    for outer in (("config",), ("devices", "*")):
        whole = [one for one in top.children if (one.key[0],) == outer[:1]]
        if len(whole) == 1:
            below = (
                whole[0].children if len(outer) == 1 else [one for name in whole[0].children for one in name.children]
            )
            for one in below:
                one.parent = None
            top.children = [one for child in top.children for one in (below if child is whole[0] else [child])]


def _put(
    builder: PathBuilder, at: WordStatement | None, said: list[str], line: ConfigLine, ends: list[WordStatement | None]
) -> WordStatement | None:
    flag = ""
    while said and said[0] in _FLAGS:
        flag = said[0] if said[0] in ("inactive:", "delete:") else flag
        said = said[1:]
    end = at
    if said:
        for words in _expanded(said):
            end = builder.put(at, words, line)
            ends.append(end)
            if end is not None and flag:
                end.negated = True
                end.inactive = flag == "inactive:"
    return end


def build_set(top: Node, lines: Iterable[ConfigLine], veil: Veil) -> None:
    """Statements of `set a b c` lines, with `delete`, `deactivate`, `edit`, `top`; in order, so later lines win."""
    builder = PathBuilder(top)
    base: list[str] = []
    for raw in lines:
        if raw.body:
            continue
        line, secrets = _shown(raw, veil)
        word, *words = tokens(line.text, structure=False) or [""]
        if word == "edit":
            base = [*base, *words][:MAX_WORDS]
        elif word in ("top", "exit", "up"):
            base = base[:-1] if word == "up" else []
        elif word == "set" and words:
            _finish([builder.put(None, path, line) for path in _expanded([*base, *words])], secrets)
        elif word in ("deactivate", "activate") and words:
            if end := builder.look(None, _bounded([*base, *words])):
                end.negated = end.inactive = word == "deactivate"
        elif word == "delete" and words:
            _finish([builder.put(None, path, line, negated=True) for path in _expanded([*base, *words])], secrets)
            if end := builder.look(None, _bounded([*base, *words])):
                end.negated = True


def build_indented(top: Node, lines: Iterable[ConfigLine], veil: Veil) -> None:
    """SR OS classic: words as levels, `exit` closes, `no` negates; also `/configure a b c` in one line."""
    builder = PathBuilder(top)
    stack: list[WordStatement | None] = []
    for raw in lines:
        if raw.body:
            continue
        line, secrets = _shown(raw, veil)
        del stack[min(raw.depth, len(stack)) :]
        words = tokens(line.text.removeprefix("/"), structure=False)
        negated = len(words) > 1 and words[0] == "no"
        words = words[1:] if negated else words
        if words and words[0] in ("exit", "echo", "back"):
            stack.append(stack[-1] if stack else None)
            continue
        above = stack[-1] if stack else None
        words = [word for word in words if word != "create"]
        keyed = len(words) > 2 and words[0] in _KEYED
        if keyed:  # `vprn 10 customer 1`: what follows stands under `vprn 10`
            above, words = builder.put(above, words[:2], line, negated=negated), words[2:]
        ends = [builder.put(above, path, line, negated=negated) for path in _expanded(words)]
        end = above if keyed or not ends else ends[-1]
        _finish(ends, secrets)
        stack.append(end)


def build_edits(top: Node, lines: Iterable[ConfigLine], veil: Veil) -> int:
    """FortiOS: `config a b` / `edit c` / `set d e` / `next` / `end`; gives how many sections were left open."""
    builder = PathBuilder(top)
    stack: list[tuple[str, WordStatement | None]] = []
    for raw in lines:
        if raw.body:
            continue
        line, secrets = _shown(raw, veil)
        word, *words = tokens(line.text, structure=False) or [""]
        at = stack[-1][1] if stack else None
        if word in ("config", "edit") and words and len(stack) < MAX_WORDS:
            stack.append((word, builder.put(at, _bounded(words), line)))
        elif word == "next":
            if stack and stack[-1][0] == "edit":
                stack.pop()
        elif word == "end":
            while stack and stack.pop()[0] == "edit":
                pass
        elif word in ("set", "append", "select") and words:
            _finish([builder.put(at, _bounded(words), line)], secrets)
        elif word in ("unset", "delete") and words:
            _finish([builder.put(at, _bounded(words), line, negated=True)], secrets)
    return len(stack)


def word_below(node: Node, word: str) -> WordStatement | None:
    """The statement of one word directly below, if there is one that is not negated."""
    if isinstance(node, WordStatement) and node.by_word is not None:
        return node.by_word.get((word, False))
    return next((one for one in node.children if one.words == (word,) and isinstance(one, WordStatement)), None)


def copied_word(target: Node, one: Statement, origin: int) -> WordStatement:
    """A statement of a group, placed below `target` without what is below it."""
    new = WordStatement(one.words, one.text, one.line, target if isinstance(target, Statement) else None)
    new.secrets, new.inherited_from = one.secrets, origin
    if isinstance(target, WordStatement):
        target.adopt(new)
    else:
        target.children.append(new)
    return new
