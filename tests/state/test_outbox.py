"""The outbox gives everything once, and forgets only what is done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seawall.state import open_state
from seawall.state.outbox import MOST_EVENTS, Outbox, Ticket

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def outbox(address: str):
    with open_state(address) as state:
        yield Outbox(state)


def test_what_was_put_once_is_never_due_twice(outbox: Outbox) -> None:
    wanted = [("soc", "notice", "a", 3), ("soc", "notice", "a", 3), ("siem", "ocsf", "f", 2)]
    assert (outbox.put(wanted, NOW), outbox.put(wanted, NOW + DAY)) == (2, 0)
    (one,) = outbox.due(NOW, "soc")
    outbox.sent([one.id], NOW)
    assert outbox.put(wanted, NOW + DAY) == 0
    assert outbox.due(NOW + DAY, "soc") == []
    assert outbox.last_sent("soc") == NOW


def test_a_refused_delivery_waits_ever_longer_and_ends(outbox: Outbox) -> None:
    outbox.put([("soc", "notice", "a", 3)], NOW)
    waits, now = [], NOW
    while due := outbox.due(now, "soc"):
        outbox.failed([due[0].id], "no" * 400, now, 2 * DAY)
        before, steps = now, 0
        while not outbox.due(now, "soc") and steps < 500:
            now, steps = now + timedelta(seconds=15), steps + 1
        waits.append(now - before)
    assert waits[:3] == [timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60)]
    assert max(waits[:-1]) == timedelta(hours=1)
    assert outbox.counts() == {("soc", "notice", "given up"): 1}


def test_a_story_only_grows_and_stays_bounded(outbox: Outbox) -> None:
    outbox.tell("a", 3, ["e1"], NOW)
    outbox.tell("a", 2, [f"x{n}" for n in range(2 * MOST_EVENTS)], NOW + DAY)
    (story,) = outbox.stories()
    assert (story.level, story.made, len(story.events)) == (3, NOW, MOST_EVENTS)
    assert outbox.acknowledge("a", "ana", NOW)
    assert outbox.acknowledge("a", "ben", NOW + DAY)
    assert not outbox.acknowledge("b", "ana", NOW)
    assert outbox.stories()[0].person == "ana"


def test_a_ticket_that_says_less_than_is_known_changes_nothing(outbox: Outbox) -> None:
    def said(status: str, hours: int) -> Ticket:
        return Ticket("a", "jira", "SOC-1", status, NOW + timedelta(hours=hours))

    assert outbox.hear(said("open", 0), "1")
    assert outbox.hear(said("closed", 2), "2")
    assert not outbox.hear(said("closed", 3), "2"), "the same message again"
    assert not outbox.hear(said("open", 1), "3"), "an older one"
    assert [one.status for one in outbox.tickets()] == ["closed"]


def test_forgetting_keeps_what_still_waits(outbox: Outbox) -> None:
    outbox.put([("soc", "notice", "a", 3), ("soc", "notice", "b", 3)], NOW)
    outbox.sent([outbox.due(NOW, "soc")[0].id], NOW)
    outbox.tell("a", 3, ["e"], NOW)
    assert outbox.forget(NOW + DAY) == 1
    assert [one.thing for one in outbox.every()] == ["b"]
    assert [one.thing for one in outbox.stories()] == ["a"], "nobody has acknowledged it"
