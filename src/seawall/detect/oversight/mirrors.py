"""Copies of traffic that are no lawful intercept by their kind, each of which needs a ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from seawall.detect.oversight.addresses import dicts, split
from seawall.detect.oversight.facts import Mirror, World
from seawall.detect.oversight.naming import folded
from seawall.detect.oversight.saying import found, said
from seawall.detect.oversight.world import moment
from seawall.model.finding import Finding


def judge(world: World) -> Iterator[Finding]:
    """Mirrors and captures no ticket in force allows."""
    approved = list(dicts(world.policy.get("approved_mirrors")))
    for mirror in world.mirrors:
        if mirror.state == "inactive":
            continue
        when = mirror.row.time if mirror.row.time is not None else world.now
        same = [one for one in approved if _is(one, mirror)]
        late = [one for one in same if not _in_time(one, when, world.skew_us)]
        if len(same) > len(late):
            continue
        why = f"{mirror.system} copies traffic ({mirror.kind} {mirror.session}) to {mirror.destination or 'somewhere'}"
        if late:
            ends = max((moment(one.get("valid_to")) or 0 for one in late), default=0)
            why += f"; ticket {late[0].get('ticket') or 'without number'} is not in force"
            why += f" (to {said(ends)})" if ends else ""
        else:
            why += ", and no ticket allows it"
        details = {
            "mirror_kind": mirror.kind,
            "session": mirror.session,
            "source": mirror.source,
            "destination": mirror.destination,
            "ticket": str(late[0].get("ticket") or "") if late else "",
        }
        yield found(
            "UNTICKETED_MIRROR",
            why,
            [mirror.row],
            system=mirror.system,
            details=details,
            subject=f"{mirror.system} {mirror.kind} {mirror.session}".strip(),
        )


def _words(raw: object) -> str:
    return re.sub(r"[\W_]+", "", str(raw or "")).lower()


_SHORT = (
    ("gigabitethernet", "gi"),
    ("tengige", "te"),
    ("tengigabitethernet", "te"),
    ("hundredgige", "hu"),
    ("hundredgigabitethernet", "hu"),
    ("fastethernet", "fa"),
    ("ethernet", "et"),
    ("bundleether", "be"),
    ("portchannel", "po"),
    ("interface", ""),
)


def _place(raw: object) -> str:
    """An interface or an address as it is compared."""
    text = str(raw or "").strip()
    host, _ = split(text)
    if re.fullmatch(r"[\d.]+|[0-9a-f:]+", host) and ("." in host or ":" in host):
        return host
    word = _words(re.sub(r"\b(?:both|rx|tx|in|out|ingress|egress|direction)\b", "", text.lower()))
    for long, short in _SHORT:
        word = word.replace(long, short)
    return word


def _is(one: Mapping[str, Any], mirror: Mirror) -> bool:
    """Whether a ticket speaks of this copy: what it leaves open, it allows."""
    if folded(str(one.get("system") or "")) != folded(mirror.system):
        return False
    kind = _words(one.get("kind"))
    if kind and not _alike(kind, _words(mirror.kind)):
        return False
    if one.get("session") not in (None, "") and mirror.session and _words(one["session"]) != _words(mirror.session):
        return False
    for field, value in (("source", mirror.source), ("destination", mirror.destination)):
        if one.get(field) and value and _place(one[field]) != _place(value):
            wanted, has = _place(one[field]), _place(value)
            if wanted not in has and has not in wanted:
                return False
    return True


_SPANS = ("erspan", "rspan", "span")  # the longer words first: each holds the next


def _alike(kind: str, other: str) -> bool:
    """Whether two words mean one kind of copy; a local session is no session to somewhere far."""
    one, two = (next((s for s in _SPANS if s in word), "") for word in (kind, other))
    if one and two:
        return one == two
    loose = {"monitorsession", "portmirroring", "mirror", "mirrordest", "observeport"}
    return (
        kind in other
        or other in kind
        or (kind in loose and (other in loose or bool(two)))
        or bool(one and other in loose)
    )


def _in_time(one: Mapping[str, Any], when: int, skew: int) -> bool:
    start, end = moment(one.get("valid_from")), moment(one.get("valid_to"))
    return (start is None or start <= when + skew) and (end is None or when - skew <= end)
