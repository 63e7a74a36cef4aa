from __future__ import annotations

import pytest

from seawall.detect.analytics.walked_on import ANALYTIC
from seawall.model.site import Site
from tests.detect.worlds import asked, login, typed, world

SSH = typed((100, "ssh -l ann 10.0.9.4"), user="ann", kind="syslog")


@pytest.mark.parametrize(
    ("at", "device", "user", "found"),
    [
        pytest.param(220, "pe2", "ann", 1, id="two minutes later"),
        pytest.param(221, "pe2", "ann", 0, id="a second more"),
        pytest.param(10, "pe2", "ann", 1, id="clocks ninety seconds apart"),
        pytest.param(9, "pe2", "ann", 0, id="before"),
        pytest.param(130, "pe2", None, 1, id="a login that names nobody"),
        pytest.param(130, "pe2", "bob", 0, id="somebody else"),
        pytest.param(130, "pe1", "ann", 0, id="the same device"),
    ],
)
def test_a_login_after_ssh_elsewhere_is_a_walk(at: float, device: str, user: str, found: int) -> None:
    assert len(asked(ANALYTIC, world(SSH, [login(at, device, "10.0.9.9", user)]))) == found


def test_settings_and_jump_hosts_are_no_walk() -> None:
    assert asked(ANALYTIC, world(typed((0, "ssh server v2"), kind="syslog"), [login(9, "pe2", "10.0.9.9")])) == []
    logins = [login(130, "pe2", "10.0.9.9", "ann")]
    assert asked(ANALYTIC, world(SSH, logins), Site(jump_hosts=("10.0.9.9",))) == []
