"""Snapshots one behind the other: changes taken back, cut ones passed over, several devices in a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seawall.detect.audit.changes.history import History, Told
from seawall.model.severity import Severity
from seawall.model.site import Site
from tests.detect.audit.changes.bench import base

START = datetime(2026, 11, 2, 2, tzinfo=UTC)
PE1 = base("iosxe")


def told(*texts: str, apart: timedelta = timedelta(hours=2)) -> list[Told]:
    history = History(Site())
    return [
        one
        for number, text in enumerate(texts)
        for one in history.take(text.encode(), f"day{number}/pe1.cfg", taken=START + number * apart)
    ]


def detectors(*texts: str) -> list[str]:
    return [f.detector for one in told(*texts) for f in one.findings if f.severity >= Severity.HIGH]


@pytest.mark.parametrize(
    ("old", "new", "effect"),
    [
        ("username breakglass", "username svc privilege 15 secret 9 $9$x$y\nusername breakglass", "user"),
        ("line vty 5 15\n access-class MGMT in\n", "line vty 5 15\n", "access"),
        ("logging host 10.20.0.31\n", "", "logging"),
        ("router ospf 1\n", "interface Tunnel99\n tunnel destination 198.51.100.77\n!\nrouter ospf 1\n", "tunnel"),
    ],
)
def test_a_change_that_is_taken_back_is_told_twice(old: str, new: str, effect: str) -> None:
    assert detectors(PE1, PE1.replace(old, new), PE1) == [f"change.{effect}", "change.short-lived"]


def test_a_loopback_readdressed_counts_only_when_it_is_put_back() -> None:
    moved = PE1.replace("10.255.0.1 ", "10.20.0.99 ")
    assert detectors(PE1, moved, moved.replace("cost 10", "cost 20")) == []
    assert detectors(PE1, moved, PE1) == ["change.short-lived"]


def test_a_cut_snapshot_is_passed_over_and_the_next_whole_one_compared_with_the_last() -> None:
    steps = told(PE1, PE1[:1000], PE1)
    assert [f for one in steps for f in one.findings] == []
    assert "the file is cut" in steps[0].notes[0]


def test_each_device_of_a_file_has_a_history_of_its_own() -> None:
    both = PE1 + base("ios")
    changed = both.replace("hostname ag1", "hostname ag1\nip http server")
    findings = [f for one in told(both, changed) for f in one.findings]
    assert [(f.detector, f.subject) for f in findings] == [("change.web", "ag1")]


def test_a_file_that_is_no_configuration_is_said_to_be_none() -> None:
    (one,) = told("\0\1\2\3 binary \0\0\0")
    assert "binary" in one.notes[0]


def test_times_lie_between_the_last_good_snapshot_and_the_changed_one() -> None:
    (finding,) = told(PE1, PE1.replace("no ip http server", "ip http server"))[0].findings
    assert (finding.first, finding.last) == (START, START + timedelta(hours=2))
    assert finding.evidence[0].origin.startswith("day1/pe1.cfg:")
