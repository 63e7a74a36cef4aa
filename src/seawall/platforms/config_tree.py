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
_BANNER: Final = re.compile(r"\s*(?:banner\s+\S+|header\s+\S+(?:\s+information)?)\s+(\^C|\\003|\x03|\S)(.*)$", re.I)
_EOS_BANNER: Final = re.compile(r"\s*banner\s+(?:login|motd)\s*$", re.I)
_CERTIFICATE: Final = re.compile(r"\s*(?:certificate|ssl certificate|crypto ca certificate)\b", re.I)
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
        for number, line in enumerate(lines, 1):
            if text := line.strip():
                yield ConfigLine(number, 0, (), text, body=text.startswith(("#", "/*")))
    else:
        yield from _indented(lines, guess.platform)


def _indented(lines: Sequence[str], platform: str) -> Iterator[ConfigLine]:
    stack: list[tuple[int, str]] = []  # open sections: indent and text
    index = 0
    while index < len(lines):
        line = lines[index].expandtabs(8).rstrip()
        text = line.strip()
        index += 1
        if not text:
            continue
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        section = _named(stack)
        comment = text[0] in "!#" or (text[0] == ":" and platform == "asa")
        yield ConfigLine(index, len(stack), section, text, body=comment)
        length, secret = _body_length(lines, index, text, platform)
        for number in range(index + 1, index + length + 1):
            if inner := lines[number - 1].strip():
                yield ConfigLine(number, len(stack) + 1, (*section, text), MASK if secret else inner, body=True)
        index += length
        if not comment and not length and len(stack) < MAX_DEPTH:
            stack.append((indent, text))


def _body_length(lines: Sequence[str], start: int, text: str, platform: str) -> tuple[int, bool]:
    """How many of the lines from `start` belong to the banner, certificate or key that `text` opens; is it secret?"""
    if pem := _PEM.search(text):
        if pem[1] == "BEGIN":
            end = _find(lines, start, lambda line: f"-----END {pem[2]}" in line)
            return end, "PRIVATE" in pem[2]
        return 0, False
    if _EOS_BANNER.match(text) and platform == "eos":
        return _find(lines, start, lambda line: line.strip() == "EOF"), False
    if platform != "asa" and (banner := _BANNER.match(text)):
        mark, rest = banner[1], banner[2]
        return (0 if mark in rest else _find(lines, start, lambda line: mark in line)), False
    if _CERTIFICATE.match(text) and start < len(lines) and _HEX.match(lines[start]):
        return _find(lines, start, lambda line: line.strip() == "quit"), False
    return 0, False


def _find(lines: Sequence[str], start: int, is_end: Callable[[str], bool]) -> int:
    """Lines up to and with the one that ends a body; 0 if none does: then there is no body after all."""
    for count, line in enumerate(lines[start : start + _MAX_BANNER_LINES], 1):
        if is_end(line):
            return count
    return 0


def _named(stack: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in stack)


def _braced(lines: Sequence[str]) -> Iterator[ConfigLine]:
    stack: list[str] = []
    in_comment = False
    secret = ""  # the END line of a private key we are in
    for number, raw in enumerate(lines, 1):
        text = raw.strip()
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
