from __future__ import annotations

from seawall.platforms.config.defaults import default_of, numbers


def test_a_default_that_hangs_on_an_unnamed_release_is_unknown() -> None:
    pad = default_of("ios", "15.2", None, ("service", "pad"))
    assert pad is not None
    assert pad.value is None
    classic = default_of("ios", "12.4", False, ("service", "pad"))
    assert classic is not None
    assert classic.value is True


def test_what_is_not_listed_has_no_default() -> None:
    assert default_of("ios", "17.9", True, ("frobnicate",)) is None
    assert default_of("", None, None, ("ip", "source-route")) is None


def test_releases_are_compared_by_their_numbers() -> None:
    assert numbers("21.4R3-S1") == (21, 4, 3, 1)
    assert numbers("9.16(4)") > numbers("9.9")
    assert numbers(None) == ()
