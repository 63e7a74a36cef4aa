from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.audit.releases import Held, order, plain, release, span

IN_ORDER = {
    "iosxe": "3.8.5E 3.8.10E 16.12.10 16.12.10a 17.3.8 17.3.8a 17.6.5a 17.6.6 17.6.6a 17.9.4 17.9.4a 17.9.10 17.12.2",
    "asa": "9.8(2) 9.12(4)65 9.12(4)67 9.14.1 9.18.4.22",
    "junos": "20.4R3-S9 21.2R3-S8 21.4R1 21.4R3 21.4R3-S9 21.4R3-S10 21.4R3-S10.2 22.2R1",
    "panos": "10.2.0 10.2.9 10.2.9-h1 10.2.9-h11 10.2.10 11.0.4-h1",
    "fortios": "6.0.16 6.0.17 7.0.9 7.0.12 7.2.0",
    "nxos": "7.0(3)I4(5) 7.0(3)I7(3) 9.2(3) 9.3(5) 10.2(1)",
}


@pytest.mark.parametrize("platform", IN_ORDER)
def test_releases_of_a_platform_stand_in_order(platform: str) -> None:
    found = [release(text, platform) for text in IN_ORDER[platform].split()]
    for older, newer in pairwise(found):
        assert older is not None
        assert newer is not None
        assert order(older.tokens, newer.tokens) < 0, (older.text, newer.text)


@pytest.mark.parametrize(
    ("platform", "text", "of", "held"),
    [
        ("iosxe", "17.9.4", span("17.7", ("17.9.4a",)), Held.YES),
        ("iosxe", "17.9.4a", span("17.7", ("17.9.4a",)), Held.NO),
        ("iosxe", "17.09.04", span("17.7", ("17.9.4a",)), Held.YES),  # as `show version` of some boxes prints it
        ("iosxe", "17.9", span("17.7", ("17.9.4a",)), Held.PARTLY),
        ("iosxe", "17.8", span("17.7", ("17.9.4a",)), Held.YES),
        ("iosxe", "17.6", span("17.7", ("17.9.4a",)), Held.NO),
        ("iosxe", "17.12", span("17.7", ("17.9.4a",)), Held.NO),
        ("asa", "9.12(4)65", span("9.8", ("9.12.4.67",)), Held.YES),
        ("asa", "9.12(4)67", span("9.8", ("9.12.4.67",)), Held.NO),
        ("junos", "24.2R1", span("24.2", ("24.2R1-S2", "24.2R2")), Held.YES),
        ("junos", "24.2R1-S3", span("24.2", ("24.2R1-S2", "24.2R2")), Held.NO),
        ("junos", "24.2R1.17", span("24.2", ("24.2R1-S2", "24.2R2")), Held.YES),
        ("junos", "24.2R2-S1", span("24.2", ("24.2R1-S2", "24.2R2")), Held.NO),
        ("junos", "21.4R3-S10.2", span("21.4", ("21.4R3-S10",)), Held.NO),
        ("panos", "10.2.9-h1", span("10.2.0", ("10.2.9-h1",)), Held.NO),
        ("panos", "10.1.14", span("10.2.0", ("10.2.9-h1",)), Held.NO),
        ("fortios", "6.0.17", span("6.0.0", (), "6.0.17"), Held.YES),
        ("fortios", "6.0.18", span("6.0.0", (), "6.0.17"), Held.NO),
        ("fortios", "6.0", span("6.0.0", (), "6.0.17"), Held.PARTLY),
    ],
)
def test_a_range_holds_what_an_advisory_means(platform: str, text: str, of: object, held: Held) -> None:
    asked = release(text, platform)
    assert asked is not None
    assert of.holds(asked) is held  # type: ignore[attr-defined]


@pytest.mark.parametrize("text", ["", "unknown", "Ver", "R21"])
def test_what_is_no_release_is_none(text: str) -> None:
    assert release(text, "ios") is None


def test_two_spellings_of_a_build_are_one() -> None:
    assert plain("9.12(4)67") == plain("9.12.4.67")


@given(st.text(max_size=80), st.text(max_size=80))
def test_order_is_an_order_whatever_is_asked(one: str, other: str) -> None:
    found = [release("1." + text, "ios") for text in (one, other)]
    left, right = (of.tokens for of in found if of is not None)
    assert order(left, right) == -order(right, left)
    assert order(left, left) == 0
