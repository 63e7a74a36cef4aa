"""A drill's score as an ATT&CK Navigator layer: per technique, the mean of what its stages were found as."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from seawall.drills.run import Drilled
from seawall.drills.verdicts import WORTH, StageVerdict
from seawall.model.attack import ATTACK_VERSION
from seawall.model.behaviours import BEHAVIOURS
from seawall.reporting.navigator import LAYER, NAVIGATOR
from seawall.reporting.text import visible

_COLOURS: Final = {"missed": "#ff6666", "late or in part": "#ffe766", "detected as the technique": "#8ec843"}


def drill_layer(drilled: Drilled) -> dict[str, Any]:
    """The layer as plain values, ready for JSON. A technique no stage could show has no score: not tested is not 0."""
    by_technique: dict[str, list[StageVerdict]] = defaultdict(list)
    for verdict in drilled.verdicts:
        for technique in sorted({BEHAVIOURS[b].technique for b in verdict.behaviours}):
            by_technique[technique].append(verdict)
    return {
        "name": visible(f"Drill of {len(drilled.results)} scenarios, seed {drilled.seed}"),
        "versions": {"attack": str(ATTACK_VERSION), "navigator": NAVIGATOR, "layer": LAYER},
        "domain": "enterprise-attack",
        "description": visible(f"What a drill's stages were found as. {drilled.conditions.said}".strip()),
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "showName": True, "showAggregateScores": True,
                   "countUnscored": False, "aggregateFunction": "average", "expandedSubtechniques": "annotated"},
        "hideDisabled": False,
        "techniques": [_technique(technique, found) for technique, found in sorted(by_technique.items())],
        "gradient": {"colors": list(_COLOURS.values()), "minValue": 0, "maxValue": 100},
        "legendItems": [{"label": word, "color": colour} for word, colour in _COLOURS.items()],
        "metadata": [{"name": "seed", "value": str(drilled.seed)}],
        "links": [],
    }  # fmt: skip


def _technique(technique: str, found: list[StageVerdict]) -> dict[str, Any]:
    seen = [v for v in found if v.verdict != "not observable"]
    told = "; ".join(f"{v.scenario} {v.stage}: {v.verdict}" for v in found[:20])
    made: dict[str, Any] = {
        "techniqueID": technique,
        "color": "",
        "comment": visible(told, 2000),
        "enabled": True,
        "metadata": [{"name": "stages", "value": str(len(found))}],
        "links": [],
        "showSubtechniques": False,
    }
    if seen:
        made["score"] = round(100 * sum(_worth(v) for v in seen) / len(seen))
    return made


def _worth(verdict: StageVerdict) -> float:
    if verdict.verdict == "missed":
        return 0.0
    return WORTH.get(verdict.category, 0.0) * (0.5 if verdict.verdict == "late" else 1.0)
