"""A policy as it was handed over, made fit to ask: lists of objects, numbers, names; the rest is left out and said.

Families ask a policy a hundred times, each for one field; whether a field has the shape the dictionary gives it is
decided here, once. A policy typed by hand never makes a run fail, and nothing in it is passed over in silence.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

_LABELS: Final = {  # lists of objects, and the field that names an entry
    "admins": "user",
    "on_call": "user",
    "admf": "admfIdentifier",
    "mediation": "id",
    "agencies": "agencyid",
    "delivery_changes": "agencyid",
    "shared_liids": "liid",
    "approved_mirrors": "system",
    "scheduled_audits": "user",
    "maintenance": "system",
}
_NUMBERS: Final = ("clock_skew_s", "status_stuck_h", "emergency_limit_h", "confirmation_limit_h")
_OBJECTS: Final = ("read_limits", "mass_deactivation", "log_max_silence_s")
_NAMES: Final = ("systems", "agencies", "peers", "allowed_requests", "redundant_for")  # lists of names in an entry
_LONGEST: Final = 1e9  # thirty years of seconds: beyond, a number is no threshold


def settled(policy: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The policy with every field of the dictionary in its shape, and what was left out of it, a line each.

    An object of objects is read as a list (its keys name the entries), one object as a list of one, one name as a list
    of one. Fields the dictionary does not know stay as they are.
    """
    made, doubts = dict(policy), list[str]()
    for name, label in _LABELS.items():
        if made.get(name) is not None:
            made[name] = _entries(made[name], name, label, doubts)
    for name in _NUMBERS:
        if made.get(name) is not None and _number(made[name]) is None:
            doubts.append(f"policy: {name} is no number; the default stands")
            del made[name]
    for name in _OBJECTS:
        if made.get(name) is not None and not isinstance(made[name], Mapping):
            doubts.append(f"policy: {name} is no object; the defaults stand")
            del made[name]
    return made, doubts


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and 0 <= number <= _LONGEST else None


def _entries(value: object, name: str, label: str, doubts: list[str]) -> list[dict[str, Any]]:
    if isinstance(value, Mapping):
        keyed = bool(value) and all(isinstance(one, Mapping) for one in value.values())
        value = [{label: key, **one} for key, one in value.items()] if keyed else [value]
    if not isinstance(value, list):
        doubts.append(f"policy: {name} is no list; nothing is known of it")
        return []
    found = [_entry(one) for one in value if isinstance(one, Mapping)]
    if len(found) < len(value):
        doubts.append(f"policy: {len(value) - len(found)} entries of {name} are no objects and count for nothing")
    return found


def _entry(one: Mapping[str, Any]) -> dict[str, Any]:
    entry = dict(one)
    for name in _NAMES:
        if (names := entry.get(name)) is not None:
            several = names if isinstance(names, list) else [names]
            entry[name] = [n for n in several if n is not None and not isinstance(n, dict | list)]
    return entry
