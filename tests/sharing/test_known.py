"""Sources stay apart, doubts stay visible, and trust ends in its own time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from seawall.model.tlp import Light
from seawall.sharing.known import Known, compare, gather
from seawall.sharing.objects import pattern_of, stix_time
from seawall.sharing.store import Shared

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def said(source: str, value: str, sure: int = 80, *, days: int = 10, kind: str = "ip", **more: object) -> Shared:
    seen = stix_time(NOW - timedelta(days=days))
    one = {
        "type": "indicator",
        "id": f"indicator--{source}-{value}",
        "created": seen,
        "modified": seen,
        "pattern": pattern_of(kind, value),
        "pattern_type": "stix",
        "valid_from": seen,
        "confidence": sure,
        **more,
    }
    return Shared(one, source, Light.AMBER, NOW, f"in:{source}")


def only(*told: Shared) -> Known:
    (known,) = gather(told)
    return known


def test_one_value_of_two_sources_is_known_once_with_both() -> None:
    known = only(said("cisa", "198.51.100.7", 60), said("peer", "198.51.100.7", 90, days=400))
    assert known.sources == ("peer", "cisa")
    assert (known.confidence, known.conflicts) == (90, ())
    assert known.first_seen == NOW - timedelta(days=400)


def test_trust_in_an_address_decays_to_its_end_and_in_a_hash_never() -> None:
    known = only(said("cisa", "198.51.100.7", 60, days=0))
    assert known.now(NOW) == 60
    assert known.now(NOW + timedelta(days=365)) == 30
    assert known.until == NOW + timedelta(days=365)
    assert only(said("cisa", "a" * 64, kind="hash", days=9_000)).until is None


def test_a_source_that_takes_back_ends_its_own_word_and_leaves_a_conflict_with_the_others() -> None:
    gone = said("cisa", "198.51.100.7", 80, days=1, revoked=True)
    assert not only(said("cisa", "198.51.100.7"), gone).standing
    known = only(gone, said("peer", "198.51.100.7"))
    assert "took it back" in known.conflicts[0]
    assert known.confidence < 30, "what is disputed makes no finding by itself"


def test_a_slip_of_the_pen_between_two_copies_of_one_list_is_seen_from_both_sides() -> None:
    both = ["198.51.100.1", "198.51.100.200", "192.0.2.4"]
    told = [said(source, value) for source in ("a", "b") for value in both]
    found = {k.value: k for k in gather([*told, said("a", "203.0.113.120"), said("b", "203.0.113.202")])}
    assert "203.0.113.202" in found["203.0.113.120"].conflicts[0]
    assert "203.0.113.120" in found["203.0.113.202"].conflicts[0]
    assert found["192.0.2.4"].conflicts == ()


def test_two_lists_of_different_things_do_not_dispute_each_other() -> None:
    assert not any(k.conflicts for k in gather([said("a", "203.0.113.1"), said("b", "203.0.113.2")]))


def test_a_doubt_a_source_writes_beside_its_own_value_stays_visible() -> None:
    known = only(said("a", "203.0.113.1", description="CONFLICT: a second source gives 203.0.113.2. Do not block"))
    assert known.conflicts


def test_collections_compared_say_what_is_common_new_and_disputed() -> None:
    left = [said("a", "203.0.113.1", 90), said("a", "203.0.113.2")]
    common = compare(left, [said("b", "203.0.113.1", 10), said("b", "203.0.113.3")])
    assert [common.both, common.left, common.right] == [
        (("ip", "203.0.113.1"),),
        (("ip", "203.0.113.2"),),
        (("ip", "203.0.113.3"),),
    ]
    assert "90 against 10" in common.disagree[0]
