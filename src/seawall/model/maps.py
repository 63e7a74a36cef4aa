"""Mapping files: how a CSV table or JSON that Seawall does not know becomes events, in a few lines of TOML.

A file holds one or more `[[map]]`. Each says which files it is for, which kind of event they become, where the time
stands, and which of their columns (for JSON: keys, nested ones joined by dots) fills which of ours.
"""

from __future__ import annotations

import difflib
import re
import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.model.events import BY_NAME
from seawall.model.site import read_toml
from seawall.model.validation import validated

FORMS: Final = ("csv", "json")
_SET_BY_US: Final = frozenset({"event_id", "time", "time_quality", "origin", "trust", "tenant", "received", "command"})
_NOT_FOR_MAPS: Final = frozenset({"config_lines", "indicators"})


@dataclass(frozen=True)
class MapTime:
    """Where the time of a record stands."""

    column: str | tuple[str, ...] = ()  # their column, or several (date and time) that are read joined by a blank
    format: str = ""  # as Python's strptime has it, e.g. "%d/%m/%Y %H:%M:%S"; empty: any form Seawall knows, epochs too
    zone: str = ""  # of times that name none, e.g. Europe/Berlin; empty: UTC, marked as assumed

    @property
    def columns(self) -> tuple[str, ...]:
        """Their columns, in order."""
        return (self.column,) if isinstance(self.column, str) else self.column


@dataclass(frozen=True)
class FieldMap:
    """One `[[map]]`."""

    name: str  # shown as the format of the files it reads
    kind: str = "mapped"  # event kind, see docs/reference/events.md
    form: str = ""  # csv or json; empty: told by the content
    files: tuple[str, ...] = ()  # patterns for the file's path, e.g. "*firewall*.csv"; empty: any
    has: tuple[str, ...] = ()  # their columns or keys that must be there
    delimiter: str = ""  # of CSV; empty: told by the header
    time: MapTime = field(default_factory=MapTime)
    fields: dict[str, str | tuple[str, ...]] = field(
        default_factory=dict
    )  # our column = their column, or the first of several
    constants: dict[str, str | int | float | bool] = field(
        default_factory=dict
    )  # our column = a value for every record
    values: dict[str, dict[str, str]] = field(default_factory=dict)  # [map.values.COLUMN]: their word = our word
    keep: bool = True  # whether columns not named here are kept, where the kind takes any

    def is_for(self, origin: str, names: Iterable[str] | None) -> bool:
        """Whether it reads a file of this path whose table or first object has these columns or keys."""
        if names is None or not set(self.has) <= set(names):
            return False
        path = origin.replace("!", "")
        return not self.files or any(fnmatch(path, p) or fnmatch(path.rpartition("/")[2], p) for p in self.files)


@dataclass(frozen=True)
class _MapFile:
    """What a mapping file may hold."""

    map: tuple[FieldMap, ...] = ()


def load_maps(paths: Sequence[Path]) -> tuple[FieldMap, ...]:
    """The mappings in some files, in order: where two are for one file, the first counts.

    Raises:
        InputError: a file is no TOML, or a mapping cannot work; names the line and the mend.
    """
    return tuple(one for path in paths for one in _load(path))


def _load(path: Path) -> tuple[FieldMap, ...]:
    found = validated(_MapFile, read_toml(path), where=str(path)).map
    text = path.read_text(encoding="utf-8")
    if not found:
        raise InputError("holds no [[map]]", where=str(path), mend="see docs/how-to/mapping.md for one to start from")
    for number, one in enumerate(found):
        for key, what, mend in _faults(one):
            raise InputError(f"{one.name}: {what}", where=f"{path}:{_line(text, number, key)}", mend=mend)
    return found


def _faults(one: FieldMap) -> Iterable[tuple[str, str, str]]:
    """(key, what is wrong with it, how to mend it) of a mapping; nothing if it works."""
    if one.kind not in BY_NAME or one.kind in _NOT_FOR_MAPS:
        yield "kind", f"no kind called {one.kind!r} can be mapped", _like(one.kind, set(BY_NAME) - _NOT_FOR_MAPS)
        return
    if one.form not in ("", *FORMS):
        yield "form", f"no form is called {one.form!r}", "write csv or json"
    if not one.files and not one.has:
        yield "name", "does not say which files it is for", 'give files = ["*.csv"] or has = ["a column"]'
    if len(one.delimiter) > 1:
        yield "delimiter", "a delimiter is one character", 'write e.g. delimiter = ";" or "\\t"'
    if not one.fields:
        yield "name", "maps no column", 'add [map.fields] with lines like src_ip = "their column"'
    if one.time.zone:
        try:
            zoneinfo.ZoneInfo(one.time.zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            yield "zone", f"no zone is called {one.time.zone!r}", 'write e.g. zone = "Europe/Berlin" or "UTC"'
    ours = {c.name for c in BY_NAME[one.kind].all_columns} - _SET_BY_US
    for name in (*one.fields, *one.constants):
        if name not in ours and (name in _SET_BY_US or not BY_NAME[one.kind].open_ended):
            what = "is set by Seawall" if name in _SET_BY_US else f"is no column of {one.kind}"
            mend = "use [map.time] for times, command_raw for commands" if name in _SET_BY_US else _like(name, ours)
            yield name, f"{name} {what}", mend
    for name in one.values:
        if name not in one.fields:
            yield name, f"translates values of {name}, which it does not map", f"add {name} to [map.fields]"


def _like(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), n=3)
    listed = "see docs/reference/events.md for what there is"
    return f"did you mean {' or '.join(near)}? {listed}" if near else listed


def _line(text: str, number: int, key: str) -> int:
    """The line of a key in the `number`th `[[map]]`; of its start if the key stands nowhere."""
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*map\s*\]\]", line)]
    if number >= len(starts):
        return 1
    end = starts[number + 1] if number + 1 < len(starts) else len(lines)
    for form in (rf"[\"']?{re.escape(key)}[\"']?\s*=", rf"\[\s*map\.(?:values\.)?{re.escape(key)}\s*\]"):
        if found := next((i for i in range(starts[number], end) if re.match(rf"\s*{form}", lines[i])), None):
            return found + 1
    return starts[number] + 1
