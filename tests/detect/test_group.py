from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.base import About, Match
from seawall.detect.group import UNTIMED, Grouping, group, replacing, sentence
from seawall.model.entities import Entity
from seawall.model.finding import MAX_EVIDENCE, Finding, finding_id
from seawall.model.severity import Severity

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ABOUT = About("t.one", "One", Severity.HIGH, 80, (), why="{user} did {what}, {count} times")
OTHER = About("t.two", "Two", Severity.LOW, 10, (), gap=timedelta(minutes=1))
PE1 = (Entity("device", "pe1", "target"),)
PE2 = (Entity("device", "pe2", "target"), Entity("account", "ops1", "actor"))


def seen(
    minute: float | None, *, name: str = "", about: About = ABOUT, entities: Sequence[Entity] = PE1, what: str = "it"
) -> Match:
    made = hashlib.sha256(f"{minute}{name}".encode()).digest()[:16]
    moment = None if minute is None else NOON + timedelta(minutes=minute)
    return Match(
        about, made, moment, f"a.log:{minute}", f"line {minute}", tuple(entities), {"user": "ops1", "what": what}
    )


def test_matches_no_further_apart_than_the_gap_are_one_finding() -> None:
    (finding,) = group([seen(0), seen(60), seen(120)])
    assert (finding.count, finding.first, finding.last) == (3, NOON, NOON + timedelta(hours=2))
    assert [e.origin for e in finding.evidence] == ["a.log:0", "a.log:60", "a.log:120"]


def test_a_longer_silence_begins_another_finding() -> None:
    assert [f.count for f in group([seen(0), seen(60.01), seen(61)])] == [1, 2]


def test_the_id_is_made_from_detector_entities_and_first_event() -> None:
    first = seen(0)
    (finding,) = group([seen(5), first])
    assert finding.id == finding_id("t.one", PE1, first.event_id.hex())


def test_other_entities_and_other_detectors_are_other_findings() -> None:
    found = group([seen(0), seen(0, entities=PE2), seen(0, about=OTHER)])
    assert len(found) == 3
    assert found == sorted(found, key=lambda f: (f.first, f.id))


def test_an_event_told_twice_counts_once() -> None:
    (finding,) = group([seen(0), seen(0)])
    assert (finding.count, finding.evidence_total) == (1, 1)


def test_evidence_is_bounded_and_the_total_is_said() -> None:
    (finding,) = group([seen(n / 100, name=str(n)) for n in range(MAX_EVIDENCE + 50)])
    assert len(finding.evidence) == MAX_EVIDENCE
    assert finding.evidence_total == finding.count == MAX_EVIDENCE + 50


def test_events_without_a_time_stand_together_and_say_so() -> None:
    untimed, timed = group([seen(None, name="a"), seen(0), seen(None, name="b")])
    assert (untimed.first, untimed.count, untimed.details["time_unknown"]) == (UNTIMED, 2, True)
    assert timed.count == 1


def test_the_reason_is_filled_from_the_first_event() -> None:
    (finding,) = group([seen(1, what="that"), seen(0, what="this")])
    assert finding.why == "ops1 did this, 2 times"


def test_a_reason_never_follows_what_evidence_says() -> None:
    about = About("t", "T", Severity.LOW, 1, (), why="{user} {nobody} {user.__class__}")
    assert sentence(about, {"user": "{title}"}) == "{title} unknown nobody {user.__class__}"


def test_a_late_event_replaces_the_finding_told_before() -> None:
    (before,) = group([seen(10), seen(20)])
    (now,) = group([seen(0), seen(10), seen(20)])
    assert replacing(now, [before]).replaces == before.id
    assert replacing(before, [before]).replaces is None
    (elsewhere,) = group([seen(15, entities=PE2)])
    assert replacing(now, [elsewhere]).replaces is None


MATCHES = st.lists(
    st.builds(
        lambda minute, about, entities: seen(minute, about=about, entities=entities),
        st.one_of(st.none(), st.integers(0, 300)),
        st.sampled_from([ABOUT, OTHER]),
        st.sampled_from([PE1, PE2, tuple(reversed(PE2))]),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(MATCHES, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_findings(matches: list[Match], random: object) -> None:
    shuffled = list(matches)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert group(shuffled) == group(matches)


@pytest.mark.parametrize("at", [1, 7, 10_000, 10_001])
def test_any_split_into_batches_gives_the_same_findings(at: int) -> None:
    matches = [seen(n * 0.7, name=str(n), entities=PE1 if n % 3 else PE2) for n in range(10_050)]
    with Grouping() as grouping:
        for match in matches[at:] + matches[:at]:
            grouping.add(match)
        found: list[Finding] = list(grouping.findings())
    assert [(f.id, f.count) for f in found] == [(f.id, f.count) for f in group(matches)]
