"""Changes between the snapshots a lake holds: whichever day each came in, in the order in which they were taken.

The lake has every line with its number, its depth and its secrets masked, so a configuration can be laid out again as
far as comparing needs it. A content that came back (a change undone to the letter) is in the lake once, as first seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from seawall.detect.audit.changes.history import History
from seawall.detect.audit.changes.pairs import in_order
from seawall.detect.audit.changes.snapshots import Snapshot, snapshots_in
from seawall.detect.tables import Tables
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Site

KIND: Final = "config_lines"
LEAST: Final = Severity.MEDIUM  # what operators do every day joins no incident
_COLUMNS: Final = (
    "event_id",
    "origin",
    "device",
    "taken",
    "changed",
    "platform",
    "snapshot",
    "number",
    "depth",
    "text",
)
_DEEP: Final = frozenset({"junos", "sros", "fortios", "panos"})  # platforms that indent by four
_LINES: Final = 2_000_000  # of one snapshot


def changed(tables: Tables, site: Site, since: datetime | None = None) -> list[Finding]:
    """Findings of medium severity or worse, by first time and id; those that ended before `since` (UTC) left out."""
    backend = tables.ibis(site)
    if KIND not in backend.list_tables():
        return []
    lines = backend.table(KIND)
    several = _devices(lines)
    if not several:
        return []
    asked = lines.filter(lines.device.isin(several)).select(*_COLUMNS)
    moment = asked.taken.coalesce(asked.changed)
    asked = asked.mutate(moment=moment).filter(moment.notnull()).order_by("device", "moment", "snapshot", "number")
    history, found = History(site), []
    for part in _parts(batch.to_pylist() for batch in asked.to_pyarrow_batches()):
        for snapshot in part.laid_out(site):
            if told := history.follow(snapshot):
                found += [f for f in told.findings if f.severity >= LEAST and (since is None or f.last >= since)]
    return in_order(found)


def _devices(lines: Any) -> list[str]:
    """The devices that have more than one snapshot with a time."""
    dated = lines.filter(lines.taken.coalesce(lines.changed).notnull() & lines.device.notnull())
    counted = dated.group_by("device").aggregate(snapshots=dated.snapshot.nunique())
    return sorted(counted.filter(counted.snapshots > 1).to_pyarrow().column("device").to_pylist())


@dataclass(slots=True)
class _Part:
    """The lines of one snapshot."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def laid_out(self, site: Site) -> Iterator[Snapshot]:
        """The snapshot, as its device would have written it but for the secrets."""
        head = self.rows[0]
        width = 4 if head["platform"] in _DEEP else 1
        text = [""] * min(max(row["number"] for row in self.rows), _LINES)
        for row in self.rows:
            if row["number"] <= len(text):
                text[row["number"] - 1] = " " * (width * (row["depth"] or 0)) + (row["text"] or "")
        origin = (head["origin"] or "").rpartition(":")[0]
        content = "\n".join([*text, ""]).encode("utf-8", "surrogatepass")
        for one in snapshots_in(content, origin, site):
            if isinstance(one, Snapshot):
                ids = {row["number"]: row["event_id"] for row in self.rows}
                digest = bytes.fromhex(head["snapshot"])
                yield replace(one, ids=ids, digest=digest, taken=head["taken"], changed=head["changed"])


def _parts(batches: Iterator[Sequence[dict[str, Any]]]) -> Iterator[_Part]:
    """Rows in order, gathered by snapshot."""
    held: _Part | None = None
    name: tuple[str, str] | None = None
    for batch in batches:
        for row in batch:
            key = (row["device"], row["snapshot"])
            if key != name:
                if held is not None:
                    yield held
                held, name = _Part(), key
            assert held is not None
            held.rows.append(row)
    if held is not None:
        yield held
