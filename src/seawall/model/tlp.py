"""The Traffic Light Protocol 2.0 (FIRST, August 2022), and the ids by which STIX marks objects with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import IntEnum
from typing import Final

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
