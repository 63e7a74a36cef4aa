from __future__ import annotations

from seawall.detect.analytics.accounting_stopped import ANALYTIC
from tests.detect.worlds import findings, login, typed, world

HOUR = 3_600
LOGINS = [login(h * HOUR, device, "10.1.1.5") for h in range(40) for device in ("pe1", "pe2")]


def accounted(device: str, hours: int, start: int = 0) -> list[dict[str, object]]:
    return typed(*[(h * HOUR + 60, "show version") for h in range(start, hours)], device=device)


def test_logins_without_commands_after_many_with_are_found() -> None:
    (finding,) = findings(ANALYTIC, world([*accounted("pe1", 20), *accounted("pe2", 40)], LOGINS))
    assert finding.subject == "pe1"
    assert finding.count == 20
    assert finding.why.startswith("20 logins on pe1 without one command accounted; never more than 1 before")


def test_a_pause_that_ends_is_found_too() -> None:
    commands = [*accounted("pe1", 20), *accounted("pe1", 40, start=30), *accounted("pe2", 40)]
    (finding,) = findings(ANALYTIC, world(commands, LOGINS))
    assert finding.count == 11


def test_accounting_that_ends_for_all_is_the_end_of_the_evidence() -> None:
    assert findings(ANALYTIC, world([*accounted("pe1", 20), *accounted("pe2", 20)], LOGINS)) == []


def test_a_device_that_never_accounted_says_nothing() -> None:
    assert findings(ANALYTIC, world(accounted("pe2", 40), LOGINS)) == []


def test_logins_that_are_always_three_to_a_command_are_usual() -> None:
    logins = [login(h * HOUR + at, d, "10.1.1.5") for h in range(40) for at in (0, 900, 1800) for d in ("pe1", "pe2")]
    commands = [*typed(*[(h * HOUR + 2000, "show version") for h in range(40) if h not in (20, 21)]),
                *accounted("pe2", 40)]  # fmt: skip
    (finding,) = findings(ANALYTIC, world(commands, logins))
    assert finding.details["usual"] == 3
    some = [*typed(*[(h * HOUR + 2000, "show version") for h in range(40) if h != 20]), *accounted("pe2", 40)]
    assert [f.details["entries"] for f in findings(ANALYTIC, world(some, logins))] in ([], [6])
