"""Marking is law: the Traffic Light Protocol 2.0 (FIRST, August 2022) as STIX 2.1 marks objects with it.

An object may go to a receiver whose clearance is at least its light. Its light is the strictest of everything that
marks it, granular markings too; unmarked is never clear; a marking nobody here can read keeps an object in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from seawall.errors import UsageError
from seawall.model.tlp import EXTENSION, LIGHTS, Light, light_of

UNMARKED: Final = Light.AMBER_STRICT  # what is not marked is treated so, unless its collection says otherwise
BY_MACHINE: Final = Light.AMBER_STRICT  # the highest clearance a program's request may have


def wanted_light(text: str) -> Light:
    """The light a person named. Raises UsageError if there is none of that name."""
    found = light_of(text)
    if found is None:
        raise UsageError(f"no light is called {text!r}", mend=f"one of {', '.join(light.word for light in Light)}")
    return found


def definition(light: Light) -> dict[str, Any]:
    """The marking definition of a light, exactly as OASIS published it."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": light.marking,
        "created": "2022-10-01T00:00:00.000Z",
        "name": light.label,
        "extensions": {EXTENSION: {"extension_type": "property-extension", "tlp_2_0": light.word}},
    }


def defined_light(one: Mapping[str, Any]) -> Light | None:
    """How a marking definition restricts: its light; CLEAR for a statement, which restricts nobody; None if unreadable.

    An id of TLP's own means what TLP says, whatever an object of that id claims.
    """
    known = LIGHTS.get(str(one.get("id")))
    if known is not None:
        return known
    extensions = one.get("extensions")
    said = extensions.get(EXTENSION) if isinstance(extensions, dict) else None
    if isinstance(said, dict):
        return light_of(said.get("tlp_2_0"))
    if isinstance(extensions, dict) and extensions:
        return None  # ACS and its like: a law of their own
    inner = one.get("definition")
    if one.get("definition_type") == "tlp" and isinstance(inner, dict):
        return light_of(inner.get("tlp"), version1=True)
    return Light.CLEAR if one.get("definition_type") == "statement" else None


def markings_of(one: Mapping[str, Any]) -> Iterator[str]:
    """The ids of everything that marks an object, as a whole or in part; an empty id for what names none."""
    refs = one.get("object_marking_refs", [])
    for ref in refs if isinstance(refs, list) else [refs]:
        yield ref if isinstance(ref, str) else ""
    granular = one.get("granular_markings", [])
    for part in granular if isinstance(granular, list) else [granular]:
        if not isinstance(part, Mapping):
            yield ""
        elif "marking_ref" in part:
            yield part["marking_ref"] if isinstance(part["marking_ref"], str) else ""
        elif "lang" not in part:  # a granular marking may only say a language
            yield ""


def own_light(
    one: Mapping[str, Any], *, defined: Mapping[str, Light | None] = LIGHTS, default: Light = UNMARKED
) -> Light:
    """The light of an object by itself: the strictest of what marks it, `default` if no light does.

    `defined`: what each marking id means, beside TLP's own; an id that is not there, or means None, is RED.
    """
    found: list[Light] = []
    for ref in markings_of(one):
        light = LIGHTS.get(ref, defined.get(ref))
        found.append(Light.RED if light is None else light)
    named = any(ref in LIGHTS or (defined.get(ref) or Light.CLEAR) > Light.CLEAR for ref in markings_of(one))
    if one.get("type") == "marking-definition" and one.get("id") in LIGHTS:
        return Light.CLEAR  # the law itself is public
    return max(found) if named and found else max([default, *found])


def may_leave(
    one: Mapping[str, Any],
    clearance: Light,
    *,
    defined: Mapping[str, Light | None] = LIGHTS,
    default: Light = UNMARKED,
) -> bool:
    """Whether an object may go to a receiver, by what marks it. What is around it counts too: `graph.lights`."""
    return own_light(one, defined=defined, default=default) <= clearance
