"""Many Windows events turned into columns at once, shape by shape: most events of a log are of a few shapes.

What a column holds is what `windows_fields.flatten` says of each event alone; the events of one shape are only read
together, key by key. Where that could give anything else (two fields of one name, mixed forms) they are read singly.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import Any, Final, NamedTuple

from seawall.sources.windows_fields import INTS, MAX_DEPTH, Names, NotAnEventError, flatten, text_of, whole

Columns = dict[str, list[Any]]

_FEW: Final = 4  # events of one shape, from which on reading them together is quicker
_MAX_KEYS: Final = 256  # different keys of one part of events of one shape; more is hardly a log
_INT64: Final = 2**63


class _OddError(ValueError):
    """These events are better read one by one."""


class Part(NamedTuple):
    """Events of one shape, or of several odd ones."""

    indices: list[int]  # of the events, ascending
    columns: Columns


def parts_of(documents: Sequence[Any], names: Names) -> tuple[list[Part], dict[int, str]]:
    """The columns of events given as JSON gives them, part by part, and why (by index) some are none.

    Each of the other events is in one part. Columns hold texts, ints where `windows` has them, None for no value.
    """
    parts: list[Part] = []
    singles: dict[int, dict[str, Any]] = {}
    faults: dict[int, str] = {}
    for shape, indices in _shapes(documents).items():
        events = [documents[index] for index in indices]
        if shape and len(events) >= _FEW:
            try:
                parts.append(Part(indices, _together(events, names)))
                continue
            except (_OddError, NotAnEventError):
                pass
        for index, document in zip(indices, events, strict=True):
            try:
                singles[index] = flatten(document, names)
            except NotAnEventError as error:
                faults[index] = str(error)
    if singles:
        parts.append(_of_rows(singles))
    for part in parts:
        for name in INTS & part.columns.keys():  # a field of the event's own data may have that name, and hold a text
            part.columns[name] = [value if type(value) is int else None for value in part.columns[name]]
    return parts, faults


def _of_rows(rows: Mapping[int, Mapping[str, Any]]) -> Part:
    """One part of events read one by one."""
    indices = sorted(rows)
    columns: Columns = {}
    for place, index in enumerate(indices):
        for name, value in rows[index].items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = [None] * len(indices)
            column[place] = value
    return Part(indices, columns)


def _shapes(documents: Sequence[Any]) -> dict[tuple[Any, ...], list[int]]:
    """The indices of events by their keys; by no keys those that are hardly events."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for index, document in enumerate(documents):
        try:
            event = document["Event"]
            groups.setdefault((*event, 0, *event["System"], 0, *(event.get("EventData") or ())), []).append(index)
        except (TypeError, KeyError, AttributeError):
            groups.setdefault((), []).append(index)
    return groups


def joined(parts: Sequence[Part]) -> Part:
    """Several parts as one."""
    places = [index for part in parts for index in part.indices]
    if len(parts) == 1:
        return parts[0]
    back = itemgetter(*sorted(range(len(places)), key=places.__getitem__))
    columns: Columns = {}
    for name in dict.fromkeys(chain.from_iterable(part.columns for part in parts)):
        together: list[Any] = []
        for indices, part in parts:
            together += part.get(name) or [None] * len(indices)
        columns[name] = list(back(together))
    return Part(sorted(places), columns)


def _together(documents: Sequence[Any], names: Names) -> Columns:
    """The columns of events of one shape. Raises _OddError if they must be read one by one."""
    events = [document["Event"] for document in documents]
    systems = [event["System"] for event in events]
    if {*map(type, events), *map(type, systems)} != {dict}:
        raise _OddError
    columns: Columns = {}
    for key in events[0]:
        if key == "System" or key == "#attributes":
            continue
        values = [value if type(value) is dict else {} for value in map(itemgetter(key), events)]
        _put_all(columns, values, names, "RenderingInfo_" if key == "RenderingInfo" else "", 0)
    _put_system(columns, systems, names)
    return columns


def _across(values: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Sequence[Any]]]:
    """Each key of some objects with its value in every one of them, None where it has none."""
    shapes = set(map(tuple, values))
    if len(shapes) == 1:
        yield from zip(shapes.pop(), zip(*map(dict.values, values), strict=True), strict=True)  # type: ignore[arg-type]
        return
    keys = dict.fromkeys(chain.from_iterable(values))
    if len(keys) > _MAX_KEYS:
        raise _OddError
    for key in keys:
        yield key, [value.get(key) for value in values]


def _put_all(columns: Columns, values: Sequence[Mapping[str, Any]], names: Names, prefix: str, depth: int) -> None:
    for key, cells in _across(values):
        kinds = set(map(type, cells))
        if kinds == _STR:
            _put(columns, names.of(prefix + key), list(cells))
        elif dict in kinds:
            _put_objects(columns, key, cells, names, prefix, depth)
        elif key == "xmlns" and str in kinds:
            raise _OddError
        elif kinds != _NONE and key != "xmlns":
            _put(columns, names.of(prefix + key), _texts(cells, kinds))


def _put_objects(columns: Columns, key: str, cells: Sequence[Any], names: Names, prefix: str, depth: int) -> None:
    """Put columns for elements within elements, if all are of one form."""
    if key == "xmlns" or depth >= MAX_DEPTH or set(map(type, cells)) != {dict} or len(set(map(tuple, cells))) > 1:
        raise _OddError
    if key == "#attributes":
        # On EventData itself an attribute says what the data is; further in it is data.
        inner = [{k if depth else f"EventData_{k}": v for k, v in cell.items() if k != "xmlns"} for cell in cells]
        _put_all(columns, inner, names, prefix, depth + 1)
    elif "#text" in cells[0]:
        _put(columns, names.of(prefix + key), [text_of(cell["#text"]) for cell in cells])
    else:
        _put_all(columns, cells, names, prefix, depth + 1)


def _put_system(columns: Columns, systems: Sequence[Mapping[str, Any]], names: Names) -> None:
    for key, values in _across(systems):
        cells, kinds = values, set(map(type, values))
        if dict in kinds:
            if key != "TimeCreated":
                _put_attributes(columns, key, cells, names)
            cells = [value.get("#text") if type(value) is dict else value for value in values]
            kinds = set(map(type, cells))
        if kinds == _NONE:
            continue
        if key not in INTS:
            _put(columns, names.of(key), _texts(cells, kinds))
        elif kinds == _INT and min(cells) >= 0 and max(cells) < _INT64:
            _put(columns, key, list(cells))
        else:
            _put(columns, key, [None if value is None else whole(value) for value in cells])


def _put_attributes(columns: Columns, key: str, cells: Sequence[Any], names: Names) -> None:
    """Put columns for the attributes of one element of System; those without a value are left out."""
    found = [value.get("#attributes") if type(value) is dict else None for value in cells]
    for name, values in _across([value if type(value) is dict else {} for value in found]):
        texts = [None if value == "" else value for value in _texts(values, set(map(type, values)))]
        if any(text is not None for text in texts):
            _put(columns, names.of(f"{key}_{name}"), texts)


def _put(columns: Columns, name: str, cells: list[Any]) -> None:
    if name in columns:
        raise _OddError
    columns[name] = cells


def _texts(cells: Sequence[Any], kinds: set[type]) -> list[str | None]:
    """Values as texts, None staying None."""
    if kinds <= _TEXTS:
        return list(cells)
    if kinds == _INT:
        return list(map(str, cells))
    return [value if value is None or type(value) is str else text_of(value) for value in cells]


_STR: Final = {str}
_INT: Final = {int}
_NONE: Final = {NoneType}
_TEXTS: Final = {str, NoneType}
