# ruff: noqa: E501 - one pattern is one line
"""The lines in which two snapshots of a device differ in meaning.

Order counts in lists (access lists, prefix lists, Junos terms) and nowhere else; sequence numbers, comments,
certificates, re-hashed secrets and what devices rewrite by themselves do not count. A section that only got another
name is told as renamed. Where a file is cut, what is absent was not removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from seawall.detect.audit.changes.snapshots import Snapshot
from seawall.detect.audit.entries import Entries, Entry
from seawall.platforms.masking import MASK

_LEFT: Final = 0.5  # of the lines a snapshot had, below which the next is taken for a part of it
_FEW: Final = 40  # lines below which that says nothing
_TAIL: Final = 6  # lines missing at the end, from which on it is rather the file that ends
_MOST: Final = 0.9  # of all missing lines
_ENDLESS: Final = frozenset({"nxos", "panos", "junos", "sros", "fortios"})  # no line says that they are whole
_SELF_CHANGING: Final = re.compile(
    r"ntp clock-period |version \d|Cryptochecksum|cryptochecksum|.*\buuid [0-9a-f-]{36}(?!\S)|crypto pki certificate chain "
    r"|(?:.* )?last-login |end$|return$|exit$|.*\bpassword-expiry|license udi |hw-module .*serial|set version |boot-(?:start|end)-marker",
    re.I,
)
_SEQUENCE: Final = re.compile(
    r"^((?:(?:ip|ipv4|ipv6|mac|arp) access-list (?:(?:standard|extended|ext) )?\S+"
    r"|(?:ip|ipv6) prefix-list \S+|acl (?:ipv6 )?(?:number |name |basic |advanced )?\S+(?: match-order \S+)?"
    r"|ip (?:ip|ipv6)-prefix \S+|access-list \S+(?= line)))"
    r"(?: (?:seq|rule|index|line))? \d+ (?=\S)",
    re.I,
)
_ORDERED: Final = re.compile(
    r"((?:(?:ip|ipv4|ipv6|mac) access-list (?:(?:standard|extended) )?|access-list |(?:ip|ipv6) prefix-list "
    r"|acl (?:ipv6 )?(?:number |name )?)\S+)"
    r"|(firewall (?:family \S+ )?filter \S+)(?= term \S+)",
    re.I,
)
_SECRET_TAIL: Final = re.compile(rf"(?: \S{{1,9}})? \"?{re.escape(MASK)}\"?")


def key_of(entry: Entry) -> str:
    """What a line means, for comparing: without sequence numbers, blanks and the form in which a secret is kept."""
    path = _SEQUENCE.sub(r"\1 ", entry.path)
    return f"{_SECRET_TAIL.sub(' ' + MASK, path)}" if MASK in path else path


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one snapshot of a device to the next."""

    before: Snapshot
    after: Snapshot
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    moved: tuple[Entry, ...] = ()  # lines of ordered lists that stand elsewhere in them now, as they are after
    renamed: tuple[tuple[str, str], ...] = ()  # sections: name before, name after
    notes: tuple[str, ...] = ()  # what could not be compared, for people

    @property
    def size(self) -> int:
        """Lines that differ."""
        return len(self.added) + len(self.removed) + len(self.moved)


def compare(before: Snapshot, after: Snapshot) -> Difference:
    """The differences of two snapshots of one device."""
    if before.device.family != after.device.family:
        what = f"{before.device.platform} before, {after.device.platform} after: not the same device, not compared"
        return Difference(before, after, notes=(what,))
    old = _lines(before)
    after = _without_torn_end(after, old)
    new = _lines(after)
    notes: list[str] = []
    added = [entry for key, entry in new.items() if key not in old]
    removed = [entry for key, entry in old.items() if key not in new]
    if partial := _partial(after, len(old), len(new), len(removed)) or _stops(after, old, new):
        notes.append(f"{after.origin}: {partial}; only what it shows was compared")
        removed = []
    if partial := _partial(before, len(new), len(old), len(added)):
        notes.append(f"{before.origin}: {partial}; only sections it shows were compared")
        shown = {_room(entry) for entry in old.values()}
        added = [entry for entry in added if _room(entry) in shown]
    removed, added, renamed = _renames(removed, added)
    moved = _moved(old, new) if not notes else []
    return Difference(before, after, tuple(added), tuple(removed), tuple(moved), tuple(renamed), tuple(notes))


def _lines(snapshot: Snapshot) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in snapshot.device.entries.all:
        if not _SELF_CHANGING.match(entry.path):
            found.setdefault(key_of(entry), entry)
    return found


