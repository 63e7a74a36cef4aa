"""Statements of configurations whose lines are statements: the IOS family, ASA, EOS, VRP, Comware, RouterOS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from seawall.platforms.config.secrets import Veil
from seawall.platforms.config.statement import Node, Statement
from seawall.platforms.config_tree import ConfigLine

_NEGATING: Final = frozenset(("no", "undo"))
_BODIES: Final = 500  # lines of one banner or certificate that are kept
_OPENS: Final = re.compile(r"\^C|\\003|\x03")


def build(top: Node, lines: Iterable[ConfigLine], platform: str, veil: Veil) -> None:
    """Statements for lines that know how deep they stand; text of banners and certificates goes to `body`."""
    stack: list[Statement] = []  # the last statement of each depth
    slashed = platform == "routeros"
    for line in lines:
        if line.body:
            if stack and line.depth and len(stack) >= line.depth and not _is_comment(line.text):
                owner = stack[line.depth - 1]
                if len(owner.body) < _BODIES:
                    owner.body = (*owner.body, veil(line.number, line.text)[0])
            continue
        depth = min(line.depth, len(stack))
        if slashed:
            depth = 0 if line.text.startswith("/") else min(1, len(stack))
        del stack[depth:]
        text, secrets = veil(line.number, line.text)
        one = _statement(text, line.number, stack[-1] if stack else None)
        one.secrets = secrets
        (stack[-1] if stack else top).children.append(one)
        stack.append(one)
    _merge(top)


def _is_comment(text: str) -> bool:
    return text[0] in "!#"


def _statement(text: str, number: int, parent: Statement | None) -> Statement:
    words = tuple(text.removeprefix("/").split())
    negated = len(words) > 1 and words[0] in _NEGATING
    one = Statement(words[1:] if negated else words, text, number, parent)
    one.negated = negated
    return one


def _merge(top: Node) -> None:
    """Sections that are written more than once (NX-OS prints some twice) become one, where the first stands."""
    stack: list[Node] = [top]
    while stack:
        node = stack.pop()
        first: dict[tuple[str, ...], Statement] = {}
        again: set[int] = set()
        for child in node.children:
            if not child.children or child.negated:
                continue
            if (before := first.setdefault(child.key, child)) is not child:
                for below in child.children:
                    below.parent = before
                before.children.extend(child.children)
                again.add(id(child))
        if again:
            node.children = [child for child in node.children if id(child) not in again]
        stack.extend(child for child in node.children if child.children)
