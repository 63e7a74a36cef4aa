# ruff: noqa: E501 - one pattern is one line
"""Where one device ends and the next begins, in a file that holds several saved one behind another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from seawall.platforms.config_styles import Guess
from seawall.platforms.config_tree import tree_of

MAX_DEVICES: Final = 256  # in one file; what follows stays with the last
_NAME: Final = re.compile(
    r"(?:hostname|switchname|sysname) +\"?(?P<a>[^\s\"]{1,255})\"?\s*$|set system host-name \"?(?P<b>[^\s\";]{1,255})"
    r"|set deviceconfig system hostname \"?(?P<c>[^\s\";]{1,255})|(?: {2,4}|\t)host-name \"?(?P<d>[^\s\";]{1,255})\"?;"
    r"|/system identity set name=\"?(?P<e>[^\s\"]{1,255})|    set hostname \"?(?P<f>[^\s\"]{1,255})"
    r"| {8}name \"(?P<g>[^\"]{1,255})\"| sysname (?P<h>\S{1,255})\s*$"
)
_END: Final = re.compile(r"(?:end|: ?end|return|exit all|# Finished.*)\s*$", re.I)
_BEGIN: Final = re.compile(
    r"Building configuration|Current configuration ?:|version \d|set version |version \"?\d[^;]*;|!+ ?Command: show|! device:"
    r"|: Saved|:? ?(?:ASA|PIX) Version|!! IOS XR|!Software Version|# TiMOS|## Last|#config-version=|[!#]RANCID|# .*by RouterOS"
    r"|configure \{|exit all|config system global|system \{|\S{1,80}[#>] ?sh",
    re.I,
)


def split(lines: Sequence[str]) -> list[slice]:
    """Where each device's lines are; one slice where nothing tells of a second device."""
    names = [(number, name) for number, line in enumerate(lines) if (name := _name(line))]
    if len(names) < 2:
        return [slice(0, len(lines))]
    bodies = _bodies(lines)
    starts = [0]
    before: str | None = None
    at = 0
    for number, name in names:
        if number in bodies or len(starts) >= MAX_DEVICES or not _at_top(lines, number):
            continue
        if before is not None and (begin := _beginning(lines, at, number, same=name == before)):
            starts.append(begin)
        before, at = name, number
    return [slice(start, end) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _name(line: str) -> str | None:
    if line[:1] not in "hs/ \t" or len(line) > 400:
        return None
    found = _NAME.match(line)
    return next((value for value in found.groups() if value), None) if found else None


def _at_top(lines: Sequence[str], number: int) -> bool:
    """Whether an indented name is the device's: directly in `system`, `config system global` or `configure`."""
    line = lines[number]
    if line[:1] not in " \t":
        return True
    if line.startswith(" sysname"):
        return True
    indent = len(line) - len(line.lstrip())
    for above in reversed(lines[max(0, number - 400) : number]):
        if above.strip() and len(above) - len(above.lstrip()) < indent and above.lstrip()[0] not in "#!":
            return re.fullmatch(r"system \{|config system global|    system(?: \{)?", above.rstrip()) is not None
    return False


def _bodies(lines: Sequence[str]) -> set[int]:
    """Lines (from 0) that are text of banners and the like, on any of the platforms the file may hold."""
    found: set[int] = set()
    for platform in ("ios", "eos", "fortios"):
        found |= {line.number - 1 for line in tree_of(lines, Guess(platform, "indent", 0)) if line.body}
    return found


def _beginning(lines: Sequence[str], before: int, number: int, *, same: bool) -> int | None:
    """Where the device that is named in line `number` begins; None if it is the one named in line `before`."""
    for at in range(number - 1, before, -1):
        if _END.match(lines[at]) and not (lines[at].startswith("exit all") and _opens(lines, at, number)):
            return at + 1
    if same:
        return None
    start = number
    for at in range(number - 1, before, -1):
        line = lines[at]
        if _BEGIN.match(line):
            start = at
        elif line.strip() and line.lstrip()[0] not in "!#:" and start - at > _FAR:
            break
    while start - 1 > before and (not lines[start - 1].strip() or lines[start - 1][0] in "!#"):
        start -= 1
    return start


_FAR: Final = 60  # lines between the header and the name of a device


def _opens(lines: Sequence[str], at: int, number: int) -> bool:
    """Whether an `exit all` begins an SR OS configuration rather than ending one."""
    return any(line.startswith("configure") for line in lines[at + 1 : min(at + 12, number)])
