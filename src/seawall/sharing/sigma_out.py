"""Our detections as Sigma: the rules that found something, as they are, and indicators as rules any tool can run."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Final

from seawall.model.indicator_values import MEDIUM_FROM
from seawall.model.tlp import Light
from seawall.sharing.known import Known

_WHERE: Final = {  # kind → title, log source, field
    "ip": ("address", {"category": "firewall"}, "dst_ip"),
    "domain": ("name", {"category": "dns"}, "query"),
    "url": ("link", {"category": "proxy"}, "c-uri"),
    "hash": ("file", {"category": "process_creation", "product": "windows"}, "Hashes"),
}
_CAUTION: Final = ". An indicator alone is no proof: look first."
_MOST: Final = 5_000  # values in one rule
_NAMESPACE: Final = uuid.UUID("6f0c9a1e-6a53-5d0f-9a7e-4b1f0c2a7d31")


def indicator_rules(known: Sequence[Known], light: Light, day: str) -> list[str]:
    """One rule (YAML) for each kind of indicator that stands and is not disputed. `day`: 2026-11-24."""
    rules = []
    for kind, (title, source, field) in _WHERE.items():
        values = [k.value for k in known if k.kind == kind and k.standing and k.confidence >= MEDIUM_FROM]
        if not values:
            continue
        text = _ends(field, kind)
        lines = [
            f"title: Shared indicators, {title}",
            f"id: {uuid.uuid5(_NAMESPACE, kind + light.word)}",
            "status: experimental",
            f"description: {json.dumps('Shared under ' + light.label + _CAUTION)}",
            "author: Seawall",
            f"date: {day}",
            "tags:",
            f"  - tlp.{light.word.replace('+', '-')}",
            "logsource:",
            *(f"  {name}: {value}" for name, value in source.items()),
            "detection:",
            "  selection:",
            f"    {text}:",
            *(f"      - {json.dumps(_escaped(value))}" for value in values[:_MOST]),
            "  condition: selection",
            "falsepositives:",
            "  - An address or name given on to somebody else",
            "level: medium",
        ]
        rules.append("\n".join(lines) + "\n")
    return rules


def _ends(field: str, kind: str) -> str:
    return {"ip": field, "domain": f"{field}|endswith", "url": f"{field}|contains", "hash": f"{field}|contains"}[kind]


def _escaped(value: str) -> str:
    """A value with Sigma's wildcards taken literally."""
    return value.replace("\\", "\\\\").replace("*", "\\*").replace("?", "\\?")
