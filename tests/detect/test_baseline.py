from __future__ import annotations

import pytest

from seawall.detect.baseline import ENOUGH_EVENTS, expected, judged
from seawall.model.site import Person, Site


@pytest.mark.parametrize(
    ("events", "days", "confidence"),
    [(5_000, 30.0, 60), (ENOUGH_EVENTS, 7.0, 60), (5_000, 0.0, 24), (20, 30.0, 28), (5_000, 3.5, 42)],
)
def test_little_ground_lowers_confidence_and_is_said(events: int, days: float, confidence: int) -> None:
    got, learned, said = judged(60, {"baseline_events": events, "baseline_days": days}, learned=True)
    assert (got, learned) == (confidence, True)
    assert f"{events:,} records" in said
    assert ("little" in said) is (confidence < 60)


def test_what_the_site_file_answers_is_not_learned() -> None:
    assert judged(60, {"baseline_events": 3, "baseline_days": 0.1, "baseline_exact": True}, learned=True) == (
        60,
        False,
        "The site file knows this account from other places.",
    )


def test_a_detector_without_baseline_is_as_it_says() -> None:
    assert judged(60, {}, learned=True) == (60, True, "")
    assert judged(60, {"time_unknown": True}, learned=False) == (60, False, "")


def test_places_a_person_works_from_are_their_own_or_the_trusted_ones() -> None:
    site = Site(jump_hosts=("10.1.1.5",), people=(Person("anna", from_addresses=("10.9.0.0/16",)), Person("ben")))
    assert expected(site, "ANNA", "10.9.3.3")
    assert expected(site, "ben", "10.1.1.5")
    assert not expected(site, "ben", "10.9.3.3")
    assert not expected(site, "anna", "no address")
