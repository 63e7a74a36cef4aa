"""One world with every kind of beat in it, each between two hosts of its own: asked once, judged case by case."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from seawall.detect.analytics.beacon import ANALYTIC
from seawall.model.finding import Finding
from seawall.model.site import Site
from tests.detect.traffic.flowing import DAY, HOUR, beat, flow, one_way, people
from tests.detect.worlds import findings, world

Rows = list[dict[str, Any]]


def _random(src: str, dst: str) -> Rows:
    chance, at, rows = random.Random(5), 0.0, []
    while at < 2 * DAY:
        rows.append(flow(at, src, dst, 443, chance.randrange(300, 40_000)))
        at += chance.expovariate(1 / 400)
    return rows


def _growing(src: str, dst: str) -> Rows:
    rows, at, wait = [], 0.0, 60.0
    while at < 2 * DAY:
        rows.append(flow(at, src, dst, 443))
        at, wait = at + wait, wait * 1.6 if wait < 7_200 else 60.0
    return rows


def _missed(src: str, dst: str) -> Rows:
    chance = random.Random(9)
    return [row for row in beat(src, dst, every=300) if chance.random() < 0.7]


def _office(src: str, dst: str) -> Rows:
    return [row for row in beat(src, dst, every=240, jitter=0.2) if 8 * HOUR <= row["at"] % DAY < 17 * HOUR]


def _bursts(src: str, dst: str) -> Rows:
    return [flow(row["at"] + n * 9, src, dst, 443) for row in beat(src, dst, every=3_600) for n in range(5)]


def _crowd(port: int, every: float) -> Callable[[str, str], Rows]:
    return lambda src, dst: [r for n in range(14) for r in beat(f"{src}{n}", dst, port, every=every, until=DAY / 2)]


def _polls(src: str, dst: str) -> Rows:
    return [row for n in range(20) for row in beat(src, f"10.255.0.{n}", 161, every=600, until=DAY / 4)]


def _own_callers(port: int) -> Callable[[str, str], Rows]:
    """A server of ours that others call, and that calls out itself."""
    callers = lambda src: [row for n in range(5) for row in beat(f"{src}{n}", src, port, every=7_000, jitter=0.9)]  # noqa: E731
    return lambda src, dst: [*callers(src), *beat(src, dst, port)]


def _beat(**how: Any) -> Callable[[str, str], Rows]:
    return lambda src, dst: beat(src, dst, **how)


TOLD: dict[str, Callable[[str, str], Rows]] = {
    "a clock": _beat(jitter=0.0),
    "half its wait off": _beat(jitter=0.5),
    "three of ten missed": _missed,
    "office hours only": _office,
    "began at the end": _beat(every=180, start=1.8 * DAY),
    "every six hours": _beat(every=6 * HOUR, jitter=0.05, until=3 * DAY),
    "carries nothing": _beat(sent=0, got=0),
    "bursts every hour": _bursts,
    "waits grow and start again": _growing,
    "UDP on an odd port": _beat(port=2123, proto="udp"),
    "a web server that calls out": _own_callers(443),
    "told by one-way flows": lambda src, dst: one_way(beat(src, dst)),
}
QUIET: dict[str, Callable[[str, str], Rows]] = {
    "random calls": _random,
    "NTP of many": _crowd(123, 1_024),
    "update check of many": _crowd(443, 3_600),
    "polls of a management station": _polls,
    "a scanner outside on a timer": lambda src, dst: beat(dst, src, 22, until=DAY / 4),
    "sampled flows": _beat(sampling=1_000),
    "a resolver that asks another": _own_callers(53),
    "a server the site knows": _beat(),
    "four calls": _beat(until=1_900),
}


@pytest.fixture(scope="module")
def told() -> dict[str, Finding]:
    """What is told of which client (or of the server outside, for scanners)."""
    rows = people(8)
    for number, make in enumerate((*TOLD.values(), *QUIET.values()), start=1):
        rows += make(f"10.20.{number}.1", f"203.0.113.{number}")
    known = 1 + len(TOLD) + list(QUIET).index("a server the site knows")
    site = Site(known_servers=(f"203.0.113.{known}/32",))
    return {entity.value: found for found in findings(ANALYTIC, world(flows=rows), site) for entity in found.entities}


@pytest.mark.parametrize("case", TOLD)
def test_a_beat_is_told_where_nothing_speaks_for_a_harmless_timer(told: dict[str, Finding], case: str) -> None:
    assert f"203.0.113.{1 + list(TOLD).index(case)}" in told


@pytest.mark.parametrize("case", QUIET)
def test_a_harmless_timer_is_not_told(told: dict[str, Finding], case: str) -> None:
    number = 1 + len(TOLD) + list(QUIET).index(case)
    assert not [name for name in told if name.startswith(f"10.20.{number}.1") or name == f"203.0.113.{number}"]


def test_the_finding_names_its_terms(told: dict[str, Finding]) -> None:
    found = told["203.0.113.1"]
    assert found.why == (
        "10.20.1.1 called 203.0.113.1 port 443 288 times, every 600.0 s (score 0.881: evenness 1.0, missed 0.0; hosts "
        "that call it: 1; for a harmless timer: no other host calls it -1.5, octets of a call -0.5)"
    )
    assert {(e.value, e.role) for e in found.entities} == {("10.20.1.1", "source"), ("203.0.113.1", "target")}
