"""Marking is law: the Traffic Light Protocol 2.0 (FIRST, August 2022) as STIX 2.1 marks objects with it.

An object may go to a receiver whose clearance is at least its light. Its light is the strictest of everything that
marks it, granular markings too; unmarked is never clear; a marking nobody here can read keeps an object in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any, Final

from seawall.errors import UsageError

_FORM: Final = re.compile(r"(?:tlp[:\s_-]*)?(white|clear|green|amber(?:[+\s_-]*strict)?|red)", re.I)
EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"  # TLP 2.0 (OASIS common objects)


class Light(IntEnum):
    """The lights of TLP 2.0, the strictest highest."""

    CLEAR = 0  # anyone
    GREEN = 1  # the community, not public channels
    AMBER = 2  # the organisation and its clients
    AMBER_STRICT = 3  # the organisation alone
    RED = 4  # named people, in this exchange; never by machine

    @property
    def word(self) -> str:
        """`amber+strict`, as settings and STIX write it."""
        return self.name.lower().replace("_", "+")

    @property
    def label(self) -> str:
        """`TLP:AMBER+STRICT`, as people write it."""
        return f"TLP:{self.word.upper()}"

    @property
    def marking(self) -> str:
        """The id of its STIX 2.1 marking definition."""
        return f"marking-definition--{_IDS[self]}"


UNMARKED: Final = Light.AMBER_STRICT  # what is not marked is treated so, unless its collection says otherwise
BY_MACHINE: Final = Light.AMBER_STRICT  # the highest clearance a program's request may have

_WORDS: Final[Mapping[str, Light]] = {
    "white": Light.CLEAR,
    "amberstrict": Light.AMBER_STRICT,
    **{light.word: light for light in Light},
}
_IDS: Final[Mapping[Light, str]] = {
    Light.CLEAR: "94868c89-83c2-464b-929b-a1a8aa3c8487",
    Light.GREEN: "bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    Light.AMBER: "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    Light.AMBER_STRICT: "939a9414-2ddd-4d32-a0cd-375ea402b003",
    Light.RED: "e828b379-4e03-4974-9ac4-e53a884c97c1",
}
# STIX 2.1, 7.2.1.4: TLP 1.0. Its amber let nobody but the organisation read, unless the source said otherwise.
LIGHTS: Final[Mapping[str, Light]] = {
    **{light.marking: light for light in Light},
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Light.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Light.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Light.AMBER_STRICT,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Light.RED,
}


def light_of(text: object, *, version1: bool = False) -> Light | None:
    """The light a text names (`TLP:AMBER`); None if it names none. TLP 1.0 amber counts as the strict one."""
    found = _FORM.fullmatch(text.strip()) if isinstance(text, str) and len(text) < 40 else None
    if found is None:
        return None
    word = re.sub(r"[^a-z]", "", found[1].lower())
    if word == "amber" and version1:
        return Light.AMBER_STRICT
    return _WORDS[word]


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
