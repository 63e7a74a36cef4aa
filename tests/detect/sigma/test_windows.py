"""Which Windows events a Sigma log source means: a category too wide floods, one too narrow is blind."""

from __future__ import annotations

import pytest

from seawall.detect.sigma.plan import Atom, Op, atoms_of
from seawall.detect.sigma.windows import SERVICES, SYSMON, guard, sources


def asked(category: str | None, service: str | None = None) -> list[tuple[set[str], set[int]]]:
    """Channels and event numbers of each source."""
    found = []
    for condition, _ in sources(category, service):
        atoms = list(atoms_of(condition)) if condition else []
        channels = {a.value for a in atoms if a.field == "Channel"}
        found.append((channels, {int(a.value) for a in atoms if a.field == "EventID"}))
    return found


def test_a_process_start_is_asked_of_sysmon_and_of_the_security_log() -> None:
    assert asked("process_creation") == [({SYSMON}, {1}), ({"Security"}, {4688})]


def test_the_security_log_gives_sigmas_fields_its_own_names() -> None:
    sysmon, security = sources("process_creation", None)
    assert sysmon[1] == {}
    assert security[1]["Image"] == "NewProcessName"


def test_a_service_means_every_event_of_all_its_channels() -> None:
    assert asked(None, "powershell") == [(set(SERVICES["powershell"]), set())]
    assert len(SERVICES["powershell"]) == 2


def test_nothing_named_means_every_event() -> None:
    assert sources(None, None) == ((None, {}),)


@pytest.mark.parametrize(("category", "service"), [(None, "no-such-log"), ("no-such-category", None), (None, "")])
def test_a_log_source_nobody_knows_has_no_events(category: str | None, service: str | None) -> None:
    assert sources(category, service) == ()


def test_a_guard_over_channels_alone_asks_for_no_number() -> None:
    assert {atom.field for atom in atoms_of(guard(("A", "B"), ()))} == {"Channel"}
    assert Atom("EventID", Op.NUMBER, "7") in set(atoms_of(guard(("A",), (7,))))
