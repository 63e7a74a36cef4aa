"""A device's snapshots in the order they were taken, each compared with the last whole one before it."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from seawall.detect.audit.changes.difference import Difference, compare
from seawall.detect.audit.changes.effects import judge
from seawall.detect.audit.changes.pairs import Memory
from seawall.detect.audit.changes.snapshots import Committed, Snapshot, snapshots_in
from seawall.detect.audit.changes.telling import tell
from seawall.detect.audit.changes.weighing import weighed
from seawall.model.finding import Finding
from seawall.model.site import Site

_AT_HAND: Final = 32  # configurations kept as trees; those of other devices are read again from their text


@dataclass(frozen=True, slots=True)
class Told:
    """What one comparison came to."""

    device: str
    after: str  # origin of the later snapshot
    lines: int  # that differ
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    """A snapshot put by as text."""

    content: bytes  # of the whole file, compressed
    origin: str
    name: str
    digest: bytes
    taken: datetime | None
    committed: Committed | None


@dataclass
class History:
    """Snapshots of any devices, given oldest first for each device."""

    site: Site
    _last: dict[str, _Text] = field(default_factory=dict)
    _trees: OrderedDict[str, Snapshot] = field(default_factory=OrderedDict)
    _memory: dict[str, Memory] = field(default_factory=dict)

    def take(
        self, content: bytes, origin: str, *, taken: datetime | None = None, committed: Committed | None = None
    ) -> Iterator[Told]:
        """Compare what a file holds with what is known of its devices."""
        for snapshot in snapshots_in(content, origin, self.site, taken=taken, committed=committed):
            if isinstance(snapshot, str):
                yield Told("", origin, 0, (), (f"{origin}: {snapshot}",))
                continue
            name = snapshot.name.lower()
            text = _Text(zlib.compress(content, 1), origin, name, snapshot.digest, snapshot.taken, committed)
            before = self._known(name)
            if before is not None and before.digest != snapshot.digest:
                yield self.compared(before, snapshot)
            if before is None or not snapshot.config.cut:
                self._last[name] = text
                self._trees[name] = snapshot
                self._trees.move_to_end(name)
                if len(self._trees) > _AT_HAND:
                    self._trees.popitem(last=False)

    def follow(self, snapshot: Snapshot) -> Told | None:
        """Compare a snapshot with the last of its device; for devices given one behind the other."""
        name = snapshot.name.lower()
        before = self._trees.get(name)
        told = None
        if before is not None and before.time != snapshot.time:  # of the same time, nobody can say which was first
            told = self.compared(before, snapshot)
        if before is None or not snapshot.config.cut:
            self._trees.clear()
            self._trees[name] = snapshot
        return told

    def compared(self, before: Snapshot, after: Snapshot) -> Told:
        """Judge the step from one snapshot of a device to the next."""
        difference = compare(before, after)
        effects = weighed(judge(difference), difference)
        findings = list(tell(difference, effects))
        memory = self._memory.setdefault(after.name.lower(), Memory())
        back = [] if difference.notes else list(memory.taken_back(difference))
        memory.remember(effects, findings)
        return Told(after.name, after.origin, difference.size, (*findings, *back), _notes(difference))

    def _known(self, name: str) -> Snapshot | None:
        if name in self._trees:
            return self._trees[name]
        text = self._last.get(name)
        if text is None:
            return None
        content = zlib.decompress(text.content)
        found = snapshots_in(content, text.origin, self.site, taken=text.taken, committed=text.committed)
        return next((s for s in found if isinstance(s, Snapshot) and s.name.lower() == name), None)


def _notes(difference: Difference) -> tuple[str, ...]:
    renamed = tuple(f"{difference.after.name}: {old} is called {new} now" for old, new in difference.renamed)
    return (*difference.notes, *renamed)
