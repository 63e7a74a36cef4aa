"""Upgrade on read: parts written by an earlier version are read as if written by this one.

`SCHEMAS` counts the shape of each kind; a kind not named there is at 1. When a column is renamed, split or changes
its meaning, the count goes up and an `Upgrade` here says, for each changed column, how it follows from the old ones.
Parts are never rewritten for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from seawall.model.events import ColumnType


@dataclass(frozen=True, slots=True)
class Upgrade:
    """How rows of one schema version become rows of the next."""

    columns: Mapping[str, tuple[ColumnType, str]]  # new column → its type and the SQL that makes it from old columns
    gone: frozenset[str] = frozenset()  # old columns that are no more


SCHEMAS: Final[dict[str, int]] = {}
UPGRADES: Final[dict[tuple[str, int], Upgrade]] = {}  # (kind, version it starts from)
