"""The words findings are tagged with: our behaviours and MITRE ATT&CK techniques, from `content/`.

Both tables travel with the product. Nothing is fetched: pySigma's own ATT&CK table is downloaded on first use, and
is never used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

CONTENT: Final = Path(__file__).resolve().parent.parent / "content"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Something intruders do, as the knowledge base names it."""

    id: str  # "A-01"
    title: str
    stage: str
    attack: str  # ATT&CK technique id
    strength: str  # of one sighting alone: H, M or L
    basis: str  # V seen in primary data, S summaries, B background
    telemetry: str = ""  # where it shows, e.g. "AAA accounting, NetFlow"
    platforms: tuple[str, ...] = ()  # where it can happen at all: `network` is every network OS; empty: anywhere

    def happens_on(self, platform: str) -> bool:
        """Whether it can happen on a platform; on one nobody knows, it can."""
        if not self.platforms or not platform:
            return True
        return platform in self.platforms or ("network" in self.platforms and platform not in HOSTS)


HOSTS: Final = frozenset({"windows", "linux"})  # platforms that are no network OS


@dataclass(frozen=True, slots=True)
class Technique:
    """An ATT&CK technique, in the version the table was made from."""

    id: str
    name: str
    tactics: tuple[str, ...]
    version: str


@cache
def _read(name: str) -> Any:
    return json.loads((CONTENT / name).read_text(encoding="utf-8"))


@cache
def behaviours() -> dict[str, Behaviour]:
    """Every behaviour, by id."""
    rows = _read("behaviours.json").items()
    return {key: Behaviour(id=key, **{**row, "platforms": tuple(row.get("platforms", ()))}) for key, row in rows}


@cache
def techniques() -> dict[str, Technique]:
    """Every technique of our table, by id."""
    table = _read("attack.json")
    return {
        key: Technique(key, value["name"], tuple(value["tactics"]), table["version"])
        for key, value in table["techniques"].items()
    }


@cache
def versioned(technique: str) -> str:
    """A technique id with the ATT&CK version it belongs to, `T1136.001@18`; bare if our table does not know it."""
    later = _read("attack.json")["later"]
    if technique in techniques():
        return f"{technique}@{techniques()[technique].version}"
    return f"{technique}@{later['version']}" if technique in later["ids"] else technique
