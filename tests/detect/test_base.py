"""What every detector is and says: behaviours from tags, and an analytic's rows told as matches."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from seawall.detect.base import About, Analytic, Match, Need
from seawall.detect.subjects import BY_VIEW
from seawall.detect.tables import InMemory
from seawall.model.entities import Entity
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.detect.events import START, table

ABOUT = About("area.all", "Everything typed", Severity.LOW, 50, (Need("commands", ("user",)),))
ANALYTIC = Analytic(ABOUT, BY_VIEW["commands"], lambda views, _: views["commands"])
ROWS = [
    {"at": 0, "device": "PE1", "user": "anna", "raw": "first", "origin": None},
    {"at": 10, "device": "pe2", "raw": "second"},
    {"time": None, "raw": "timeless"},
]


def matches(site: Site, since_s: float | None) -> list[Match]:
    views = InMemory({"commands": table("commands", ROWS)}).ibis().table
    since = None if since_s is None else START + timedelta(seconds=since_s)
    return list(ANALYTIC.matches({"commands": views("commands")}, site, since))


def test_behaviours_are_those_tags_alone_that_name_one() -> None:
    tags = ("behaviour:P-01", "area:ios", "behaviour:D-01", "misbehaviour:X-01")
    assert replace(ABOUT, tags=tags).behaviours == ("P-01", "D-01")


def test_rows_before_the_moment_asked_for_are_left_out_and_those_without_a_time_are_not() -> None:
    assert [m.excerpt for m in matches(Site(), None)] == ["first", "second", "timeless"]
    assert [m.excerpt for m in matches(Site(), 10)] == ["second", "timeless"]


def test_a_match_names_devices_as_the_site_does_and_survives_a_row_without_an_origin() -> None:
    first = matches(Site(devices=(Device("pe1.example.net", aliases=("pe1",)),)), None)[0]
    assert Entity("device", "pe1.example.net", "target") in first.entities
    assert first.origin == ""
    assert len(first.event_id) == 16
