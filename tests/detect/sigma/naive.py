"""Sigma read word for word: one rule, one event, plain Python, at any cost.

Written from the Sigma specification (2.1): detections as the YAML has them and events as mappings. Shares no code
with the engine it judges, nor with pySigma.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import re
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Event = Mapping[str, Any]
DASHES = "-/\u2013\u2014\u2015"


def selected(selection: Any, event: Event) -> bool:
    """A search identifier: a mapping (all of it), a list of mappings (any), or keywords (any)."""
    if isinstance(selection, Mapping):
        return all(asked(key, value, event) for key, value in selection.items())
    return any(selected(one, event) if isinstance(one, Mapping) else keyword(str(one), event) for one in selection)


def keyword(word: str, event: Event, *, cased: bool = False) -> bool:
    """A word anywhere in the text of the event."""
    return any(wild(f"*{word}*", written(held), cased=cased) for held in event.values() if isinstance(held, str | int))


def asked(key: str, value: Any, event: Event) -> bool:
    """One line of a mapping."""
    field, *modifiers = key.split("|")
    values = value if isinstance(value, list) else [value]
    answers = [one_value(field, modifiers, one, event) for one in values]
    return (all(answers) if "all" in modifiers else any(answers)) != ("neq" in modifiers)


def one_value(field: str, modifiers: list[str], value: Any, event: Event) -> bool:
    """One value of one field."""
    cased = "cased" in modifiers
    if field == "":
        word = str(value)
        return any(
            re.search(word, written(held)) is not None if "re" in modifiers else keyword(word, {"x": held}, cased=cased)
            for held in event.values()
            if isinstance(held, str | int)
        )
    held = event.get(field)
    if "exists" in modifiers:
        return (held is not None) == value
    if value is None:
        return held is None
    if held is None:
        return False
    text = written(held)
    if "fieldref" in modifiers:
        other = event.get(value)
        return other is not None and placed(modifiers, text.lower(), written(other).lower())
    if "re" in modifiers:
        flags = sum(flag for letter, flag in (("i", re.I), ("m", re.M), ("s", re.S)) if letter in modifiers)
        return re.search(value, text, flags) is not None
    if "cidr" in modifiers:
        return inside(text, value)
    compared = next((op for op in ("gt", "gte", "lt", "lte") if op in modifiers), "")
    part = next((unit for unit in ("minute", "hour", "day", "week", "month", "year") if unit in modifiers), "")
    if part or compared:
        return numbered(part, compared, value, text)
    if not isinstance(value, str):
        return text == written(value)
    return any(wild(framed(modifiers, one), text, cased=cased) for one in encoded(modifiers, value))


def written(value: Any) -> str:
    """A value as text: JSON's words for booleans."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def placed(modifiers: list[str], text: str, other: str) -> bool:
    if "contains" in modifiers:
        return other in text
    if "startswith" in modifiers:
        return text.startswith(other)
    return text.endswith(other) if "endswith" in modifiers else text == other


def inside(text: str, network: str) -> bool:
    try:
        return ipaddress.ip_address(text) in ipaddress.ip_network(network)
    except ValueError:
        return False


def numbered(part: str, compared: str, wanted: float, text: str) -> bool:
    try:
        if part:
            moment = datetime.fromisoformat(text)
            moment = moment.astimezone(UTC) if moment.tzinfo else moment
            number = float(moment.isocalendar()[1] if part == "week" else getattr(moment, part))
        else:
            number = float(text)
    except ValueError:
        return False
    return {
        "gt": number > wanted,
        "gte": number >= wanted,
        "lt": number < wanted,
        "lte": number <= wanted,
        "": number == wanted,
    }[compared]


def encoded(modifiers: list[str], value: str) -> list[str]:
    """What the value may look like in the event."""
    if "windash" in modifiers:
        made = [""]
        for at, letter in enumerate(value):
            word_before = at > 0 and (value[at - 1].isalnum() or value[at - 1] == "_")
            word_after = at + 1 < len(value) and (value[at + 1].isalnum() or value[at + 1] == "_")
            either = DASHES if letter in "-/" and not word_before and word_after else letter
            made = [start + one for start in made for one in either]
        return made
    if "base64" not in modifiers and "base64offset" not in modifiers:
        return [value]
    codec = "utf-16be" if "utf16be" in modifiers else "utf-16le" if {"wide", "utf16le"} & set(modifiers) else "utf-8"
    data = plain(value).encode(codec)
    if "base64" in modifiers:
        return [b64encode(data).decode()]
    # Whatever stands before and after: the letters all such texts share.
    found = []
    for before in range(3):
        texts = [b64encode(b * before + data + a * 3).decode() for b in (b"\x00", b"\xff") for a in (b"\x00", b"\xff")]
        at = (before * 8 + 5) // 6
        end = (before + len(data)) * 8 // 6
        found.append(texts[0][at:end])
    return found


def plain(pattern: str) -> str:
    """A value without wildcards, its escapes taken away."""
    return "".join(letter for kind, letter in letters(pattern))


def framed(modifiers: list[str], value: str) -> str:
    before = "*" if {"contains", "endswith"} & set(modifiers) else ""
    after = "*" if {"contains", "startswith"} & set(modifiers) else ""
    return before + value + after


def letters(pattern: str) -> list[tuple[str, str]]:
    """The letters of a value, wildcards told apart: `\\*`, `\\?` and `\\\\` stand for themselves."""
    found = []
    at = 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\" and pattern[at + 1 : at + 2] in ("*", "?", "\\"):
            at += 1
            found.append(("plain", pattern[at]))
        else:
            found.append(("wild" if letter in "*?" else "plain", letter))
        at += 1
    return found


def wild(pattern: str, text: str, *, cased: bool) -> bool:
    """Whether a text is of a pattern: `*` any letters, `?` one."""
    found = letters(pattern)
    if not cased:
        text = text.lower()
        found = [(kind, letter.lower()) for kind, letter in found]
    reach = {0}  # how many letters of the text may be used up
    for kind, letter in found:
        if kind == "wild" and letter == "*":
            reach = set(range(min(reach), len(text) + 1)) if reach else set()
        else:
            reach = {at + 1 for at in reach if at < len(text) and (kind == "wild" or text[at] == letter)}
    return len(text) in reach


def holds(condition: Any, detections: Mapping[str, Any], event: Event) -> bool:
    """A condition, as a tree of tuples."""
    match condition:
        case str():
            return selected(detections[condition], event)
        case ("not", part):
            return not holds(part, detections, event)
        case ("and", left, right):
            return holds(left, detections, event) and holds(right, detections, event)
        case ("or", left, right):
            return holds(left, detections, event) or holds(right, detections, event)
        case ("of", quantity, pattern):
            names = list(detections) if pattern == "them" else fnmatch.filter(detections, pattern)
            answers = [selected(detections[name], event) for name in names]
            return all(answers) if quantity == "all" else any(answers)
    raise AssertionError(condition)


def said(condition: Any) -> str:
    """A condition as a rule writes it."""
    match condition:
        case str():
            return condition
        case ("not", part):
            return f"not ({said(part)})"
        case ("of", quantity, pattern):
            return f"{quantity} of {pattern}"
        case (word, left, right):
            return f"({said(left)}) {word} ({said(right)})"
    raise AssertionError(condition)
