"""Field mappings of the analyst's own: pySigma processing pipelines, applied before our log-source routes.

A pipeline may rename fields, change log sources, add conditions, fill placeholders. It never reaches outside: its
transformations that read files, ask the network or run commands are refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import yaml
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingPipeline
from sigma.processing.transformations.external import ExternalSourceBaseTransformation
from sigma.processing.transformations.meta import NestedProcessingTransformation
from sigma.rule import SigmaRule
from sigma.rule.base import check_alias_expansion

from seawall.detect.sigma import regexes
from seawall.errors import InputError

_MEND = "compare it with the processing pipelines of pySigma's documentation"


@lru_cache(maxsize=8)
def _read(texts: tuple[tuple[str, str], ...]) -> ProcessingPipeline:
    whole = ProcessingPipeline()
    for name, text in texts:
        try:
            check_alias_expansion(yaml.safe_load(text))
            pipeline = ProcessingPipeline.from_yaml(text, policy=regexes.POLICY)
            _keep_inside(pipeline.items)
            whole += pipeline
        except (SigmaError, yaml.YAMLError, RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise InputError(f"no processing pipeline: {str(error)[:300]}", where=name, mend=_MEND) from error
    return whole


def _keep_inside(items: Iterable[Any]) -> None:
    """Refuse what would read files, ask the network or run commands, whatever the environment allows."""
    for item in items:
        step = item.transformation
        if isinstance(step, ExternalSourceBaseTransformation):
            raise ValueError(f"{type(step).__name__} reaches outside; give the values with --values")
        if isinstance(step, NestedProcessingTransformation):
            _keep_inside(step.items)


def check(texts: tuple[tuple[str, str], ...]) -> None:
    """Raise InputError, with the name, if one of the texts is no pipeline."""
    _read(texts)


def apply(texts: tuple[tuple[str, str], ...], rule: SigmaRule) -> SigmaRule:
    """The rule as the pipelines leave it. Raises pySigma's errors for a rule they refuse."""
    if texts:
        _read(texts).apply(rule)
    return rule


def field(texts: tuple[tuple[str, str], ...], name: str, source: dict[str, Any]) -> str:
    """What the pipelines call a field of events of a log source; for fields no condition names (`group-by`)."""
    if not texts:
        return name
    probe = {"title": "field", "logsource": source, "detection": {"s": {name: "x"}, "condition": "s"}}
    rule = apply(texts, SigmaRule.from_dict(probe, policy=regexes.POLICY))
    item: Any = rule.detection.detections["s"].detection_items[0]
    return str(getattr(item, "field", None) or name)
