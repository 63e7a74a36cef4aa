"""A device configuration as lines that know which lines they stand under.

Three styles cover the platforms: indented (IOS, IOS XE, IOS XR, NX-OS, EOS, ASA, VRP, SR OS …), braces (Junos,
PAN-OS, SR OS MD-CLI) and `set` lines. Banners, certificates and keys are kept as lines, but open no sections.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.platforms.config_styles import Guess
from seawall.platforms.masking import MASK

MAX_DEPTH: Final = 64
MAX_SECTION_CHARS: Final = 2_000
_MAX_BANNER_LINES: Final = 500
_MAX_QUOTED_LINES: Final = 5_000  # web pages in FortiOS
_MAX_ENDS: Final = 256  # ends of bodies that were looked for in vain, before we stop looking
_MAY_OPEN: Final = frozenset("bBhHcCsSkKpPaA-!")
_EOS_SCRIPT: Final = re.compile(r"(?:action bash|script)\s*$", re.I)
_BANNER: Final = re.compile(
    r"\s*(?:banner\s+\S+|header\s+\S+(?:\s+information)?|menu\s+\S+\s+title)\s+(\^C|\\003|\x03|\S)(.*)$", re.I
)
_EOS_BANNER: Final = re.compile(r"\s*banner\s+(?:login|motd)\s*$", re.I)
_CERTIFICATE: Final = re.compile(r"\s*(?:certificate|ssl certificate|crypto ca certificate|key-string)\b", re.I)
_HEX: Final = re.compile(r"\s*(?:[0-9A-Fa-f]{2,8}\s*)+$")
_PEM: Final = re.compile(r"-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----")
_HOSTNAMES: Final = tuple(
    re.compile(text)
    for text in (
        r"(?:hostname|switchname|sysname)\s+\"?([^\s\";]{1,255})",
        r"set system host-name\s+\"?([^\s\";]{1,255})",
        r"set deviceconfig system hostname\s+\"?([^\s\";]{1,255})",
        r"\s*(?:host-name|hostname)\s+\"?([^\s\";*]{1,255})\"?;",
        r"\s*set hostname\s+\"?([^\s\"]{1,255})",
        r"/system identity set name=\"?([^\s\"]{1,255})",
    )
)
_SROS_NAME: Final = re.compile(r"\s+name\s+\"([^\"]{1,255})\"")


@dataclass(frozen=True, slots=True)
class ConfigLine:
    """One line, and where it stands."""

    number: int  # in the file, from 1
    depth: int  # 0 = top
    section: tuple[str, ...]  # the lines it stands under, outermost first, without braces
    text: str  # without indent and trailing blanks
    body: bool = False  # inside a banner, certificate or comment: text, not a statement


def hostname_in(lines: Sequence[str], platform: str) -> str | None:
    """The name the device gives itself, as written; None if the configuration does not say."""
    for number, line in enumerate(lines):
        for pattern in _HOSTNAMES:
            if found := pattern.match(line):
                return found[1]
        if platform == "sros" and line.strip() in ("system", "system {"):
            for below in lines[number + 1 : number + 12]:
                if found := _SROS_NAME.match(below):
                    return found[1]
    return None


def tree_of(lines: Sequence[str], guess: Guess) -> Iterator[ConfigLine]:
    """Every non-blank line of a configuration, in order. Raises nothing: odd lines stand where their indent says."""
    if guess.style == "brace":
        yield from _braced(lines)
    elif guess.style == "set":
        yield from _set(lines)
    else:
        yield from _indented(lines, guess.platform)


def _set(lines: Sequence[str]) -> Iterator[ConfigLine]:
    bodies = _Bodies(lines, "")
    inside = 0  # lines of a quoted value still to come
    secret = False  # is it a private key?
    for number, line in enumerate(lines, 1):
        if text := line.strip():
            yield ConfigLine(number, 0, (), MASK if inside and secret else text, bool(inside) or text[0] in "#/")
            if not inside and '"' in text and _odd_quotes(text):
                inside = bodies.quoted(number) + 1
                secret = "PRIVATE KEY" in text
        inside -= inside > 0


def _indented(lines: Sequence[str], platform: str) -> Iterator[ConfigLine]:
    stack: list[tuple[int, tuple[str, ...]]] = []  # open sections: indent, and their names with their own
    bodies = _Bodies(lines, platform)
    sros = platform == "sros"
    index = 0
    while index < len(lines):
        line = lines[index]
        text = line.strip()
        index += 1
        if not text:
            continue
        comment = text[0] in "!#" or (text[0] == ":" and platform == "asa")
        if "\t" in line:
            line = line.expandtabs(8)
        indent = len(line) - len(line.lstrip())
        echo = sros and text.startswith('echo "')
        if not echo and not (sros and comment):  # they stand at the left among what is nested
            while stack and stack[-1][0] >= indent:
                stack.pop()
        section = stack[-1][1] if stack else ()
        yield ConfigLine(index, len(stack), section, text, comment)
        if comment and text[:5] != "-----":
            continue
        length, secret = bodies.after(index, text)
        for number in range(index + 1, index + length + 1):
            if inner := lines[number - 1].strip():
                yield ConfigLine(number, len(stack) + 1, (*section, text), MASK if secret else inner, True)
        index += length
        if not length and not echo and len(stack) < MAX_DEPTH:
            stack.append((indent, (*section, text)))


class _Bodies:
    """Which lines are the text of a banner, certificate, key or quoted value."""

    def __init__(self, lines: Sequence[str], platform: str) -> None:
        self.lines = lines
        self.platform = platform
        self._without: dict[str, int] = {}  # up to which line an end is known to be missing

    def after(self, start: int, text: str) -> tuple[int, bool]:
        """How many of the lines from `start` belong to what `text` opens; is it secret?"""
        if text[0] not in _MAY_OPEN and self.platform != "fortios":
            return 0, False
        if pem := _PEM.search(text):
            if pem[1] == "BEGIN":
                end = f"-----END {pem[2]}"
                return self._find(start, end, lambda line: end in line), "PRIVATE" in pem[2]
            return 0, False
        if self.platform == "fortios":
            return (self.quoted(start) if text.startswith("set ") and _odd_quotes(text) else 0), False
        if self.platform == "eos" and (_EOS_BANNER.match(text) or _EOS_SCRIPT.match(text)):
            return self._find(start, "EOF", lambda line: line.strip() == "EOF"), False
        if self.platform != "asa" and (banner := _BANNER.match(text)):
            mark, rest = banner[1], banner[2]
            return (0 if mark in rest else self._find(start, mark, lambda line: mark in line)), False
        if text.startswith("public-key-code begin"):
            return self._find(start, text, lambda line: line.strip() == "public-key-code end"), False
        if _CERTIFICATE.match(text) and start < len(self.lines) and _HEX.match(self.lines[start]):
            return self._find(start, "quit", lambda line: line.strip() == "quit"), False
        return 0, False

    def quoted(self, start: int) -> int:
        """How many lines from `start` belong to the quoted value that is open there."""
        return self._find(start, '"', _odd_quotes, _MAX_QUOTED_LINES)

    def _find(self, start: int, end: str, is_end: Callable[[str], bool], most: int = _MAX_BANNER_LINES) -> int:
        """Lines up to and with the one that ends a body; 0 if none does: then there is no body after all."""
        if len(self._without) > _MAX_ENDS:
            return 0
        begin = max(start, self._without.get(end, 0))
        for at in range(begin, min(start + most, len(self.lines))):
            if is_end(self.lines[at]):
                return at + 1 - start
        self._without[end] = start + most
        return 0


def _odd_quotes(line: str) -> bool:
    return '"' in line and (line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 1)


def _braced(lines: Sequence[str]) -> Iterator[ConfigLine]:
    stack: list[str] = []
    in_comment = False
    bodies = _Bodies(lines, "")
    inside = 0  # lines of a quoted value still to come
    secret = ""  # the END line of a private key we are in
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
        if inside:
            inside -= 1
            if text:
                yield ConfigLine(number, len(stack), tuple(stack), text, True)
            if not inside:
                opened, closed = _braces(text.partition('"')[2])
                del stack[max(0, len(stack) - closed + len(opened)) :]
            continue
        if not text:
            continue
        if in_comment or text.startswith(("/*", "#")):
            yield ConfigLine(number, len(stack), tuple(stack), text, body=True)
            in_comment = (in_comment or text.startswith("/*")) and "*/" not in text
            continue
        if secret:
            secret = "" if secret in text else secret
            yield ConfigLine(number, len(stack), tuple(stack), MASK, body=True)
            continue
        if (pem := _PEM.search(text)) and pem[1] == "BEGIN" and "PRIVATE" in pem[2] and "-----END" not in text:
            secret = f"-----END {pem[2]}"
        if '"' in text and _odd_quotes(text) and not secret:
            inside = bodies.quoted(number)
        opened, closed = _braces(text)
        for _ in range(min(closed, len(stack)) if not opened else 0):
            stack.pop()
        yield ConfigLine(number, len(stack), tuple(stack), text)
        for name in opened[: MAX_DEPTH - len(stack)]:
            stack.append(name)
        for _ in range(min(closed, len(stack)) if opened else 0):
            stack.pop()


def _braces(text: str) -> tuple[list[str], int]:
    """What a line opens, by name, and how many sections it closes; braces in quotes and comments do not count."""
    opened: list[str] = []
    closed = 0
    quoted = False
    begin = 0
    for at, char in enumerate(text):
        if char == '"' and text[at - 1 : at] != "\\":
            quoted = not quoted
        elif quoted:
            continue
        elif char == "#" and text[at : at + 2] == "##":
            break
        elif char == "{":
            opened.append(text[begin:at].strip())
            begin = at + 1
        elif char == "}":
            closed += 1
            begin = at + 1
        elif char == ";":
            begin = at + 1
    return opened, closed


def section_path(line: ConfigLine) -> str:
    """A line's section as text: the lines it stands under, joined by ` / `; very long ones keep their inner end."""
    path = " / ".join(line.section)
    return path if len(path) <= MAX_SECTION_CHARS else "…" + path[-MAX_SECTION_CHARS:]
