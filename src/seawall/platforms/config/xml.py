"""PAN-OS configurations as the device exports them: XML, read into the same paths as its `set` lines.

`<entry name="x">` is the word `x`, `<member>x</member>` the value `x`. Read by tags, never by an XML parser: no entity
is looked up, nothing is loaded, text that is cut off in the middle is read as far as it goes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from seawall.platforms.config.paths import MAX_WORDS, PathBuilder
from seawall.platforms.config.secrets import Secret, masked, secret_of
from seawall.platforms.config.statement import Node, WordStatement
from seawall.platforms.config_tree import ConfigLine
from seawall.platforms.masking import MASK

_ROOT: Final = re.compile(r"(?:<\?xml[^>]{0,200}>\s*)?(?:<response[^>]{0,200}>\s*<result[^>]{0,200}>\s*)?<config[\s>]")
_TAG: Final = re.compile(
    r"<(?P<end>/?)(?P<tag>[A-Za-z][\w.:-]{0,80})(?P<attributes>[^<>]{0,2000}?)(?P<alone>/?)>|<[?!][^<>]{0,4000}>"
)
_NAME: Final = re.compile(r"\sname=(?:\"([^\"]{0,500})\"|'([^']{0,500})')")
_SECRET: Final = re.compile(
    r"(?:.*(?:passw|phash|passphrase|secret|psk|pwd|community|private-key|pre-shared|-hash).*|key|md5|authentication-key)",
    re.I,
)
_SECRETS: Final = re.compile(r"<([\w.:-]{1,80})>([^<>]{1,20000})(?=</|$)")


def is_xml(lines: Sequence[str]) -> bool:
    """Whether these are the lines of a PAN-OS configuration in XML."""
    head = " ".join(line.strip() for line in lines[:8])[:2_000]
    return head.startswith("<") and _ROOT.match(head) is not None


def shown(line: str) -> str:
    """A line of XML, secrets masked."""
    return masked(_SECRETS.sub(lambda at: f"<{at[1]}>{MASK}" if _SECRET.fullmatch(at[1]) else at[0], line))[0]


def build(top: Node, lines: Sequence[str]) -> int:
    """Statements of the elements; gives how many were left open (below 0: closed too often)."""
    builder = PathBuilder(top)
    stack: list[tuple[str, WordStatement | None]] = []
    deeper = lost = 0
    said = ""
    for number, line in enumerate(lines, 1):
        at = 0
        for found in _TAG.finditer(line):
            said = (said + line[at : found.start()])[:20_000]
            at = found.end()
            tag = found["tag"]
            if tag is None:
                continue
            if found["end"]:
                if deeper:
                    deeper -= 1
                elif not stack:
                    lost += 1
                else:
                    _value(builder, *stack.pop(), said, number)
            elif len(stack) >= MAX_WORDS:
                deeper += not found["alone"]
            else:
                above = stack[-1][1] if stack else None
                one = _opened(builder, above, tag, found["attributes"], number)
                if not found["alone"]:
                    stack.append((tag, one))
            said = ""
        said = (said + line[at:])[:20_000]
    return len(stack) + deeper - lost


_TRANSPARENT: Final = frozenset(("response", "result", "config", "member"))


def _opened(
    builder: PathBuilder, above: WordStatement | None, tag: str, attributes: str, number: int
) -> WordStatement | None:
    if tag in _TRANSPARENT or (tag == "devices" and above is None):
        return above
    name = _NAME.search(attributes)
    word = html.unescape(name[1] or name[2] or "") if tag == "entry" and name else tag
    if tag == "entry" and above is None:  # of `<devices>`: the device itself
        return None
    return builder.put(above, [word or tag], ConfigLine(number, 0, (), word or tag))


def _value(builder: PathBuilder, tag: str, one: WordStatement | None, said: str, number: int) -> None:
    text = html.unescape(said.strip())
    if not text or one is None:
        return
    secrets: tuple[Secret, ...] = ()
    if _SECRET.fullmatch(tag) or _SECRET.fullmatch(one.words[0]):
        text, secrets = MASK, (secret_of(text),)
    else:
        text, secrets = masked(text[:2_000])
    leaf = builder.put(one, [text], ConfigLine(number, 0, (), f"{one.words[0]} {text}"))
    if leaf is not None:
        leaf.secrets = secrets
