"""Reads duties from YAML: those that come with Seawall, then folders of your own laid over them.

A duty of an own file that has the id of another replaces only the keys it states; that is how counsel switches a text
on. Every complaint names file and line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import time
from pathlib import Path
from typing import Any, Final

import yaml

from seawall.errors import InputError
from seawall.model.validation import validated
from seawall.reporting.duties.deadlines import zone_of
from seawall.reporting.duties.duty import Calendar, Deadline, Duties, Duty, Question
from seawall.reporting.duties.filling import FILLERS

FOLDER: Final = Path(__file__).parents[2] / "content" / "duties"
MAX_BYTES: Final = 1 << 20
MAX_NODES: Final = 100_000
MAX_DEPTH: Final = 12
MAX_FILES: Final = 200
MOST: Final[dict[str, int]] = {"hours": 24_000, "days": 1_000, "months": 120, "business_days": 500}
FILLED: Final = frozenset({*FILLERS, "started"})
_TOP: Final = ("starts", "jurisdictions", "calendars", "fields", "duties")
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Lines = dict[tuple[str | int, ...], int]


def load(folders: Iterable[Path] = ()) -> Duties:
    """The duties that come with Seawall, with those of `folders` laid over them, in order.

    Raises:
        InputError: a file is no YAML, or says something nobody reads; it names file and line.
    """
    raw: dict[str, dict[str, Any]] = {name: {} for name in _TOP}
    places: dict[tuple[str, str], tuple[str, int, Lines]] = {}
    for folder in (FOLDER, *folders):
        for path in _files(folder):
            held, lines = _read(path)
            for kind, name, value, place in _entries(held, lines, str(path)):
                base = raw[kind].get(name) if kind == "duties" and folder != FOLDER else None
                raw[kind][name] = {**base, **value} if isinstance(base, dict) else value
                places[kind, name] = (str(path), *place)
    duties = _validated(raw, places)
    for duty in duties.duties.values():
        _check(duty, duties, places["duties", duty.id])
    for name, question in duties.fields.items():
        if question.fill and question.fill not in FILLED:
            file, line, lines = places["fields", name]
            raise InputError(
                f"{name}: nothing fills {question.fill!r}",
                where=f"{file}:{lines.get(('fill',), line)}",
                mend=f"one of {', '.join(sorted(FILLED))}, or leave it out",
            )
    return _superseded(duties)


def _files(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        raise InputError("no folder of duties", where=str(folder), mend="name a folder that holds .yml files")
    files = sorted(path for path in folder.iterdir() if path.suffix in (".yml", ".yaml"))
    if len(files) > MAX_FILES:
        raise InputError(f"more than {MAX_FILES} files of duties", where=str(folder), mend="name the right folder")
    return files


def _read(path: Path) -> tuple[dict[str, Any], Lines]:
    """A file's values, and the line each stands in."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"more than {MAX_BYTES >> 20} MiB", where=str(path), mend="split the file")
        loader = _LOADER(path.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            lines: Lines = {}
            values = _values(node, (), lines, loader, str(path)) if node is not None else {}
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise InputError(f"no YAML: {error.problem or error}", where=where, mend="mend the YAML there") from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError, RecursionError, ValueError) as error:
        raise InputError(" ".join(str(error).split()), where=str(path), mend="mend the file") from error
    if not isinstance(values, dict):
        raise InputError("no duties in it", where=f"{path}:1", mend=f"begin with one of: {', '.join(_TOP)}")
    return values, lines


