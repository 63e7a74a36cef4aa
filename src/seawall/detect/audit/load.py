"""Reads checks from YAML: one family a file, one check an entry, platforms below `platforms`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from seawall.detect.audit.base import PLATFORMS, Check, Rule
from seawall.errors import RuleError
from seawall.model.audit import Status
from seawall.model.severity import Severity

FOLDER: Final = Path(__file__).parents[2] / "content" / "checks"
_PATTERNS: Final = {"when", "where", "fail", "skip", "need", "count", "acl", "address", "unless", "doubt"}
_TEXTS: Final = {"known", "say", "note", "call"}
_LISTS: Final = {"mend", "bad", "good"}
_STATES: Final = {"otherwise", "none", "absent"}
_OTHERS: Final = {"each", "pass", "least", "args", "severity", "like", "secrets"}
_CHECK: Final = {"title", "severity", "why", "refs", "risk", "platforms"}


@cache
def builtin() -> tuple[Check, ...]:
    """The checks that come with Seawall, in the order of their ids."""
    return load(sorted(FOLDER.glob("*.yml")))


def load(files: Iterable[Path]) -> tuple[Check, ...]:
    """Checks from YAML files.

    Raises:
        RuleError: a file is no YAML, or a check says something nobody reads.
    """
    checks: dict[str, Check] = {}
    for path in files:
        try:
            with path.open(encoding="utf-8") as stream:
                held = yaml.load(stream, _LOADER)  # noqa: S506 - the safe loader, in C
        except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            raise RuleError(" ".join(str(error).split()), where=str(path), mend="mend the YAML") from error
        for name, raw in held.items():
            if name in checks:
                raise RuleError("this id is taken", where=f"{path.name}: {name}", mend="give it another id")
            checks[name] = _check(name, raw, f"{path.name}: {name}")
    return tuple(checks[name] for name in sorted(checks, key=_order))


_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FAMILIES: Final = ("MGT", "CRD", "AAA", "SNM", "LOG", "SVC", "INT", "CPP", "BGP", "IGP", "CRY", "LI", "IMG", "FW")


def _order(name: str) -> tuple[int, str]:
    family = name.partition("-")[0]
    return (_FAMILIES.index(family) if family in _FAMILIES else len(_FAMILIES), name)


def _check(name: str, raw: Mapping[str, Any], where: str) -> Check:
    _refuse_unknown(raw.keys() - _CHECK, where, sorted(_CHECK))
    rules: dict[str, Rule] = {}
    held = {one.strip(): rule for names, rule in raw["platforms"].items() for one in names.split(",")}
    for platform, rule in held.items():
        if platform not in PLATFORMS:
            raise RuleError(f"no platform is called {platform!r}", where=where, mend=f"one of {', '.join(PLATFORMS)}")
        base = held[rule["like"]] if "like" in rule else {}
        rules[platform] = _rule({**base, **rule}, f"{where} on {platform}")
    return Check(
        name,
        raw["title"],
        Severity.from_word(raw["severity"]),
        " ".join(raw["why"].split()),
        tuple(raw.get("refs", ())),
        raw.get("risk", ""),
        rules,
    )


def _rule(raw: Mapping[str, Any], where: str) -> Rule:
    _refuse_unknown(raw.keys() - _PATTERNS - _TEXTS - _LISTS - _STATES - _OTHERS, where, sorted(_PATTERNS))
    given: dict[str, Any] = {key: raw[key] for key in _TEXTS & raw.keys()}
    given |= {key: tuple(_pattern(one, where) for one in _many(raw[key])) for key in _PATTERNS & raw.keys()}
    given |= {key: tuple(_many(raw[key])) for key in _LISTS & raw.keys()}
    given |= {key: Status(raw[key]) for key in _STATES & raw.keys()}
    if "each" in raw:
        each = raw["each"]
        given["each"] = each[1:] if each.startswith("@") else _pattern(each, where)
    if "pass" in raw:
        given["passes"] = tuple(_pattern(one, where) for one in _many(raw["pass"]))
    given |= {key: raw[key] for key in ("least", "args", "secrets") if key in raw}
    if "severity" in raw:
        given["severity"] = Severity.from_word(raw["severity"])
    return Rule(**given)


def _many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@cache
def _compiled(text: str) -> re.Pattern[str]:
    return re.compile(rf"{text}(?!\S)", re.IGNORECASE)


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return _compiled(text)
    except re.error as error:
        raise RuleError(f"pattern {text!r}: {error}", where=where, mend="mend the regular expression") from error


def _refuse_unknown(words: Iterable[str], where: str, known: list[str]) -> None:
    if words := sorted(words):
        raise RuleError(f"nobody reads {', '.join(words)}", where=where, mend=f"write one of {', '.join(known)}")
