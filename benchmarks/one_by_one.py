"""A naive peer: every rule asked of every event, one after another, as the usual Python engines do it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from seawall.detect.sigma.batches import BOOKKEEPING
from seawall.detect.sigma.folding import fold
from seawall.detect.sigma.plan import ANY_TEXT, And, Atom, Condition, Not, Op, Or, Plan

Event = Mapping[str, str]
PAIRS = {
    Op.SAME: str.__eq__,
    Op.SAME_START: str.startswith,
    Op.SAME_END: str.endswith,
    Op.SAME_INSIDE: str.__contains__,
}
TEXTS = {Op.EQUALS: str.__eq__, Op.STARTS: str.startswith, Op.ENDS: str.endswith, Op.CONTAINS: str.__contains__}


def matches(plan: Plan, events: list[Event]) -> int:
    """How many pairs of rule and event match. Events are texts by field in small letters."""
    found = 0
    for event in events:
        for group in plan.groups:
            if group.guard is None or _holds(group.guard, event):
                found += sum(_holds(condition, event) for _, condition in group.rules)
    return found


def _holds(condition: Condition, event: Event) -> bool:
    match condition:
        case And(parts):
            return all(_holds(part, event) for part in parts)
        case Or(parts):
            return any(_holds(part, event) for part in parts)
        case Not(part):
            return not _holds(part, event)
        case Atom(field=field):
            if field == ANY_TEXT:
                return any(_accepts(condition, text) for name, text in event.items() if name not in BOOKKEEPING)
            text = event.get(field.lower())
            if condition.op in PAIRS:
                other = event.get(condition.value.lower())
                if text is None or other is None:
                    return False
                texts = (text, other) if condition.cased else (fold(text), fold(other))
                return bool(PAIRS[condition.op](*texts))
            return condition.op is Op.ABSENT if text is None else _accepts(condition, text)


def _accepts(atom: Atom, text: str) -> bool:
    if atom.op in TEXTS:
        return bool(TEXTS[atom.op](text, atom.value) if atom.cased else TEXTS[atom.op](fold(text), fold(atom.value)))
    match atom.op:
        case Op.PRESENT:
            return True
        case Op.ABSENT:
            return False
        case Op.REGEX | Op.GLOB:
            return re.search(atom.value, fold(text) if atom.op is Op.GLOB and not atom.cased else text) is not None
        case Op.NUMBER:
            return text == atom.value
        case Op.CIDR:
            try:
                return ipaddress.ip_address(text) in ipaddress.ip_network(atom.value, strict=False)
            except ValueError:
                return False
        case Op.TIME:
            raise NotImplementedError("no public rule for Windows asks for parts of a time")
    try:
        number, bound = float(text), float(atom.value)
    except ValueError:
        return False
    return {Op.GT: number > bound, Op.GTE: number >= bound, Op.LT: number < bound, Op.LTE: number <= bound}[atom.op]
