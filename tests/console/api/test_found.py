"""Lists of findings in pages: whole, in order, and only what was asked for."""

from __future__ import annotations

import pytest

from tests.console.browser import World
from tests.response.findings import finding, incident


def test_a_walk_over_the_pages_gives_each_finding_once(world: World) -> None:
    found = [finding(f"{number:032x}") for number in range(7)]
    world.desk.state.save_findings(found)
    world.desk.state.save_incidents([incident(*found[2:5])])
    world.add("ana", "analyst")
    ana, walked, cursor = world.browser("ana"), list[str](), ""
    while True:
        answer = ana.api("GET", f"/findings?limit=3&cursor={cursor}").json()
        walked += [one["id"] for one in answer["items"]]
        if not (cursor := answer["next"] or ""):
            break
    assert walked == [one.id for one in found]
    of_it = ana.api("GET", f"/incidents/{'c' * 8}/findings").json()["items"]
    assert [one["id"] for one in of_it] == [one.id for one in found[2:5]]
    assert ana.api("GET", f"/findings/{found[3].id}").json()["id"] == found[3].id


@pytest.mark.parametrize("path", ["/findings/0000", "/findings/abcd", "/incidents/abcd"])
def test_what_is_not_there_or_not_one_is_not_found(world: World, path: str) -> None:
    world.desk.state.save_findings([finding("0" * 31 + "1"), finding("0" * 31 + "2")])
    world.add("ana", "analyst")
    assert world.browser("ana").api("GET", path).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "WzFd", "WyJhIiwiYiJd", "WyIyMDI2LTExLTIyVDEyOjAwOjAwIiwiYSJd"])
def test_a_cursor_of_no_list_is_refused(world: World, cursor: str) -> None:
    world.add("ana", "analyst")
    assert world.browser("ana").api("GET", f"/findings?cursor={cursor}").status_code == 422
