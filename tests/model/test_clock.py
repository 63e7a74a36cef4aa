from datetime import UTC, datetime, timedelta, timezone

from seawall.model.clock import FixedClock, SystemClock


def test_the_system_clock_speaks_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_in_utc() -> None:
    noon_in_delhi = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    clock = FixedClock(noon_in_delhi)
    assert clock.now() == clock.now() == datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
