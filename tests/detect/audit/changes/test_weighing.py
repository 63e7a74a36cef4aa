"""Windows and site facts count for what they are worth."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from seawall.model.severity import Severity
from seawall.model.site import ApprovedEnd, ChangeWindow, Person, Site
from tests.detect.audit.changes.bench import base, found

LATER = ("02:00:00 UTC Mon Nov 2 2026 by noc-anna", "03:30:00 UTC Tue Nov 3 2026 by noc-anna")
WINDOW = ChangeWindow(
    datetime(2026, 11, 3, 3, tzinfo=UTC), datetime(2026, 11, 3, 5, tzinfo=UTC), ("pe1",), ("noc-anna",), "CHG4711"
)
PERMIT = (" 20 deny   any log\n", " 15 permit 198.51.100.77\n 20 deny   any log\n")
OPEN = ("line vty 5 15\n access-class MGMT in\n", "line vty 5 15\n")
USER = ("username breakglass", "username noc-bert privilege 15 secret 9 $9$x$y\nusername breakglass")
TUNNEL = (
    "router ospf 1\n",
    "interface Tunnel99\n description CHG4711\n tunnel destination 198.51.100.77\n!\nrouter ospf 1\n",
)


def worst(change: tuple[str, str], site: Site, *, when: tuple[str, str] = LATER) -> Severity:
    before = base("iosxe")
    return max(f.severity for f in found(before, before.replace(*when).replace(*change), site))


@pytest.mark.parametrize(
    ("change", "site", "severity"),
    [
        pytest.param(PERMIT, Site(), Severity.CRITICAL, id="a stranger on the management list"),
        pytest.param(PERMIT, Site(change_windows=(WINDOW,)), Severity.LOW, id="in its window, by its account"),
        pytest.param(OPEN, Site(change_windows=(WINDOW,)), Severity.CRITICAL, id="a window does not open to the world"),
        pytest.param(TUNNEL, Site(tunnel_ends=(ApprovedEnd("198.51.100.77"),)), Severity.LOW, id="an approved end"),
        pytest.param(TUNNEL, Site(tunnel_ends=(ApprovedEnd("192.0.2.99"),)), Severity.CRITICAL, id="another end"),
        pytest.param(USER, Site(people=(Person("noc-bert"),)), Severity.LOW, id="one of our people"),
        pytest.param(USER, Site(people=(Person("noc-anna"),)), Severity.CRITICAL, id="nobody we know"),
        pytest.param(PERMIT, Site(management_networks=("198.51.100.0/24",)), Severity.LOW, id="a network of ours"),
        pytest.param(PERMIT, Site(management_networks=("10.20.0.0/24",)), Severity.CRITICAL, id="none of ours"),
    ],
)  # fmt: skip
def test_site_facts_and_windows_weigh(change: tuple[str, str], site: Site, severity: Severity) -> None:
    assert worst(change, site) is severity


def test_a_window_by_its_time_alone_takes_off_one_step_and_a_ticket_in_the_lines_the_rest() -> None:
    window = ChangeWindow(WINDOW.start, WINDOW.end, (), ("somebody-else",), "CHG4711")
    assert worst(PERMIT, Site(change_windows=(window,))) is Severity.HIGH
    assert worst(TUNNEL, Site(change_windows=(window,))) is Severity.LOW


def test_a_change_outside_the_window_is_not_excused() -> None:
    late = (LATER[0], "09:30:00 UTC Tue Nov 3 2026 by noc-anna")
    assert worst(PERMIT, Site(change_windows=(WINDOW,)), when=late) is Severity.CRITICAL


def test_company_of_cut_logs_makes_a_change_worse() -> None:
    route = (" ip access-group ACME-IN in\n", " ip access-group ACME-IN in\n ip policy route-map ODD\n")
    before = base("iosxe")
    alone = found(before, before.replace(*route))
    with_cut = found(before, before.replace(*route).replace("logging host 10.20.0.30\n", ""))
    assert [f.severity for f in alone] == [Severity.HIGH]
    assert [f.severity for f in with_cut if f.detector == "change.route"] == [Severity.CRITICAL]
