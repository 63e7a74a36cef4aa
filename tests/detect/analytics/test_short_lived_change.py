from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.short_lived_change import ANALYTIC
from tests.detect.worlds import asked, findings, typed, world


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed((0, "interface loopback99"), (300, "no interface loopback99")), 2, id="loopback"),
        pytest.param(typed((0, "username x privilege 15 secret *"), (99, "no username x")), 2, id="account"),
        pytest.param(typed((0, "set system login user x class a"), (99, "delete system login user x")), 2, id="Junos"),
        pytest.param(typed((0, "local-user x password *"), (99, "undo local-user x")), 2, id="VRP"),
        pytest.param(
            typed((0, "access-list 20 permit 192.0.2.9"), (99, "no access-list 20 permit 192.0.2.9")),
            2,
            id="list entry",
        ),
        pytest.param(
            typed((0, "permit host 192.0.2.9"), (9, "no permit host 192.0.2.9"), section="ip access-list standard 20"),
            2,
            id="entry of a named list",
        ),
        pytest.param(typed((0, "monitor capture c1 start"), (99, "no monitor capture c1")), 2, id="capture"),
        pytest.param(typed((0, "interface tunnel7"), (1860, "no interface tunnel7")), 0, id="an hour's work"),
        pytest.param(typed((0, "no interface tunnel7"), (60, "interface tunnel7")), 0, id="rebuilt"),
        pytest.param(
            typed((0, "interface tunnel7")) + typed((9, "no interface tunnel7"), user="ops2"), 0, id="two people"
        ),
        pytest.param(
            typed((0, "interface tunnel7")) + typed((9, "no interface tunnel7"), device="pe2"), 0, id="two devices"
        ),
        pytest.param(typed((0, "interface tunnel7"), (9, "no interface tunnel70")), 0, id="a longer name"),
        pytest.param(typed((0, "description a"), (9, "no description")), 0, id="a description"),
        pytest.param(typed((0, "shutdown"), (9, "no shutdown")), 0, id="a port bounced"),
    ],
)
def test_what_is_made_and_taken_back_is_found(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found


def test_the_finding_names_the_object() -> None:
    (finding,) = findings(ANALYTIC, world(typed((0, "interface loopback99"), (300, "no interface loopback99"))))
    assert finding.why == "ops1 made and removed `interface loopback99` on pe1 soon after"
