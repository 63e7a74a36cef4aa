from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from seawall.model.severity import Severity
from seawall.model.site import ChangeWindow, Device, Site
from tests.incidents.stories import device, finding
from tools.noise import Month, announced, report, upper_bound

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
SITE = Site(
    devices=(Device("pe1.example.net", aliases=("pe1",)),),
    change_windows=(ChangeWindow(START, START + timedelta(hours=2), ("pe1.example.net",), (), "CHG1"),),
)


def test_alarms_in_announced_work_are_counted_by_any_name_of_the_device() -> None:
    inside = finding(START + timedelta(minutes=5), "D-01", device("PE1"), severity=Severity.HIGH)
    outside = finding(START - timedelta(minutes=5), "D-01", device("pe1"), severity=Severity.HIGH)
    quiet = finding(START + timedelta(minutes=5), "D-01", device("pe1"), severity=Severity.LOW)
    elsewhere = finding(START + timedelta(minutes=5), "D-01", device("pe2"), severity=Severity.CRITICAL)
    assert announced([inside, outside, quiet, elsewhere], SITE) == [inside]


def test_rates_are_per_hundred_devices_and_day_over_all_months_and_carried_over() -> None:
    loud = finding(START, "D-01", device("pe2"), severity=Severity.HIGH)
    hunted = SimpleNamespace(findings=[loud], incidents=[SimpleNamespace(severity=Severity.HIGH)], rules=None)
    calm = SimpleNamespace(findings=[], incidents=[], rules=None)
    months = [Month(5, 1000, hunted, SITE), Month(6, 2000, calm, SITE)]  # type: ignore[arg-type]
    text = "\n".join(report(months, days=10, devices=200))
    assert "| high or worse | 1 | **0.025**" in text
    assert "4,000 device-days, which is 0.20 days" in text
    assert "**5.0 a day** (aim: under 5), and with 95 % certainty under **23.7 a day**" in text
    assert f"- 1 x {loud.title}" in text


def test_the_bound_is_the_exact_one_of_a_poisson_count() -> None:
    assert [round(upper_bound(seen), 2) for seen in (0, 1, 5, 100)] == [3.0, 4.74, 10.51, 118.08]
