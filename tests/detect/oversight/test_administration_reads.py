"""Reads of the target list: at once, fast, or slowly."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from seawall.detect.oversight.administration_reads import bulk_reads
from seawall.detect.oversight.deeds import Deed
from seawall.detect.oversight.staff import read_staff
from tests.detect.oversight.deeds_said import POLICY, at, deed, x1

STAFF = read_staff(POLICY)
ALL, ONE = "GetAllDetails", "GetTaskDetails"


def each(count: int, step: timedelta, start: str = "11T08:00", **more: Any) -> list[Deed]:
    return [x1(at(start) + number * step, ONE, tap=f"task-{number}", **more) for number in range(count)]


@pytest.mark.parametrize(
    ("reads", "found"),
    [
        pytest.param([x1("11T10:00", ALL, user="unknown", admf="admf-9", returned=9)], 1, id="by-an-unknown-function"),
        pytest.param([x1("11T10:00", ALL, user="unknown", admf="admf-9", returned=9, refused=True)], 0, id="refused"),
        pytest.param([x1("11T10:00", ALL, user="unknown", admf="admf-9", returned=0)], 0, id="nothing-in-the-answer"),
        pytest.param([x1("11T10:00", ALL, user="mallory", returned=9)], 1, id="by-a-stranger"),
        pytest.param([x1("11T10:00", ALL, user="jdoe", returned=9)], 1, id="by-one-the-policy-does-not-allow-it"),
        pytest.param([x1("11T10:00", ALL, user="svc-sync", returned=9)], 0, id="by-one-it-allows"),
        pytest.param([x1("11T10:00", ALL, user="", returned=9)], 0, id="by-the-management-function-itself"),
        pytest.param([x1("09T10:00", ALL, user="auditor", returned=9)], 0, id="an-announced-audit"),
        pytest.param([x1("09T13:00", ALL, user="auditor", returned=9)], 1, id="after-the-audit"),
        pytest.param([x1("09T10:00", ALL, user="auditor", returned=9, system="smf-1")], 1, id="another-system"),
        pytest.param(each(6, timedelta(seconds=5)), 1, id="six-in-half-a-minute"),
        pytest.param(each(6, timedelta(minutes=1)), 0, id="six-in-six-minutes"),
        pytest.param(each(21, timedelta(hours=1)), 1, id="slowly-over-a-day"),
        pytest.param(each(20, timedelta(hours=1)), 0, id="as-many-as-allowed"),
        pytest.param(each(40, timedelta(hours=3)), 0, id="eight-a-day"),
        pytest.param([x1(f"11T{h:02}:00", ONE, tap="one") for h in range(24)], 0, id="one-task-again-and-again"),
        pytest.param(each(30, timedelta(seconds=1), user="svc-sync"), 0, id="fast-by-one-who-may"),
    ],
)
def test_a_bulk_read_is_noticed(reads: Sequence[Deed], found: int) -> None:
    assert [one.kind for one in bulk_reads(reads, STAFF)] == ["BULK_TARGET_LIST_READ"] * found


def test_one_reader_on_three_elements_is_one_finding() -> None:
    reads = [x1("11T10:00", ALL, user="", admf="x", peer="203.0.113.9", system=s, returned=2) for s in ("a", "b", "c")]
    (found,) = bulk_reads(reads, STAFF)
    assert (found.actor, found.systems) == ("x@203.0.113.9", ("a", "b", "c"))


def test_where_reads_are_not_logged_logins_without_a_change_stand_for_them() -> None:
    said = "User webui has used their API key to send a request via the REST API"
    logins = [deed(at("11T05:30") + timedelta(minutes=n), said, user="webui", system="prov") for n in range(31)]
    (found,) = bulk_reads(logins, STAFF)
    assert (found.actor, len(found.deeds)) == ("webui", 31)
    assert "names no reads" in found.why
    assert not list(bulk_reads(logins[:30], STAFF))
    said = "updated IP intercept"
    changes = [deed(one.time + timedelta(seconds=1), said, user="webui", system="prov") for one in logins]
    assert not list(bulk_reads([*logins, *changes], STAFF))
