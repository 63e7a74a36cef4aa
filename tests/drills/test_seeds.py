"""Chance that can be repeated: the same on every machine and run, and separate for every purpose."""

from __future__ import annotations

from seawall.drills.seeds import stream


def test_the_numbers_are_the_same_on_every_machine_and_in_every_version() -> None:
    assert [stream(7, "cast").randrange(1000) for _ in range(2)] == [stream(7, "cast").randrange(1000)] * 2
    assert stream(7, "cast", 1).randbytes(8).hex() == "3558129d7b5bc6fd"


def test_drawing_for_one_purpose_changes_nothing_for_another() -> None:
    alone = stream(7, "flaps").random()
    other = stream(7, "notices")
    _ = [other.random() for _ in range(100)]
    assert stream(7, "flaps").random() == alone


def test_seed_and_purpose_both_count() -> None:
    drawn = [stream(*key).random() for key in ((7, "a"), (8, "a"), (7, "b"), (7, "a", "b"), (7, "a", 1), (7,))]
    assert len(set(drawn)) == len(drawn)
