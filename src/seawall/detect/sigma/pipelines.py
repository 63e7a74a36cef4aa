"""Field mappings of the analyst's own: pySigma processing pipelines, applied before our log-source routes.

A pipeline may rename fields, change log sources, add conditions, fill placeholders. It never reaches outside: its
transformations that read files, ask the network or run commands are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import yaml
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingPipeline
from sigma.processing.transformations import transformations
from sigma.processing.transformations.external import ExternalSourceBaseTransformation
from sigma.rule import SigmaRule
from sigma.rule.base import check_alias_expansion

from seawall.detect.sigma import regexes
from seawall.errors import InputError

_OUTSIDE: Final = {name for name, kind in transformations.items() if issubclass(kind, ExternalSourceBaseTransformation)}
_MEND: Final = "compare it with the processing pipelines of pySigma's documentation"


@lru_cache(maxsize=8)
def _read(texts: tuple[tuple[str, str], ...]) -> ProcessingPipeline:
    whole = ProcessingPipeline()
    for name, text in texts:
        try:
            held = yaml.safe_load(text)
            check_alias_expansion(held)
            _keep_inside(held)
            whole += ProcessingPipeline.from_yaml(text, policy=regexes.POLICY)
        except (SigmaError, yaml.YAMLError, RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise InputError(f"no processing pipeline: {str(error)[:300]}", where=name, mend=_MEND) from error
    return whole


def _keep_inside(held: Any) -> None:
    """Refuse what would read files, ask the network or run commands, whatever the environment allows."""
    if isinstance(held, dict):
        if held.get("type") in _OUTSIDE:
            raise ValueError(f"{held['type']} reaches outside; give the values with --values")
        _keep_inside(list(held.values()))
    elif isinstance(held, list):
        for one in held:
            _keep_inside(one)


def check(texts: tuple[tuple[str, str], ...]) -> None:
    """Raise InputError, with the name, if one of the texts is no pipeline."""
    _read(texts)


def apply(texts: tuple[tuple[str, str], ...], rule: SigmaRule) -> SigmaRule:
    """The rule as the pipelines leave it. Raises pySigma's errors for a rule they refuse."""
    if texts:
        _read(texts).apply(rule)
    return rule


def field(texts: tuple[tuple[str, str], ...], name: str, source: Mapping[str, str]) -> str:
    """What the pipelines call a field of events of a log source; for fields no condition names (`group-by`)."""
    if not texts:
        return name
    probe = {"title": "field", "logsource": dict(source), "detection": {"s": {name: "x"}, "condition": "s"}}
    rule = apply(texts, SigmaRule.from_dict(probe, policy=regexes.POLICY))
    item: Any = rule.detection.detections["s"].detection_items[0]
    return str(getattr(item, "field", None) or name)
