"""The manifest names what is in the lake; whatever it does not name does not exist.

`manifest.json` is replaced in one step, so a reader sees one snapshot and a crash leaves the last one whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from seawall.disk.durable import Disk
from seawall.engine.columns import Shape
from seawall.errors import InputError
from seawall.model.finding import utc_text

FORMAT: Final = 1  # shape of this file
NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file of one kind. Times are UTC."""

    name: str  # file name below `parts/`
    kind: str
    schema: int  # version of the kind's schema it was written with
    rows: int
    bytes: int
    first: datetime | None  # earliest `time`
    last: datetime | None  # latest `time`
    shape: Shape  # columns that are in the file; the others are null


@dataclass(frozen=True, slots=True)
class Drop:
    """What retention took out, and why."""

    at: datetime
    kind: str
    rows: int
    older_than: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One snapshot of the lake."""

    generation: int = 0
    parts: tuple[Part, ...] = ()
    retired: tuple[str, ...] = ()  # parts no longer named, kept while an older reader may hold them
    clashes: Mapping[str, int] = field(default_factory=dict)  # "kind.column" → rows that did not fit the type
    drops: tuple[Drop, ...] = ()
    retained_from: datetime | None = None  # events before this are not taken in; the last `retain` said so
    refused_rows: int = 0  # events not taken in for that reason

    def of_kind(self, kind: str) -> tuple[Part, ...]:
        """The kind's parts, oldest first."""
        return tuple(part for part in self.parts if part.kind == kind)

    @property
    def kinds(self) -> dict[str, int]:
        """Kind → rows."""
        rows: dict[str, int] = {}
        for part in self.parts:
            rows[part.kind] = rows.get(part.kind, 0) + part.rows
        return rows

    def following(self, *, add: Iterable[Part] = (), drop: Iterable[str] = (), **changes: Any) -> Manifest:
        """The next snapshot: parts added, parts retired, other fields replaced."""
        gone = frozenset(drop)
        return replace(
            self,
            generation=self.generation + 1,
            parts=(*(p for p in self.parts if p.name not in gone), *add),
            retired=(*self.retired, *sorted(gone)),
            **changes,
        )


def load(folder: Path) -> Manifest:
    """The current snapshot; an empty one where there is no manifest yet.

    Raises:
        InputError: it cannot be read, or was written by a later version.
    """
    path = folder / NAME
    try:
        raw = json.loads(path.read_bytes())
        if raw["format"] > FORMAT:
            raise InputError(
                f"the lake has format {raw['format']}, this version knows {FORMAT}",
                where=str(path),
                mend="use the version that wrote it, or a later one",
            )
        return _from_json(raw)
    except FileNotFoundError:
        return Manifest()
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend="check its permissions") from error
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise InputError(
            f"the manifest is damaged: {error}", where=str(path), mend="restore it from a backup; the parts are whole"
        ) from error


def save(folder: Path, manifest: Manifest, disk: Disk) -> None:
    """Make a snapshot the current one, in one step."""
    disk.write_file(folder / NAME, json.dumps(_to_json(manifest), separators=(",", ":")).encode())


def _to_json(manifest: Manifest) -> dict[str, Any]:
    shapes: dict[Shape, int] = {}
    parts = [
        {
            "name": p.name,
            "kind": p.kind,
            "schema": p.schema,
            "rows": p.rows,
            "bytes": p.bytes,
            "first": _text(p.first),
            "last": _text(p.last),
            "shape": shapes.setdefault(p.shape, len(shapes)),
        }
        for p in manifest.parts
    ]
    drops = [
        {"at": _text(d.at), "kind": d.kind, "rows": d.rows, "older_than": _text(d.older_than), "why": d.why}
        for d in manifest.drops
    ]
    return {
        "format": FORMAT,
        "generation": manifest.generation,
        "shapes": [list(map(list, shape)) for shape in shapes],
        "parts": parts,
        "retired": list(manifest.retired),
        "clashes": dict(manifest.clashes),
        "drops": drops,
        "retained_from": _text(manifest.retained_from),
        "refused_rows": manifest.refused_rows,
    }


def _from_json(raw: Mapping[str, Any]) -> Manifest:
    shapes: list[Shape] = [tuple((name, word) for name, word in shape) for shape in raw["shapes"]]
    parts = tuple(
        Part(
            name=p["name"],
            kind=p["kind"],
            schema=p["schema"],
            rows=p["rows"],
            bytes=p["bytes"],
            first=_moment(p["first"]),
            last=_moment(p["last"]),
            shape=shapes[p["shape"]],
        )
        for p in raw["parts"]
    )
    return Manifest(
        generation=raw["generation"],
        parts=parts,
        retired=tuple(raw["retired"]),
        clashes=dict(raw["clashes"]),
        drops=tuple(
            Drop(_known(d["at"]), kind=d["kind"], rows=d["rows"], older_than=_known(d["older_than"]), why=d["why"])
            for d in raw["drops"]
        ),
        retained_from=_moment(raw["retained_from"]),
        refused_rows=raw["refused_rows"],
    )


def _text(moment: datetime | None) -> str | None:
    return utc_text(moment) if moment else None


def _moment(text: str | None) -> datetime | None:
    return _known(text) if text else None


def _known(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
