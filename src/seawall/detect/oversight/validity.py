"""What an order allows at a moment: which of its extensions decides, until when, to what scope, on which targets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from seawall.detect.oversight.facts import FOREVER, Order, Span, Target, World

Standing = Literal["force", "early", "past", "inactive"]
_PENDING: Final = frozenset(
    {"awaitingapproval", "pending", "draft", "requested", "rejected", "refused", "awaiting", "submitted", "denied"}
)
_ENDED: Final = frozenset(
    {"expired", "superseded", "replaced", "renewed", "extended"}
)  # an end that a later order mends
DEAD: Final = (  # words of an order nobody may act upon
    frozenset(
        {
            "cancelled",
            "canceled",
            "suspended",
            "revoked",
            "withdrawn",
            "terminated",
            "invalid",
            "closed",
            "quashed",
            "stayed",
            "annulled",
            "void",
            "inactive",
            "deactivated",
            "stopped",
            "discontinued",
            "rescinded",
        }
    )
    | _PENDING
)
EMERGENCY: Final = frozenset({"emergencyapproval", "emergency"})


@lru_cache(maxsize=4_096)
def folded(word: str) -> str:
    """A status or scope as it is compared."""
    return re.sub(r"[\W_]+", "", word).lower()


@dataclass(frozen=True, slots=True)
class Judged:
    """An order at a moment."""

    standing: Standing
    start: int  # of the order in force, or of the one that decides
    end: int  # after every extension that joins on; FOREVER where none is said
    status: str  # as written
    scope: str  # IRI, CC, IRIandCC; empty where it is not said


@lru_cache(maxsize=1_024)
def scope_of(raw: str) -> str:
    """`IRIOnly`, `iri`, `HI2`, `metadata`… as IRI, CC or IRIandCC; empty where nobody can say."""
    word = folded(raw)
    if not word:
        return ""
    content = bool(re.search(r"cc|content|hi3|full", word.replace("account", "")))
    signals = bool(re.search(r"iri|meta|hi2|signal|penregister|trap|full|calldata|cdr", word))
    both = word in ("both", "all", "irianddcc", "full")
    return "IRIandCC" if both or (content and signals) else "CC" if content else "IRI" if signals else ""


def at(order: Order, moment: int, skew: int) -> Judged:
    """How the order stands at `moment`, clocks differing by up to `skew`. The last answer is kept with the order."""
    if order.asked is not None and order.asked[0] == (moment, skew):
        kept: Judged = order.asked[1]
        return kept
    made = _judged(order, moment, skew)
    order.asked = ((moment, skew), made)
    return made


def _judged(order: Order, moment: int, skew: int) -> Judged:
    spans = _counting(order)
    first = order.spans[0]
    begun = [s for s in spans if (s.start or 0) <= moment + skew]
    running = [s for s in begun if _end(s) >= moment - skew]
    word = folded(first.status)
    scope = next((s.scope for s in sorted(running, key=lambda s: s.start or 0, reverse=True) if s.scope), first.scope)
    for amendment in sorted(order.amendments, key=lambda a: a.at or 0):
        if amendment.scope and (amendment.at or 0) <= moment + skew:
            scope = amendment.scope
    if running:
        latest = max(running, key=lambda s: (s.start or 0, spans.index(s)))
        status = latest.status or first.status
        own = folded(latest.status) if latest.status else ("" if word in _ENDED and latest is not first else word)
        standing: Standing = "inactive" if own in DEAD or own in _ENDED else "force"
        if own in _ENDED and latest is first:
            standing = "past" if own == "expired" else "inactive"
        return Judged(standing, latest.start or 0, _until(spans, latest), status, scope_of(scope))
    if not begun:
        start = min((s.start or 0 for s in spans), default=0)
        standing = "inactive" if word in DEAD else "early"
        return Judged(standing, start, max((_end(s) for s in spans), default=FOREVER), first.status, scope_of(scope))
    latest = max(begun, key=_end)
    own = folded(latest.status) or word
    standing = "inactive" if own in DEAD - _PENDING and own != "expired" and _end(latest) >= moment - skew else "past"
    return Judged(standing, latest.start or 0, _end(latest), latest.status or first.status, scope_of(scope))


def _end(span: Span) -> int:
    return FOREVER if span.end is None else span.end


def _counting(order: Order) -> list[Span]:
    """The order and those renewals that were granted, whatever one replaces cut off where it begins."""
    granted = [s for s in order.spans[1:] if folded(s.status) not in _PENDING]
    spans = [order.spans[0], *granted]
    for later in granted:
        if not later.replaces:
            continue
        for index, earlier in enumerate(spans):
            if earlier is not later and folded(earlier.name) == folded(later.replaces) and later.start is not None:
                spans[index] = Span(
                    earlier.start,
                    min(_end(earlier), later.start),
                    earlier.status,
                    earlier.scope,
                    earlier.name,
                    earlier.replaces,
                )
    return spans


def _until(spans: list[Span], running: Span) -> int:
    """The end of a chain of orders of which each begins before the one before it ends."""
    end = _end(running)
    for span in sorted(spans, key=lambda s: s.start or 0):
        alive = folded(span.status) not in DEAD | _ENDED or not span.status
        if alive and (span.start or 0) <= end:
            end = max(end, _end(span))
    return end


def targets_at(order: Order, moment: int, skew: int) -> tuple[Target, ...]:
    """The targets an order names at a moment, amendments made before it counted."""
    if not order.amendments:
        return order.targets
    kept = {t.commitment: t for t in order.targets}
    for amendment in sorted(order.amendments, key=lambda a: a.at or 0):
        if (amendment.at or 0) > moment + skew:
            continue
        for target in amendment.remove:
            gone = set(target.names)
            kept = {c: t for c, t in kept.items() if not gone & set(t.names)}
        kept |= {t.commitment: t for t in amendment.add}
    return tuple(kept.values())


def emergency_overdue(order: Order, world: World, moment: int) -> int | None:
    """When the written order after an emergency approval was due, if that is past and none came; else None."""
    first = order.spans[0]
    if folded(first.status) not in EMERGENCY and not (
        folded(order.kind) in EMERGENCY and folded(first.status) in ("", "awaitingapproval")
    ):
        return None
    if any(folded(s.status) not in DEAD and (s.start or 0) <= moment for s in order.spans[1:]):
        return None
    due = order.emergency_due
    if due is None and first.start is not None:
        due = first.start + world.hours("emergency_limit_h", 48)
    return due if due is not None and due < moment - world.skew_us else None


def is_test(order: Order) -> bool:
    """Whether the order is one for tests."""
    return any(folded(flag) == "istest" for flag in order.flags)