def _values(node: yaml.Node, at: tuple[str | int, ...], lines: Lines, loader: Any, where: str) -> Any:
    """Plain values of a tree of nodes; `lines` learns where each stood. Anchors are followed, but bounded."""
    line = node.start_mark.line + 1
    lines.setdefault(at, line)
    if len(lines) > MAX_NODES or len(at) > MAX_DEPTH:
        raise InputError("nested too deeply, or too large", where=f"{where}:{line}", mend="keep to the form of ours")
    if isinstance(node, yaml.MappingNode):
        held: dict[Any, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if not name or name in held:
                what = f"{name!r} stands there twice" if name else "a key that is no word"
                raise InputError(what, where=f"{where}:{key.start_mark.line + 1}", mend="keep one of them")
            lines[(*at, name)] = key.start_mark.line + 1
            held[name] = _values(value, (*at, name), lines, loader, where)
        return held
    if isinstance(node, yaml.SequenceNode):
        return [_values(one, (*at, n), lines, loader, where) for n, one in enumerate(node.value)]
    return loader.construct_object(node)


def _entries(held: Mapping[str, Any], lines: Lines, where: str) -> Iterable[tuple[str, str, Any, tuple[int, Lines]]]:
    """Each entry of a file: what it is, its name, its values, its line."""
    for kind, entries in held.items():
        if kind not in _TOP:
            mend = f"write one of {', '.join(_TOP)}"
            raise InputError(f"nobody reads {kind!r}", where=f"{where}:{lines[kind,]}", mend=mend)
        named = kind == "duties"
        if not isinstance(entries, list if named else dict):
            form = "a list, each with an `id`" if named else "names with their values"
            raise InputError(f"{kind} is not {form}", where=f"{where}:{lines[kind,]}", mend="see docs/how-to/duties.md")
        pairs: Iterable[tuple[Any, Any]] = enumerate(entries) if isinstance(entries, list) else entries.items()
        for key, value in pairs:
            line = lines[kind, key]
            name = value.get("id") if named and isinstance(value, dict) else key
            if not isinstance(name, str) or not name:
                raise InputError("a duty without an id", where=f"{where}:{line}", mend="begin it with `id:`")
            yield kind, name, value, (line, {at[2:]: n for at, n in lines.items() if at[:2] == (kind, key)})


def _validated(
    raw: Mapping[str, Mapping[str, Any]], places: Mapping[tuple[str, str], tuple[str, int, Lines]]
) -> Duties:
    made: dict[str, dict[str, Any]] = {name: {} for name in _TOP}
    kinds: dict[str, type[Any]] = {"duties": Duty, "calendars": Calendar, "fields": Question}
    for kind, entries in raw.items():
        for name, value in entries.items():
            path, line, lines = places[kind, name]
            if kind == "starts":
                if not isinstance(value, str):
                    raise InputError(f"{name} asks nothing", where=f"{path}:{line}", mend="write its question as text")
                made[kind][name] = value
                continue
            if kind == "jurisdictions":
                if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
                    raise InputError(f"{name} lists no countries", where=f"{path}:{line}", mend="e.g. UK: [GB]")
                made[kind][name] = tuple(value)
                continue
            if not isinstance(value, dict):
                raise InputError(f"{name} is no set of keys", where=f"{path}:{line}", mend="see docs/how-to/duties.md")
            made[kind][name] = validated(kinds[kind], value, where=path, lines={(): line, **lines})
    return Duties(**made)


def _check(duty: Duty, all_: Duties, place: tuple[str, int, Lines]) -> None:
    """What the form alone does not say: amounts, names of calendars, fields and starts."""
    path, line, lines = place

    def wrong(what: str, key: str, mend: str) -> InputError:
        at = lines.get((key,), line)
        return InputError(f"{duty.id}: {what}", where=f"{path}:{at}", mend=mend)

    for key in ("deadline", "earliest", "target"):
        given: Deadline | None = getattr(duty, key)
        if given is not None and (what := _wrong_deadline(given, all_)):
            raise wrong(f"{key}: {what}", key, "e.g. {hours: 72} or {business_days: 7, calendar: US-federal}")
    for name in duty.fields:
        if name not in all_.fields:
            raise wrong(f"no field is called {name!r}", "fields", f"one of {', '.join(all_.fields)}, or add one")
    known = all_.duties if duty.follows else all_.starts
    if duty.clock not in known:
        raise wrong(f"no start is called {duty.start!r}", "start", f"one of {', '.join(all_.starts)}, or `sent DUTY`")
    try:
        zone_of(duty.zone)
    except InputError as error:
        raise wrong(error.what, "zone", error.mend or "") from None
    for name in duty.supersedes:
        if name not in all_.duties:
            raise wrong(f"supersedes {name!r}, which is no duty", "supersedes", "write the id of another duty")


def _wrong_deadline(deadline: Deadline, all_: Duties) -> str:
    if len(deadline.amounts) != 1:
        return "one amount is needed: hours, days, months, business_days or yearly"
    (name,) = deadline.amounts
    amount = getattr(deadline, name)
    if name in MOST and not 0 < amount <= MOST[name]:
        return f"{name} is from 1 to {MOST[name]}"
    if name == "yearly" and not _is_day(str(amount)):
        return "yearly is a day as MM-DD"
    if name == "business_days" and deadline.calendar not in all_.calendars:
        return f"no calendar is called {deadline.calendar!r}; there are {', '.join(all_.calendars)}"
    if deadline.until not in ("", "moment", "end_of_day") and not _is_hour(deadline.until):
        return "until is moment, end_of_day or HH:MM"
    return ""


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(f"2028-{text}")
    except ValueError:
        return False
    return True


def _is_hour(text: str) -> bool:
    try:
        return time.fromisoformat(text).tzinfo is None
    except ValueError:
        return False


def _superseded(held: Duties) -> Duties:
    """A text that came into force ends those it names, on the same day."""
    ended = dict(held.duties)
    for duty in held.duties.values():
        for name in duty.supersedes:
            old = ended[name]
            if duty.binding and duty.since is not None and (old.ends is None or duty.since < old.ends):
                ended[name] = replace(old, ends=duty.since)
    return replace(held, duties=ended)
