"""Login methods in their order, and log levels: changes that lie inside a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from seawall.detect.audit.changes.difference import Difference
from seawall.detect.audit.changes.rules import Rule
from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.changes.things import Effect, say, shown
from seawall.detect.audit.entries import Entry

_OWN: Final = frozenset({"local", "local-case", "none", "line", "enable", "password", "if-authenticated", "krb5"})
_SERVERS: Final = frozenset({"group", "tacplus", "tacacs+", "radius", "hwtacacs", "ldap", "tacacs"})
_LEVELS: Final = (
    "emergencies", "alerts", "critical", "errors", "warnings", "notifications", "informational", "debugging",
)  # fmt: skip
_WORDS: Final = {
    **{word: number for number, word in enumerate(_LEVELS)},
    **{str(number): number for number in range(8)},
    "emergency": 0, "emerg": 0, "alert": 1, "crit": 2, "error": 3, "err": 3, "major": 3, "warning": 4, "minor": 4,
       "notice": 5, "notification": 5, "notify": 5, "info": 6, "debug": 7, "any": 7, "none": -1,
}  # fmt: skip
_ENOUGH: Final = 5  # logins and changes are told at notice


def methods(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Where servers were asked first before, and are not now; where nobody is asked at last."""
    before, after = _ordered(rule, difference.before), _ordered(rule, difference.after)
    for name, (words, entries) in after.items():
        was, old = before.get(name, ([], []))
        if words == was or not was:
            continue
        lost = _asks(was) and not _asks(words[:1])
        open_ = "none" in words and "none" not in was
        if lost or open_:
            lines = [one for one in entries if one in difference.added] or entries
            values = {"n": name, "line": shown(lines[0])}
            terms = (f"before: {' '.join(was)}", f"after: {' '.join(words)}")
            gone = tuple(one for one in old if one in difference.removed) or tuple(old)
            yield Effect(rule, name, rule.severity, say(rule.why, values), tuple(lines), gone, "", terms)


def _asks(words: list[str]) -> bool:
    """Whether the first method is a server: a group that is none of the device's own words."""
    return bool(words) and (words[0] in _SERVERS or words[0] not in _OWN)


def _ordered(rule: Rule, snapshot: Snapshot) -> dict[str, tuple[list[str], list[Entry]]]:
    """Method lists by name; where each method is a line of its own, in the order of the lines."""
    found: dict[str, tuple[list[str], list[Entry]]] = {}
    for entry, match in snapshot.device.entries.find(*rule.on(snapshot.device.platform)):
        words, entries = found.setdefault(match["n"].lower(), ([], []))
        words += re.sub(r"[\[\],\"]", " ", match["m"]).lower().split()
        entries.append(entry)
    return found


def levels(rule: Rule, difference: Difference) -> Iterator[Effect]:
    """Log levels under which logins and changes are no longer told."""
    before = _leveled(rule, difference.before)
    for name, (level, entry) in _leveled(rule, difference.after).items():
        was = before.get(name)
        if level >= _ENOUGH or (was is not None and level >= was[0]) or entry not in difference.added:
            continue
        if was is None and not name.startswith("trap"):
            continue  # where nothing was said, only the remote level is known: informational
        values = {"n": name, "line": shown(entry)}
        gone, terms = ((was[1],), (f"before: {was[1].text}",)) if was else ((), ("before: informational, the default",))
        yield Effect(rule, name, rule.severity, say(rule.why, values), (entry,), gone, "", terms)


def _leveled(rule: Rule, snapshot: Snapshot) -> dict[str, tuple[int, Entry]]:
    found: dict[str, tuple[int, Entry]] = {}
    for entry, match in snapshot.device.entries.find(*rule.on(snapshot.device.platform)):
        said = match.groupdict()
        level = _WORDS.get((said.get("m") or said.get("m2") or "").lower())
        name = said.get("n") or said.get("h") or ""
        if level is not None:
            found.setdefault(name.lower(), (level, entry))
    return found
