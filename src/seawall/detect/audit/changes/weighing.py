"""What an effect is worth seeing who made it, when, and what else was changed with it.

A window counts for what it is worth: by its time alone a step less, with its account or ticket confirmed down to low;
and what opens a device to the world is excused by nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.telling import said_itself, span
from seawall.detect.audit.changes.things import Effect
from seawall.model.finding import UNTIMED
from seawall.model.severity import Severity
from seawall.model.site import ChangeWindow, Site

_QUIET: Final = frozenset({"logging", "accounting"})
_TOGETHER: Final = 3  # high effects in one change that are critical together


def weighed(effects: Sequence[Effect], difference: Difference) -> list[Effect]:
    """Effects with what windows take off and what company adds."""
    found = [_in_window(effect, difference) for effect in effects]
    blind = [e for e in found if e.rule.effect in _QUIET and e.severity >= Severity.HIGH]
    if blind:
        found = [_raised(e, "logging was cut in the same change") if e not in blind else e for e in found]
    high = [e for e in found if e.severity is Severity.HIGH]
    if len(high) >= _TOGETHER and not any(e.severity is Severity.CRITICAL for e in found):
        found = [_raised(e, f"{len(high)} such effects in one change") if e in high else e for e in found]
    return sorted(found, key=lambda e: (-e.severity, e.key))


def _raised(effect: Effect, why: str) -> Effect:
    if effect.severity < Severity.MEDIUM or effect.severity is Severity.CRITICAL:
        return effect
    return replace(effect, severity=Severity(effect.severity + 1), terms=(*effect.terms, why))


def _in_window(effect: Effect, difference: Difference) -> Effect:
    window = window_of(difference)
    if window is None or effect.severity < Severity.MEDIUM:
        return effect
    ticket = f"{window.ticket} " if window.ticket else ""
    if not effect.rule.excusable or _opens_to_all(effect):
        return replace(effect, terms=(*effect.terms, f"window {ticket}does not excuse this"))
    if confirmed := _confirmed(window, effect, difference):
        return replace(effect, severity=Severity.LOW, terms=(*effect.terms, f"window {ticket}and {confirmed}"))
    term = f"in window {ticket}by its time alone"
    return replace(effect, severity=Severity(effect.severity - 1), terms=(*effect.terms, term))


def _opens_to_all(effect: Effect) -> bool:
    return effect.rule.when == "reach" and effect.object.endswith(" from anywhere")


def window_of(difference: Difference) -> ChangeWindow | None:
    """The change window a change lies in; of several, one that names the device."""
    first, last = span(difference)
    if last == UNTIMED:
        return None
    site: Site = difference.after.device.site
    exact = said_itself(difference.before, difference.after)
    fits = [
        w
        for w in site.change_windows
        if (not w.devices or difference.after.name in w.devices)
        and (w.start <= last <= w.end if exact else w.start <= last and first <= w.end)
    ]
    return min(fits, key=lambda w: not w.devices, default=None)


def _confirmed(window: ChangeWindow, effect: Effect, difference: Difference) -> str:
    """What shows that the change is the one announced; empty if nothing does."""
    after = difference.after
    said = " ".join(line.path for line in effect.added)
    message = after.committed.message if after.committed else ""
    if window.ticket and window.ticket.lower() in f"{said} {message}".lower():
        return "its ticket is named"
    authors = {a.lower() for a in (after.by, after.committed.author if after.committed else "") if a}
    if authors & {a.lower() for a in window.accounts}:
        return "its account made the last change"
    people = {p.account.lower() for p in after.device.site.people}
    if not window.accounts and authors & people and said_itself(difference.before, after):
        return "a known account made the last change in it"
    return ""
