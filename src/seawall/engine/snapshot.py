"""A snapshot as SQL: every kind a view over its parts, typed by the model even where nothing was ever read."""

# ruff: noqa: S608 - every name is quoted, every text a literal; see `quoted` and `literal`
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from seawall.engine import columns
from seawall.engine.columns import SQL
from seawall.engine.manifest import Manifest, Part
from seawall.engine.upgrades import SCHEMAS, UPGRADES, Upgrade
from seawall.model.events import KINDS, ColumnType


def kind_columns(snapshot: Manifest, kind: str, upgrades: Mapping[tuple[str, int], Upgrade]) -> dict[str, ColumnType]:
    """Columns a kind has in this snapshot: the model's, then whatever its parts brought along."""
    declared = columns.declared(kind)
    shapes = [_upgraded_shape(part, upgrades) for part in snapshot.of_kind(kind)]
    found = columns.merged([tuple((name, word) for name, word in declared.items() if _has(shapes, name)), *shapes])
    return {name: found.get(name, word) for name, word in declared.items()} | found


def _has(shapes: list[columns.Shape], name: str) -> bool:
    """Whether a part holds a column of this name, in whatever case."""
    return any(given.lower() == name.lower() for shape in shapes for given, _ in shape)


def kind_names(snapshot: Manifest) -> list[str]:
    """Every kind the model or the snapshot knows; the lake's own notes are none."""
    known = [kind.name for kind in KINDS]
    return known + sorted(k for k in snapshot.kinds if k not in known and not k.startswith("_"))


def kind_select(
    folder: Path,
    snapshot: Manifest,
    kind: str,
    upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES,
    only: frozenset[str] | None = None,
) -> str:
    """The SELECT behind a kind's view. `only` names the parts it reads; its columns are the whole kind's."""
    wanted = kind_columns(snapshot, kind, upgrades)
    alike: dict[tuple[int, tuple[str, ...]], list[Part]] = {}  # of one version, with the same odd spellings
    for part in snapshot.of_kind(kind):
        if only is not None and part.name not in only:
            continue
        odd = tuple(sorted(name for name, _ in _upgraded_shape(part, upgrades) if name not in wanted))
        alike.setdefault((part.schema, odd), []).append(part)
    selects = [_select(folder, kind, version, parts, wanted, upgrades) for (version, _), parts in sorted(alike.items())]
    if not selects:
        selects = ["SELECT " + ", ".join(f"NULL::{SQL[t]} AS {quoted(n)}" for n, t in wanted.items()) + " WHERE false"]
    return "\nUNION ALL\n".join(selects)


def _select(
    folder: Path,
    kind: str,
    version: int,
    parts: list[Part],
    wanted: Mapping[str, ColumnType],
    upgrades: Mapping[tuple[str, int], Upgrade],
) -> str:
    there = columns.merged([part.shape for part in parts])
    files = ", ".join(literal(str(folder / "parts" / part.name)) for part in parts)
    source = f"read_parquet([{files}], union_by_name = true, hive_partitioning = false)"
    for step in range(version, SCHEMAS.get(kind, max((v + 1 for k, v in upgrades if k == kind), default=1))):
        upgrade = upgrades[(kind, step)]
        kept = [name for name in there if name not in upgrade.gone and name not in upgrade.columns]
        made = [f"{sql} AS {quoted(name)}" for name, (_, sql) in upgrade.columns.items()]
        source = f"(SELECT {', '.join([*map(quoted, kept), *made])} FROM {source})"
        there = {name: there[name] for name in kept} | {n: word for n, (word, _) in upgrade.columns.items()}
    spelled = {name.lower(): name for name in there}
    items = [_item(name, word, spelled.get(name.lower()), there) for name, word in wanted.items()]
    return f"SELECT {', '.join(items)} FROM {source}"


def _item(name: str, word: ColumnType, given: str | None, there: Mapping[str, ColumnType]) -> str:
    """One column as wanted, from the spelling the parts have; null where they have none."""
    if given is None:
        return f"NULL::{SQL[word]} AS {quoted(name)}"
    if there[given] == word and word != "id":
        return quoted(name) if given == name else f"{quoted(given)} AS {quoted(name)}"
    return f"CAST({quoted(given)} AS {SQL[word]}) AS {quoted(name)}"


def _upgraded_shape(part: Part, upgrades: Mapping[tuple[str, int], Upgrade]) -> columns.Shape:
    there = dict(part.shape)
    version = part.schema
    while (part.kind, version) in upgrades:
        upgrade = upgrades[(part.kind, version)]
        there = {n: w for n, w in there.items() if n not in upgrade.gone} | {
            n: word for n, (word, _) in upgrade.columns.items()
        }
        version += 1
    return tuple(there.items())


def quoted(name: str) -> str:
    """A column or view name as SQL writes it; evidence can name columns, so nothing is left to chance."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
