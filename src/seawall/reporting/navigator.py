"""Coverage as an ATT&CK Navigator layer, format 4.5: per technique, how much of it could be observed.

The score of a technique is the share of pairs of device and behaviour that are observable, a partly one counting half,
0 to 100. A technique whose behaviours no detector looks for is left without a score: not assessed is not zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from seawall.model.attack import ATTACK_VERSION
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.coverage import Coverage, Observable
from seawall.reporting.text import and_list, visible

LAYER: Final = "4.5"
NAVIGATOR: Final = "5.1.0"
_WORTH: Final[dict[Observable, float]] = {"observable": 1.0, "partly": 0.5, "not observable": 0.0}
_COLOURS: Final = {"not observable": "#ff6666", "partly": "#ffe766", "observable": "#8ec843"}
_MOST: Final = 12  # devices or behaviours a comment names


def layer(coverage: Iterable[Coverage], *, name: str, facts: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The layer as plain values, ready for JSON. `facts` stand in its metadata, e.g. when it was made."""
    by_technique: dict[str, list[Coverage]] = {}
    for entry in coverage:
        behaviour = BEHAVIOURS.get(entry.behaviour)
        if behaviour is not None:
            by_technique.setdefault(behaviour.technique, []).append(entry)
    return {
        "name": visible(name),
        "versions": {"attack": str(ATTACK_VERSION), "navigator": NAVIGATOR, "layer": LAYER},
        "domain": "enterprise-attack",
        "description": "What Seawall could have observed here, by technique. Nothing seen is not nothing there.",
        "sorting": 3,
        "layout": {
            "layout": "side",
            "showID": True,
            "showName": True,
            "showAggregateScores": True,
            "countUnscored": False,
            "aggregateFunction": "average",
            "expandedSubtechniques": "annotated",
        },
        "hideDisabled": False,
        "techniques": [_technique(technique, entries) for technique, entries in sorted(by_technique.items())],
        "gradient": {"colors": list(_COLOURS.values()), "minValue": 0, "maxValue": 100},
        "legendItems": [{"label": word, "color": colour} for word, colour in _COLOURS.items()],
        "metadata": [{"name": key, "value": visible(value)} for key, value in (facts or {}).items() if value],
        "links": [],
    }


def _technique(technique: str, entries: list[Coverage]) -> dict[str, Any]:
    looked_for = [entry for entry in entries if entry.looked_for]
    behaviours = sorted({entry.behaviour for entry in entries})
    counts = Counter(entry.observable for entry in looked_for)
    blind = sorted({entry.device for entry in looked_for if entry.observable == "not observable"})
    told = [f"{counts[word]:,} {word}" for word in _WORTH if counts[word]] or ["no detector looks for it"]
    where = f"; not on {and_list(blind, _MOST)}" if blind else ""
    made: dict[str, Any] = {
        "techniqueID": technique,
        "color": "",
        "comment": visible(f"{', '.join(told)} (pairs of device and behaviour){where}"),
        "enabled": True,
        "metadata": [{"name": "behaviour", "value": f"{key} {BEHAVIOURS[key].name}"} for key in behaviours[:_MOST]],
        "links": [],
        "showSubtechniques": False,
    }
    if looked_for:
        made["score"] = round(100 * sum(_WORTH[entry.observable] for entry in looked_for) / len(looked_for))
    return made
