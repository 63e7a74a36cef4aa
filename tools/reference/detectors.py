"""The page about everything that may make a finding, asked from the list of detectors."""

from __future__ import annotations

from collections.abc import Iterable

from seawall.detect import catalogue
from seawall.detect import rules as rulebook
from seawall.detect.base import About
from tools.reference.markdown import cell, code, page, table


def write() -> str:
    """Built-in rules, analytics and indicator detectors, with what each needs to see."""
    ruleset = rulebook.load()
    rules = sorted(ruleset.about(), key=lambda about: (about.tags, about.title, about.id))
    ids = {about.id for about in rules}
    others = [about for about in catalogue(ruleset) if about.id not in ids]
    intro = (
        f"Sigma rules that come with Seawall: {len(rules)}. Analytics over time and indicator detectors: "
        f"{len(others)}. A finding names its detector by the id below. A device that does not send what a detector "
        "needs could not be seen by it; the setting that would change that stands in the last table."
    )
    return page(
        "Rules and analytics",
        intro,
        "## Sigma rules",
        _detectors(rules),
        "## Analytics and indicators",
        _detectors(others),
        "## What devices must send",
        _settings([*rules, *others]),
    )


def _detectors(abouts: Iterable[About]) -> str:
    rows = [
        (
            cell(about.title),
            about.severity.word,
            cell(", ".join(tag.partition(":")[2] for tag in about.tags if tag.startswith("behaviour:"))),
            cell(", ".join(about.attack)),
            ", ".join(code(view) for view in dict.fromkeys(need.view for need in about.needs)),
            code(about.id),
        )
        for about in abouts
    ]
    return table(("looks for", "severity", "behaviour", "ATT&CK", "reads", "id"), rows)


def _settings(abouts: Iterable[About]) -> str:
    settings: dict[tuple[str, str], int] = {}
    for about in abouts:
        for place in {(need.view, need.setting) for need in about.needs if need.setting}:
            settings[place] = settings.get(place, 0) + 1
    rows = [(code(view), code(setting), str(count)) for (view, setting), count in sorted(settings.items())]
    return table(("view", "setting", "detectors that need it"), rows)
