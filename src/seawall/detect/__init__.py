"""Questions put to events: Sigma rules, analytics over time, known-bad indicators.

`rules.load` reads rules, `run` asks everything of a lake, `glance` what just came, `coverage` says what could have been
seen, `catalogue` lists every detector.
"""

from __future__ import annotations

from seawall.detect import analytics, chains, rules
from seawall.detect.base import About
from seawall.detect.indicators import matching
from seawall.detect.runner import Judged, glance, run, steps
from seawall.detect.visibility import coverage, undetected

__all__ = ["Judged", "catalogue", "coverage", "glance", "rules", "run", "steps", "undetected"]


def catalogue(ruleset: rules.RuleSet) -> tuple[About, ...]:
    """Everything that may make a finding: the rules given, every analytic, every chain, every indicator detector."""
    indicator_detectors = {about.id: about for about in matching.ABOUT.values()}
    return (
        *ruleset.about(),
        *(analytic.about for analytic in analytics.ALL),
        *(chain.about for chain in chains.ALL),
        *indicator_detectors.values(),
    )
