"""Effects as data: what a changed line does, by platform; read from `content/changes`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from seawall.detect import vocabulary
from seawall.detect.audit.base import FALLBACK, PLATFORMS
from seawall.errors import RuleError
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.severity import Severity

FOLDER: Final = Path(__file__).parents[3] / "content" / "changes"
WHEN: Final = ("added", "removed", "targets", "methods", "levels", "tunnels", "reach", "filters")
_KEYS: Final = frozenset(
    ["effect", "title", "when", "severity", "inside", "added", "replaced", "gone", "last", "known", "behaviours", "why",
     "why-gone", "excusable", "unless-gone", "platforms"]
)  # fmt: skip
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One effect a change may have."""

    id: str
    effect: str  # the detector is `change.<effect>`
    title: str
    when: str  # one of WHEN
    severity: Severity
    why: str  # sentence with `{n}`, `{a}`, `{line}` …
    patterns: Mapping[str, tuple[re.Pattern[str], ...]]  # by platform
    behaviours: tuple[str, ...] = ()
    known: str = ""  # keys of the site file, joined by `+`, that list what is meant to be there
    why_gone: str = ""
    inside: Severity | None = None  # worth where the address is a private one no list decides about
    added: Severity | None = None  # worth where a target is added and none taken away
    replaced: Severity | None = None  # worth where a private one takes the place of another
    gone: Severity = Severity.LOW  # worth of a target taken away while others stay
    last: Severity = Severity.LOW  # worth of the last target taken away
    excusable: bool = True  # whether an announced window makes it less
    unless_gone: bool = False  # nothing, if the object it was about is gone as well

    def on(self, platform: str) -> tuple[re.Pattern[str], ...]:
        """The patterns of a platform, or of the one it stems from."""
        return self.patterns.get(platform) or self.patterns.get(FALLBACK.get(platform, ""), ())

    @property
    def attack(self) -> tuple[str, ...]:
        """ATT&CK techniques of its behaviours, in the version printed everywhere."""
        return tuple(dict.fromkeys(vocabulary.versioned(BEHAVIOURS[one].technique) for one in self.behaviours))


@cache
def builtin() -> tuple[Rule, ...]:
    """The effects that come with Seawall, file by file in their order."""
    return load(sorted(FOLDER.glob("*.yml")))


def load(files: Iterable[Path]) -> tuple[Rule, ...]:
    """Effects from YAML files.

    Raises:
        RuleError: a file is no YAML, or an effect says something nobody reads.
    """
    rules: list[Rule] = []
    for path in files:
        try:
            held = yaml.load(path.read_text(encoding="utf-8"), _LOADER)  # noqa: S506 - the safe loader, in C
        except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            raise RuleError(" ".join(str(error).split()), where=str(path), mend="mend the YAML") from error
        rules += [_rule(name, raw, f"{path.name}: {name}") for name, raw in held.items()]
    return tuple(rules)


def _rule(name: str, raw: Mapping[str, Any], where: str) -> Rule:
    if strange := sorted(raw.keys() - _KEYS):
        raise RuleError(
            f"nobody reads {', '.join(strange)}", where=where, mend=f"write one of {', '.join(sorted(_KEYS))}"
        )
    if raw["when"] not in WHEN:
        raise RuleError(f"no change is called {raw['when']!r}", where=where, mend=f"write one of {', '.join(WHEN)}")
    if unknown := [one for one in raw.get("behaviours", ()) if one not in BEHAVIOURS]:
        raise RuleError(f"no behaviour is called {unknown[0]}", where=where, mend="see docs/behaviours.md")
    patterns: dict[str, tuple[re.Pattern[str], ...]] = {}
    for names, texts in raw["platforms"].items():
        for platform in (one.strip() for one in names.split(",")):
            if platform not in PLATFORMS:
                raise RuleError(
                    f"no platform is called {platform!r}", where=where, mend=f"one of {', '.join(PLATFORMS)}"
                )
            patterns[platform] = tuple(_pattern(one, where) for one in (texts if isinstance(texts, list) else [texts]))
    severities = {
        key: Severity.from_word(raw[key]) for key in ("inside", "added", "replaced", "gone", "last") if key in raw
    }
    return Rule(
        name,
        raw["effect"],
        raw["title"],
        raw["when"],
        Severity.from_word(raw["severity"]),
        raw["why"],
        patterns,
        tuple(raw.get("behaviours", ())),
        raw.get("known", ""),
        raw.get("why-gone", ""),
        excusable=raw.get("excusable", True),
        unless_gone=raw.get("unless-gone", False),
        **severities,
    )


def _pattern(text: str, where: str) -> re.Pattern[str]:
    try:
        return re.compile(rf"{text}(?!\S)", re.IGNORECASE)
    except re.error as error:
        raise RuleError(f"pattern {text!r}: {error}", where=where, mend="mend the regular expression") from error
