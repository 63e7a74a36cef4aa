"""Findings a page at a time, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seawall.model.compartment import TAG
from seawall.state import open_state, paging
from tests.response.findings import AT, finding


def test_pages_behind_one_another_are_the_whole_list_and_nothing_of_the_intercept_case(address: str) -> None:
    found = [
        replace(finding(f"{number:032x}"), first=AT + timedelta(seconds=number // 3), detector=f"d.{number % 2}")
        for number in range(20)
    ]
    kept_apart = replace(finding("f" * 32), tags=(TAG,))
    with open_state(address) as state:
        state.save_findings([*reversed(found), kept_apart])
        walked, after = [], None
        while page := paging.findings_after(state, after, limit=3):
            walked += page
            after = (page[-1].first, page[-1].id)
        assert [one.id for one in walked] == [one.id for one in found]
        mine = paging.findings_after(state, None, detector="d.1", limit=50)
        assert [one.id for one in mine] == [one.id for one in found if one.detector == "d.1"]
        assert paging.findings(state, [one.id for one in found[:4]] + ["0" * 31 + "z"]) == found[:4]
        assert paging.finding(state, found[7].id) == found[7]
        assert paging.finding(state, "0") is None, "several start so"
