"""Nothing leaves that any marking holds back: not by itself, not in a report, not by its name in another object."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seawall.model.tlp import Light
from seawall.sharing.graph import definitions, lights, named_ids, releasable


def _id(kind: str, number: int) -> str:
    return f"{kind}--00000000-0000-4000-8000-{number:012d}"


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[Light]]:
    """Objects that mark and name each other at random, loops too, a secret in each; and what each must be at least."""
    count = draw(st.integers(1, 12))
    kinds = [draw(st.sampled_from(["indicator", "report", "relationship", "note", "grouping"])) for _ in range(count)]
    objects: list[dict[str, Any]] = []
    least: list[Light] = []
    for number, kind in enumerate(kinds):
        one: dict[str, Any] = {"type": kind, "id": _id(kind, number), "name": f"secret-{number}-"}
        whole = draw(st.lists(st.sampled_from(list(Light)), max_size=2))
        part = draw(st.lists(st.sampled_from(list(Light)), max_size=2))
        if whole:
            one["object_marking_refs"] = [light.marking for light in whole]
        if part:
            one["granular_markings"] = [{"marking_ref": light.marking, "selectors": ["name"]} for light in part]
        named = [_id(kinds[other], other) for other in draw(st.lists(st.integers(0, count - 1), max_size=3))]
        where = draw(st.sampled_from(["object_refs", "source_ref", "deep"]))
        if named:
            one |= {"deep": {"a": [{"x_ref": named[0]}]}} if where == "deep" else {where: named}
        objects.append(one)
        least.append(max([*whole, *part], default=Light.AMBER_STRICT))
    return objects, least


@given(worlds(), st.sampled_from(list(Light)))
def test_no_secret_and_no_name_of_anything_stricter_reaches_a_receiver(
    world: tuple[list[dict[str, Any]], list[Light]], clearance: Light
) -> None:
    objects, least = world
    text = json.dumps(releasable(objects, clearance)[0])
    for number, one in enumerate(objects):
        if least[number] > clearance:
            assert f"secret-{number}-" not in text
            assert one["id"] not in text
        if least[number] > clearance and one["type"] in ("report", "grouping"):
            for name in named_ids(one):
                assert f'"id": "{name}"' not in text


@given(worlds(), st.sampled_from(list(Light)))
def test_everything_goes_or_stays_and_more_clearance_never_shows_less(
    world: tuple[list[dict[str, Any]], list[Light]], clearance: Light
) -> None:
    objects, least = world
    go, stay = releasable(objects, clearance)
    assert len(go) + len(stay) == len(objects)
    assert all(light >= floor for light, floor in zip(lights(objects), least, strict=True))
    more = {one["id"] for one in releasable(objects, Light.RED)[0]}
    assert {one["id"] for one in go} <= more == {one["id"] for one in objects}


def test_objects_that_name_nobody_strict_do_leave() -> None:
    free = {"type": "indicator", "id": _id("indicator", 1), "object_marking_refs": [Light.GREEN.marking]}
    strict = {"type": "indicator", "id": _id("indicator", 2), "object_marking_refs": [Light.RED.marking]}
    about = {
        "type": "sighting",
        "id": _id("sighting", 3),
        "object_marking_refs": [Light.GREEN.marking],
        "sighting_of_ref": strict["id"],
    }
    assert releasable([free, strict, about], Light.GREEN)[0] == [free]


def test_a_stricter_version_calls_the_older_one_back_and_a_looser_one_frees_only_itself() -> None:
    green, red = [Light.GREEN.marking], [Light.RED.marking]
    one = {"type": "indicator", "id": _id("indicator", 1)}
    loose, strict = {**one, "modified": "2026-01-01", "object_marking_refs": green}, {**one, "object_marking_refs": red}
    assert lights([loose, {**strict, "modified": "2026-01-02"}]) == [Light.RED, Light.RED]
    freed = lights([loose, {**strict, "modified": "2025-01-01"}])
    assert freed == [Light.RED, Light.RED], "another version of it is red: its id tells of that one"


def test_two_definitions_of_one_id_count_as_the_stricter_and_an_unreadable_one_as_red() -> None:
    mark = {"type": "marking-definition", "id": "marking-definition--x", "definition_type": "tlp"}
    told = definitions([{**mark, "definition": {"tlp": "green"}}, {**mark, "definition": {"tlp": "red"}}])
    assert told["marking-definition--x"] is Light.RED
    assert definitions([mark, {**mark, "definition": {"tlp": "white"}}])["marking-definition--x"] is None


def test_a_loop_of_ten_thousand_ends() -> None:
    ring = [
        {"type": "note", "id": _id("note", n), "object_refs": [_id("note", (n + 1) % 10_000)]} for n in range(10_000)
    ]
    ring[7]["object_marking_refs"] = [Light.RED.marking]
    assert set(lights(ring)) == {Light.RED}
