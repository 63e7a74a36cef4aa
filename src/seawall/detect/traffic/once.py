"""Flows told once: put together from pieces and doubles where exporters made any, as they stand elsewhere.

Octets are counted twice where two routers tell of one flow; beats need none of this, for they join pieces and doubles
of the few pairs they look at themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

import ibis

LONG: Final = 25  # seconds; active timeouts are longer
_NEEDED: Final[WeakKeyDictionary[Any, bool]] = WeakKeyDictionary()  # a back end is one snapshot


def once(views: Mapping[str, Any]) -> Any:
    """The view `conversations` if exporters cut flows or told them twice, else the view `flows`."""
    flows = views["flows"]
    if "conversations" not in views:
        return flows
    backend = flows._find_backend()
    if backend not in _NEEDED:
        _NEEDED[backend] = _needed(flows)
    return views["conversations"] if _NEEDED[backend] else flows


def _needed(flows: Any) -> bool:
    told = flows.filter(flows.kind == "flow_records")
    seen = told.aggregate(
        tellers=told.exporter.nunique(),
        ways=told.direction.nunique(),
        cut=ibis.ifelse(told.end_reason == "active", 1, 0).max(),
        longest=ibis.ifelse(told.end_reason.isnull(), told.duration.fill_null(0.0), 0.0).max(),
    )
    row = seen.to_pyarrow().to_pylist()[0]
    return row["tellers"] > 1 or row["ways"] > 1 or row["cut"] == 1 or (row["longest"] or 0.0) >= LONG
