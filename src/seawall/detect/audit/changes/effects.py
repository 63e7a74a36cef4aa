"""What a difference does: each changed line judged by its effect on an account, a server, a list, a tunnel …"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from seawall.detect.audit.changes import filters, orders, reach, rules, targets, things, tunnels
from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.changes.things import Effect

Judge = Callable[[Rule, Difference], Iterable[Effect]]
_JUDGES: Final[Mapping[str, Judge]] = {
    "added": things.added,
    "removed": things.removed,
    "targets": targets.judge,
    "methods": orders.methods,
    "levels": orders.levels,
    "tunnels": tunnels.judge,
    "reach": reach.judge,
    "filters": filters.judge,
}


def judge(difference: Difference, known: Sequence[Rule] = ()) -> list[Effect]:
    """The effects of a change, each told once, the worst first."""
    told: dict[tuple[str, str], Effect] = {}
    if not difference.size:
        return []
    for rule in known or rules.builtin():
        if not rule.on(difference.after.device.platform):
            continue
        for effect in _JUDGES[rule.when](rule, difference):
            held = told.get(effect.key)
            if held is None:
                told[effect.key] = effect
            else:
                told[effect.key] = _joined(held, effect)
    found = list(told.values())
    new = {e.object for e in found if e.rule.id == "user-added"}
    found = [e for e in found if not (e.object in new and e.rule.effect in ("user-rights", "ssh-key"))]
    return sorted(found, key=lambda e: (-e.severity, e.key))


def _joined(one: Effect, other: Effect) -> Effect:
    """Two rules that say the same of one object: the worse, with the lines of both."""
    first, second = (one, other) if one.severity >= other.severity else (other, one)
    return replace(
        first,
        added=tuple(dict.fromkeys((*first.added, *second.added))),
        removed=tuple(dict.fromkeys((*first.removed, *second.removed))),
    )


__all__ = ["Effect", "judge"]
