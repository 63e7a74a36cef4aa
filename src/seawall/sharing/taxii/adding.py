"""One turn of a writer in one collection: what is new, what is there already, and who may see it from now on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, insert, select, update

from seawall.sharing.taxii.moments import added_text, read_moment
from seawall.sharing.taxii.objects import Checked
from seawall.state.taxii_tables import TaxiiObjectRow

_T: Final = cast("Table", TaxiiObjectRow.__table__)


@dataclass(frozen=True, slots=True)
class Kept:
    """What adding an object did: `new`, or there already, alike or (`differs`) with other content."""

    id: str
    version: str  # as the object writes it
    new: bool
    differs: bool = False


@dataclass(slots=True)
class _Known:
    """A version of an object that is in the collection, or about to be."""

    spec_version: str
    version: str
    version_text: str
    by_moment: bool  # it has no version of its own but the moment it was added
    gate: int
    digest: str

    def is_same(self, one: Checked) -> bool:
        """Whether this is the object, in that version; without one, the same content is the same version."""
        if self.spec_version != one.spec_version:
            return False
        return self.digest == one.digest if not one.version else self.version == one.version and not self.by_moment


class Adding:
    """Adds objects while the caller holds the collection's row."""

    def __init__(self, connection: Connection, collection: str, moment: int, clearance: int) -> None:
        self._connection, self._collection, self._clearance = connection, collection, clearance
        self.moment = moment  # of the next new object, microseconds since 1970
        self.kept: list[Kept] = []

    def add(self, objects: Sequence[Checked]) -> None:
        """Add a few hundred objects, in one question and one insert."""
        known = self._known({one.id for one in objects})
        rows: list[tuple[dict[str, Any], _Known]] = []
        raised: dict[tuple[str, str], int] = {}  # id and version: how strict it and the versions before it are
        for one in objects:
            versions = known.setdefault(one.id, [])
            same = next((version for version in versions if version.is_same(one)), None)
            if same is not None:
                self.kept.append(self._told(one, same))
                if _raise(versions, same.version, one.light):
                    raised[one.id, same.version] = max(one.light, raised.get((one.id, same.version), 0))
                continue
            row = self._row(one)
            gate = max([one.light, *(later.gate for later in versions if later.version >= row["version"])])
            new = _Known(one.spec_version, row["version"], row["version_text"], not one.version, gate, one.digest)
            if _raise(versions, new.version, one.light):
                raised[one.id, new.version] = max(one.light, raised.get((one.id, new.version), 0))
            versions.append(new)
            rows.append((row, new))
            self.kept.append(Kept(one.id, new.version_text, True))
        for (id_, version), light in raised.items():
            before = (_T.c.collection == self._collection, _T.c.object_id == id_, _T.c.version <= version)
            self._connection.execute(update(_T).where(*before, _T.c.gate < light).values(gate=light))
        if rows:
            self._connection.execute(insert(_T), [row | {"gate": new.gate} for row, new in rows])

    def _known(self, ids: set[str]) -> dict[str, list[_Known]]:
        c = _T.c
        columns = (c.object_id, c.spec_version, c.version, c.version_text, c.gate, c.digest, c.added)
        wanted = select(*columns).where(c.collection == self._collection, c.object_id.in_(ids))
        known: dict[str, list[_Known]] = {}
        for id_, spec, version, shown, gate, digest, added in self._connection.execute(wanted):
            by_moment = shown == added_text(added)
            known.setdefault(id_, []).append(_Known(spec, version, shown, by_moment, gate, digest))
        return known

    def _row(self, one: Checked) -> dict[str, Any]:
        shown = one.version_text or added_text(self.moment)
        row = {
            "collection": self._collection,
            "added": self.moment,
            "object_id": one.id,
            "type": one.type,
            "spec_version": one.spec_version,
            "version": one.version or read_moment(shown),
            "version_text": shown,
            "light": one.light,
            "digest": one.digest,
            "body": one.body,
        }
        self.moment += 1
        return row

    def _told(self, one: Checked, same: _Known) -> Kept:
        """What is said of an object that is there already: whoever may not see it cannot tell it from a new one."""
        if same.gate > self._clearance:
            self.moment += 1
            return Kept(one.id, one.version_text or added_text(self.moment - 1), True)
        return Kept(one.id, one.version_text or same.version_text, False, same.digest != one.digest)


def _raise(versions: list[_Known], version: str, light: int) -> bool:
    """Every version is at most as open as any later one ever was; returns whether this one closes any."""
    laxer = [known for known in versions if known.version <= version and known.gate < light]
    for known in laxer:
        known.gate = light
    return bool(laxer)
