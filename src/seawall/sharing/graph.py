"""Which objects of a set may leave together: markings travel along references.

What a report or grouping holds is at least as strict as that report. And an object that names another one by its id
tells of it (an observable's id follows from its value): it stays where the other one stays. Loops end, as lights only
ever rise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from seawall.model.tlp import LIGHTS, Light
from seawall.sharing.marking import UNMARKED, defined_light, own_light

Object = Mapping[str, Any]
_HOLDERS: Final = frozenset({"report", "grouping", "bundle"})
_NOT_NAMING: Final = frozenset({"object_marking_refs", "granular_markings", "external_references"})
_DEPTH: Final = 64


def named_ids(one: Object) -> Iterator[str]:
    """The ids an object names, at any depth of it: `…_ref` and `…_refs`, but not what marks it."""
    waiting: list[tuple[str, Any, int]] = [(k, v, 0) for k, v in one.items() if k not in _NOT_NAMING]
    while waiting:
        key, value, depth = waiting.pop()
        if isinstance(value, str):
            if key.endswith(("_ref", "_refs")):
                yield value
        elif depth < _DEPTH and isinstance(value, Mapping):
            waiting += [(str(k), v, depth + 1) for k, v in value.items()]
        elif depth < _DEPTH and isinstance(value, list):
            waiting += [(key, v, depth + 1) for v in value]


def definitions(objects: Iterable[Object]) -> dict[str, Light | None]:
    """What each marking id means: TLP's own, and the definitions among some objects; doubt counts as the strictest."""
    meaning: dict[str, Light | None] = dict(LIGHTS)
    for one in objects:
        name = one.get("id")
        if one.get("type") != "marking-definition" or not isinstance(name, str) or name in LIGHTS:
            continue
        light = defined_light(one)
        before = meaning.get(name, light)
        meaning[name] = None if light is None or before is None else max(light, before)
    return meaning


def lights(
    objects: Sequence[Object],
    *,
    default: Light = UNMARKED,
    defined: Mapping[str, Light | None] | None = None,
    least: Mapping[str, Light] | None = None,
) -> list[Light]:
    """The light of each object in the company it keeps, in their order.

    `least`: ids known to be at least so strict, from elsewhere (a collection, an earlier version).
    """
    meaning = definitions(objects) if defined is None else defined
    own = [own_light(one, defined=meaning, default=default) for one in objects]
    places: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(objects):
        places[str(one.get("id"))].append(place)
    rising = list(own)
    for name, versions in places.items():
        newest = max(versions, key=lambda place: (str(objects[place].get("modified", "")), own[place]))
        floor = max(own[newest], (least or {}).get(name, Light.CLEAR))
        for place in versions:
            rising[place] = max(rising[place], floor)
    told_by: dict[str, set[str]] = defaultdict(set)  # id → ids of those that name it
    held = list(rising)
    for place, one in enumerate(objects):
        holder = one.get("type") in _HOLDERS
        for name in set(named_ids(one)):
            told_by[name].add(str(one.get("id")))
            if holder:
                for inner in places.get(name, ()):
                    if objects[inner].get("type") != "marking-definition":
                        held[inner] = max(held[inner], rising[place])
    return _spread(objects, held, places, told_by)


def _spread(
    objects: Sequence[Object], found: list[Light], places: Mapping[str, list[int]], told_by: Mapping[str, set[str]]
) -> list[Light]:
    """Lights raised along references until nothing changes: once over each light, the strictest first."""
    of: dict[str, Light] = {name: max(found[place] for place in versions) for name, versions in places.items()}
    for light in sorted(Light, reverse=True):
        waiting = [name for name, known in of.items() if known == light]
        while waiting:
            for teller in told_by.get(waiting.pop(), ()):
                if of[teller] < light:
                    of[teller] = light
                    waiting.append(teller)
    return [of[str(one.get("id"))] for one in objects]


def releasable(
    objects: Sequence[Object],
    clearance: Light,
    *,
    default: Light = UNMARKED,
    defined: Mapping[str, Light | None] | None = None,
    least: Mapping[str, Light] | None = None,
) -> tuple[list[Object], list[Object]]:
    """Those that may go to a receiver, and those that stay; both in their order."""
    go: list[Object] = []
    stay: list[Object] = []
    for one, light in zip(objects, lights(objects, default=default, defined=defined, least=least), strict=True):
        (go if light <= clearance else stay).append(one)
    return go, stay
