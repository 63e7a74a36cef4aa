"""Configuration and `show` text of any router as paths: the words above a line, then the line itself.

Indentation (Cisco, SR OS), braces (Junos, MD-CLI) and full paths (`set …`, `/configure …`) come out alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

MAX_DEPTH: Final = 40
_PROMPT: Final = re.compile(
    r"^(?:RP/\S+:)?(?:[AB]:)?(?P<host>[\w.\-]+?)(?:@[\w.\-]+)?(?:\([\w\-.]+\))?[#>]\s*(?P<rest>.*)$"
)
_HOSTNAME: Final = (
    re.compile(r"^\s*(?:set system )?host-?name\s+\"?([\w.\-]+)", re.I),
    re.compile(r"^\s*sysname\s+\"?([\w.\-]+)", re.I),
    re.compile(r"^\s*(?:/configure )?system name \"?([\w.\-]+)", re.I),
    re.compile(r"^\s*name \"([\w.\-]+)\"\s*$"),
)


def host_of(lines: Iterable[str]) -> str:
    """The name a configuration or a prompt gives its router; empty where none does."""
    prompt = ""
    for number, line in enumerate(lines):
        for form in _HOSTNAME:
            if found := form.match(line):
                return found[1].rstrip(";")
        if (
            not prompt
            and (found := _PROMPT.match(line))
            and found["rest"].split(" ")[0] in ("show", "sh", "display", "admin")
        ):
            prompt = found["host"]
        if number > 50_000:
            break
    return prompt


def paths_of(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Number and path of each line that says something."""
    stack: list[tuple[int, str]] = []
    braces: list[str] = []
    for number, raw in lines:
        line = raw.rstrip()
        bare = line.strip()
        if not bare or bare[0] in "!#" or bare in ("exit", "exit all", "end", "quit", "root"):
            continue
        if bare.startswith("set "):
            yield number, (bare[4:],)
            continue
        if bare.startswith("/"):
            yield number, (bare[1:].removeprefix("configure "),)
            continue
        if bare.endswith("{") or braces or bare in ("}", "};"):
            if bare in ("}", "};"):
                braces[-1:] = []
            elif bare.endswith("{"):
                braces.append(bare[:-1].strip())
                del braces[MAX_DEPTH:]
                yield number, tuple(braces)
            else:
                yield number, (*braces, bare.rstrip(";"))
            continue
        indent = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        del stack[MAX_DEPTH:]
        yield number, (*(text for _, text in stack), bare)
        stack.append((indent, bare))
