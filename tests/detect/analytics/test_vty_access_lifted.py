from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.vty_access_lifted import ANALYTIC
from tests.detect.worlds import asked, lines_of, typed, world

SWAP = [(0, "line vty 0 4"), (1, "no access-class 23 in"), (40, "access-class 20 in")]


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed(*SWAP), 3, id="lifted and put back"),
        pytest.param(typed((0, "line vty 0 4"), (1, "no access-class 23 in")), 2, id="lifted for good"),
        pytest.param(typed((0, "user-interface vty 0 4"), (1, "undo acl 2001 inbound")), 2, id="VRP"),
        pytest.param(typed((0, "delete interfaces lo0 unit 0 family inet filter input protect-re")), 1, id="Junos"),
        pytest.param(
            typed((0, "line vty 0 15"), (1, "access-class 23 in"), (2, "transport input ssh")), 0, id="bulk push"
        ),
        pytest.param(typed((0, "line vty 0 4"), (1, "exec-timeout 10")), 0, id="a timeout"),
        pytest.param(typed((0, "no ip access-group 5 in")), 0, id="a list on a customer port"),
    ],
)
def test_a_lifted_list_is_found(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found


def test_lines_of_another_day_or_person_are_no_evidence() -> None:
    more = typed((7200, "line vty 0 4")) + typed((2, "line vty 0 4"), user="ops2")
    assert lines_of(asked(ANALYTIC, world(typed(*SWAP) + more))) == [command for _, command in SWAP]