def _without_torn_end(after: Snapshot, old: dict[str, Entry]) -> Snapshot:
    """The snapshot without its last line, if that is only the beginning of a line that was there before."""
    entries = after.device.entries.all
    if not entries or not after.config.lines or not after.config.lines[-1].strip():
        return after
    last = max(entries, key=lambda entry: entry.number)
    key = key_of(last)
    if key in old or not any(one.startswith(key) for one in old):
        return after
    kept = Entries([entry for entry in entries if entry.number != last.number])
    torn = replace(after, device=replace(after.device, entries=kept))
    torn.config.cut = True
    torn.config.doubts = (*after.config.doubts, f"its last line is torn: line {last.number}")
    return torn


def _stops(after: Snapshot, old: dict[str, Entry], new: dict[str, Entry]) -> str:
    """Why a snapshot is a part: it has what stood at the beginning, nothing of the long rest, and does not show its end."""
    if after.config.complete and after.device.family not in _ENDLESS:
        return ""
    order = sorted((entry.number, key in new) for key, entry in old.items())
    tail = next((n for n, (_, there) in enumerate(reversed(order)) if there), len(order))
    missing = sum(not there for _, there in order)
    if tail >= _TAIL and tail >= missing * _MOST:
        return f"the last {tail} lines of before are missing at its end"
    return ""


def _room(entry: Entry) -> str:
    return " ".join(entry.path.split()[:2])


def _partial(snapshot: Snapshot, others: int, own: int, missing: int) -> str:
    """Why a snapshot cannot be whole; empty if it may be."""
    if snapshot.config.cut:
        return "the file is cut" + (f" ({snapshot.config.doubts[-1]})" if snapshot.config.doubts else "")
    if others >= _FEW and own < others * _LEFT and missing > others * _LEFT:
        return f"it shows {own} of {others} lines, as if it were only a part"
    return ""


_NAMED: Final = re.compile(
    r"((?:ip|ipv4|ipv6|mac) access-list (?:(?:standard|extended) )?|access-list |interface |route-map |route-policy "
    r"|class-map (?:match-\S+ )?|policy-map |(?:ip|ipv6) prefix-list |prefix-set |vlan |acl (?:number |name )?"
    r"|firewall (?:family \S+ )?filter |policy-options (?:policy-statement|prefix-list) |tacacs server |radius server "
    r"|ip vrf |vrf (?:definition|context) |system interface |firewall (?:policy|address) )(\S+)",
    re.I,
)


def _renames(
    removed: Sequence[Entry], added: Sequence[Entry]
) -> tuple[list[Entry], list[Entry], list[tuple[str, str]]]:
    """Sections that went and came with equal content are renamed: neither removed nor added."""
    gone, come = _sections(removed), _sections(added)
    names: dict[str, str] = {}
    kinds: list[tuple[str, str]] = []
    left = {head: body for head, (_, body) in come.items()}
    for head, (kind, body) in gone.items():
        if not body:
            continue
        twin = next((h for h, b in left.items() if b == body and come[h][0] == kind), None)
        if twin is not None:
            del left[twin]
            names[head[len(kind) :]] = twin[len(kind) :]
            kinds.append((head, twin))
    if not names:
        return list(removed), list(added), []
    said = {_with_names(key_of(entry), names) for entry in removed}
    taken = {key_of(entry) for entry in added}
    kept = [entry for entry in removed if _with_names(key_of(entry), names) not in taken]
    return kept, [entry for entry in added if key_of(entry) not in said], kinds


def _sections(entries: Iterable[Entry]) -> dict[str, tuple[str, frozenset[str]]]:
    """Named sections among lines: name → (kind, what its lines say)."""
    found: dict[str, tuple[str, set[str]]] = {}
    for entry in entries:
        key = key_of(entry)
        if named := _NAMED.match(key):
            rest = key[named.end() :].strip()
            body = found.setdefault(named[0], (named[1], set()))[1]
            if rest:
                body.add(rest)
    return {head: (kind, frozenset(body)) for head, (kind, body) in found.items()}


def _with_names(key: str, names: dict[str, str]) -> str:
    return " ".join(names.get(word, word) for word in key.split())


def _moved(old: dict[str, Entry], new: dict[str, Entry]) -> list[Entry]:
    """Lines of ordered lists whose order changed, lines added and removed left aside."""
    then, now = _by_list(old, new), _by_list(new, old)
    return [
        new[key]
        for name, keys in now.items()
        if (was := then.get(name))
        for key, w in zip(keys, was, strict=False)
        if key != w
    ]


def _by_list(lines: dict[str, Entry], others: dict[str, Entry]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in lines:
        if key in others and (named := _ORDERED.match(key)):
            found.setdefault(named[0], []).append(key)
    return found
