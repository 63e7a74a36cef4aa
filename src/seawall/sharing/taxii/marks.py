"""How strictly an object of a collection is marked (TLP 2.0), as a rank: 0 clear to 4 red."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from seawall.model.taxii import LIGHTS

_TLP: Final = {  # marking-definition ids of TLP 2.0, and those of TLP 1.0 on the safe side (amber = amber+strict)
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": "clear",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "green",
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "amber",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": "amber+strict",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": "red",
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber+strict",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
}


def rank(light: str) -> int:
    """0 for clear to 4 for red."""
    return [str(one) for one in LIGHTS].index(light)


def light_of(unmarked: str) -> Callable[[Mapping[str, Any]], int]:
    """The strictest marking of an object, granular ones included; `unmarked` where it has none of TLP."""
    default = rank(unmarked)

    def strictest(one: Mapping[str, Any]) -> int:
        whole = _list(one.get("object_marking_refs"))
        if one.get("type") == "marking-definition":
            whole = [*whole, one.get("id")]
        parts = [part.get("marking_ref") for part in _list(one.get("granular_markings")) if isinstance(part, dict)]
        return max(max(_ranks(whole), default=default), *_ranks(parts), 0)

    return strictest


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _ranks(names: list[Any]) -> list[int]:
    return [rank(_TLP[name]) for name in names if isinstance(name, str) and name in _TLP]
