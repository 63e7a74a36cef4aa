"""Was it touched? Said with its ground, and never more than was seen."""

from __future__ import annotations

from dataclasses import replace

from seawall.incidents import assess, build
from seawall.model.coverage import Assessment, Coverage
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.incidents.stories import account, address, at, device, finding

SITE = Site(
    devices=(
        Device("lims1.example.net", role="mediation", addresses=("10.9.20.80",), crown_jewel=True),
        Device("cdr1.example.net", role="cdr-store", crown_jewel=True),
        Device("pe1"),
    )
)


def asked(*findings: Finding, coverage: tuple[Coverage, ...] = (), site: Site = SITE) -> dict[str, Assessment]:
    told = assess(findings, build(findings, site=site), coverage, site)
    return {a.subject.partition(" ")[0]: a for a in told}


def covered(*states: str) -> tuple[Coverage, ...]:
    return tuple(Coverage("lims1.example.net", f"D-{n:02}", s, "") for n, s in enumerate(states))  # type: ignore[arg-type]


WIPED = finding(at("01:57:00"), "D-01", device("lims1"), account("eve"), title="Log cleared")


def test_without_crown_jewels_there_is_no_answer() -> None:
    assert assess([WIPED], [], (), Site()) == ()


def test_what_was_found_there_is_named_and_what_was_read_is_not_guessed() -> None:
    found = asked(WIPED)["lims1"]
    assert (found.answer, found.findings) == ("touched", (WIPED.id,))
    assert found.subject == "lims1 (intercept mediation)"
    assert found.why == ("seen there: Log cleared; what was read there could not be seen: no intercept audit was given")


def test_a_login_of_the_same_story_is_named_too() -> None:
    low = Severity.LOW
    login = finding(at("01:50:00"), "L-07", device("lims1"), account("eve"), severity=low, title="Remote logon")
    assert asked(login, WIPED)["lims1"].why.startswith("seen there: Remote logon and Log cleared; ")


def test_its_address_acting_is_touching() -> None:
    calls = finding(at("00:31:00"), "N-12", address("10.9.20.80"), address("198.51.100.7", "target"))
    assert asked(calls)["lims1"].answer == "touched"


def test_expected_and_low_work_does_not_touch() -> None:
    expected = replace(WIPED, tags=(*WIPED.tags, "expected"))
    low = finding(at("01:50:00"), "L-07", device("lims1"), account("eve"), severity=Severity.LOW)
    assert asked(expected, low)["lims1"].answer != "touched"


def test_silence_counts_only_where_something_would_have_shown() -> None:
    assert asked()["lims1"].answer == "could not be seen"
    dark = asked(coverage=covered("could not be seen", "could not be seen", "not seen"))["lims1"]
    assert (dark.answer, len(dark.gaps)) == ("could not be seen", 2)
    light = asked(coverage=covered("not seen", "not seen", "not seen", "could not be seen"))["lims1"]
    assert (light.answer, light.confidence) == ("not touched", 60)


def test_the_worst_answer_comes_first() -> None:
    assert [a.answer for a in asked(WIPED).values()] == ["touched", "could not be seen"]
