"""Chains are told as one thing, whatever order their steps arrive in, at the edges of their windows and no further."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.base import About, Match
from seawall.detect.chains import ALL, MOST_STEPS, Chain, Chains, owners_of
from seawall.detect.group import group
from seawall.model.entities import Entity
from seawall.model.severity import Severity
from seawall.model.site import Device, Site

START = datetime(2026, 11, 21, 22, 59, 30, tzinfo=UTC)  # just before the hour


def noticed(
    second: float, *behaviours: str, device: str = "pe1", severity: Severity = Severity.HIGH, ip: str = ""
) -> Match:
    """What a detector of these behaviours noticed."""
    about = About("rule", "Rule", severity, 50, (), tags=tuple(f"behaviour:{b}" for b in behaviours))
    entities = (
        (Entity("ip", ip, "source"),) if ip else (Entity("device", device, "target"), Entity("account", "ann", "actor"))
    )
    name = repr((second, behaviours, device, ip)).encode()
    return Match(about, name[:64].ljust(16, b"."), START + timedelta(seconds=second), "a.log:1", "x", entities)


def parts(matches: Sequence[Match], chains: tuple[Chain, ...] = ALL, **owners: str) -> list[Match]:
    """The parts of chains among what was noticed."""
    asked = Chains(dict(owners), chains)
    for match in matches:
        asked.add(match)
    return list(asked.matches())


def told(matches: Sequence[Match], chains: tuple[Chain, ...] = ALL, **owners: str) -> set[str]:
    """The chains found among what was noticed."""
    return {part.about.id for part in parts(matches, chains, **owners)}


def steps_of(chain: Chain, last: float) -> list[Match]:
    """The steps of a chain, evenly from now until `last` seconds later."""
    gap = last / (len(chain.steps) - 1)
    return [noticed(n * gap, min(step), severity=Severity.CRITICAL) for n, step in enumerate(chain.steps)]


@pytest.mark.parametrize("chain", ALL, ids=lambda chain: chain.about.id)
@pytest.mark.parametrize("early", [0, 1, -91])
def test_a_chain_holds_to_the_second_its_window_ends(chain: Chain, early: int) -> None:
    edge = chain.within.total_seconds() - early
    assert len(told(steps_of(chain, edge), (chain,))) == (0 if early < -90 else 1)


@pytest.mark.parametrize("chain", ALL, ids=lambda chain: chain.about.id)
def test_shuffled_steps_and_clocks_ninety_seconds_apart_tell_the_same(chain: Chain) -> None:
    steps = steps_of(chain, 30)  # closer together than clocks are apart
    plain = {(part.event_id, part.entities) for part in parts(steps, (chain,))}
    assert plain
    for seed in range(8):
        chance = random.Random(seed)
        skew = [timedelta(seconds=chance.choice((-45, 0, 45))) for _ in steps]
        moved = [replace(m, time=m.time + by) for m, by in zip(steps, skew, strict=True) if m.time]
        chance.shuffle(moved)
        assert {(part.event_id, part.entities) for part in parts(moved, (chain,))} == plain


@given(st.integers(0, 7_200))
def test_no_second_at_which_a_chain_begins_hides_it(second: int) -> None:
    shifted = [replace(m, time=m.time + timedelta(seconds=second)) for m in steps_of(ALL[0], 3_600) if m.time]
    assert told(shifted, ALL[:1]) == {"chain.webui_takeover"}


def test_steps_in_the_wrong_order_are_no_chain() -> None:
    assert told([noticed(0, "X-01"), noticed(600, "C-02"), noticed(1_200, "C-01")]) == set()


def test_steps_on_two_devices_are_no_chain_and_two_names_of_one_are() -> None:
    steps = [noticed(0, "C-01", severity=Severity.CRITICAL), noticed(60, "C-02"), noticed(120, "X-01", device="pe2")]
    assert told(steps) == set()
    steps[-1] = noticed(120, "X-01", device="PE1.example.net")
    assert told(steps) == {"chain.credential_tap", "chain.capture_carried_off"}


def test_the_lowest_severity_is_no_step() -> None:
    copied = noticed(120, "X-01", severity=Severity.INFORMATIONAL)
    assert told([noticed(0, "C-01"), noticed(60, "C-02"), copied]) == set()


def test_one_event_is_one_step() -> None:
    assert told([noticed(0, "E-01", "N-01", "E-04")]) == set()


def test_a_flow_from_an_address_of_the_device_is_a_step_on_it() -> None:
    steps = [noticed(0, "E-01"), noticed(60, "N-01", ip="192.0.2.1"), noticed(120, "E-04")]
    assert told(steps) == set()
    (found,) = group(parts(steps, **{"192.0.2.1": "pe1.example.net"}))
    assert found.why == "pe1: E-01 at 22:59:30, N-01 at 23:00:30, E-04 at 23:01:30"


def test_the_site_file_says_whose_an_address_is() -> None:
    assert owners_of({}, Site(devices=(Device("pe1", addresses=("192.0.2.1",)),)))["192.0.2.1"] == "pe1"


def test_ten_thousand_matches_on_one_device_are_bounded() -> None:
    steps = [noticed(n, "P-10", "P-12", "N-02") for n in range(25_000)]
    found = parts(steps, tuple(chain for chain in ALL if not chain.ordered))
    assert len(found) == MOST_STEPS
    assert found[0].details["left_out"]


def test_a_nightly_backup_carries_no_capture_off() -> None:
    capture, backup = noticed(0, "C-05"), noticed(3600, "K-01", "X-01", severity=Severity.LOW)
    assert told([capture, backup]) == set()
    assert told([capture, noticed(3600, "X-01", severity=Severity.MEDIUM)]) == {"chain.capture_carried_off"}
