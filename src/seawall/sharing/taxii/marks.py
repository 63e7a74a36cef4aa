"""How strictly an object is marked, as a rank: 0 clear to 4 red. The law itself is `sharing.marking`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from seawall.sharing.graph import definitions as meanings
from seawall.sharing.marking import own_light, wanted_light


def rank(light: str) -> int:
    """0 for clear to 4 for red."""
    return int(wanted_light(light))


def light_of(unmarked: str, definitions: Iterable[Any] = ()) -> Callable[[Mapping[str, Any]], int]:
    """The strictest marking of an object, granular ones included; `unmarked` where none of TLP marks it.

    `definitions` may hold marking definitions among other things; a marking that none of them explains is red,
    and one that several explain differently is the strictest of them, whoever came last.
    """
    defined = meanings(one for one in definitions if isinstance(one, dict))
    default = wanted_light(unmarked)
    return lambda one: int(own_light(one, defined=defined, default=default))
