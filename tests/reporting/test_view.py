"""A case as people read it: grouped, counted, never shortened in silence."""

from __future__ import annotations

from dataclasses import replace

from seawall.model.coverage import Coverage, Visibility
from seawall.model.severity import Severity
from seawall.reporting.view import UNLOOKED, CaseView, blindness, by_device
from tests.incidents.stories import at, noise
from tests.reporting.cases import case


def test_blind_spots_with_one_reason_are_one_entry() -> None:
    found = blindness(
        Coverage(device, behaviour, "could not be seen", "no accounting", "aaa accounting")
        for device in ("pe1", "pe2")
        for behaviour in ("D-01", "C-01")
    )
    assert [(b.why, b.setting, b.devices, b.behaviours) for b in found] == [
        ("no accounting", "aaa accounting", ("pe1", "pe2"), ("C-01", "D-01"))
    ]


def test_what_was_seen_or_could_have_been_is_no_blind_spot() -> None:
    assert blindness([Coverage("pe1", "D-01", "seen", ""), Coverage("pe1", "C-01", "not seen", "")]) == []


def test_different_settings_stay_apart_and_the_widest_comes_first() -> None:
    dark: Visibility = "could not be seen"
    found = blindness(
        [
            Coverage("pe1", "D-01", dark, "why", "one"),
            Coverage("pe1", "C-01", dark, "why", "two"),
            Coverage("pe2", "C-01", dark, "why", "two"),
        ]
    )
    assert [b.setting for b in found] == ["two", "one"]


def test_counts_are_over_everything_read() -> None:
    view = case()
    assert view.events == 56_525
    assert view.span == (at("00:00:02"), at("23:59:58"))
    assert view.severities == {Severity.CRITICAL: 1, Severity.MEDIUM: 1}
    assert view.learned == 1
    assert view.loose == [noise()[0]]


def test_a_case_without_dated_events_has_no_span() -> None:
    assert CaseView(title="x", generated_at=at("00:00:00")).span is None


def test_an_incident_whose_findings_were_not_handed_over_shows_those_it_has() -> None:
    view = case()
    part = replace(view, findings=list(view.findings)[:3])
    assert len(part.findings_of(part.incidents[0])) == 3


def test_devices_that_lack_one_setting_are_one_entry_that_counts_pairs() -> None:
    dark: Visibility = "could not be seen"
    found = blindness(
        [
            Coverage("pe1", "D-01", dark, "no commands from this device; it sends syslog", "accounting"),
            Coverage("pe1", "C-01", dark, "no commands from this device; it sends syslog", "accounting"),
            Coverage("pe2", "C-01", dark, "no commands from this device; nothing of it was read", "accounting"),
        ]
    )
    assert [(b.why, b.devices, b.behaviours, b.pairs) for b in found] == [
        ("no commands from these devices (3 pairs)", ("pe1", "pe2"), ("C-01", "D-01"), 3)
    ]


def test_devices_that_are_alike_stand_together_and_the_blindest_come_first() -> None:
    blind = [Coverage(f"sw{n}", "D-01", "could not be seen", "x", observable="not observable") for n in range(3)]
    half = [Coverage("pe1", "D-01", "seen", "x", observable="partly"), Coverage("pe1", "C-01", "not seen", "x")]
    shown = CaseView(title="x", generated_at=at("09:00:00"), coverage=[*half, *blind])
    assert [(row.counts["not observable"], names) for row, names in shown.observed] == [
        (1, ("sw0", "sw1", "sw2")),
        (0, ("pe1",)),
    ]
    assert [row.seen for row in by_device(half)] == [1]


def test_behaviours_nobody_looks_for_are_one_reason() -> None:
    unlooked = [
        Coverage("network", b, "could not be seen", f"why {b}", observable="not observable", looked_for=False)
        for b in ("N-05", "N-07")
    ]
    (group,) = blindness(unlooked)
    assert (group.why, group.pairs) == (UNLOOKED, 2)
