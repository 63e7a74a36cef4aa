from __future__ import annotations

import pytest

from seawall.detect.analytics.automation_elsewhere import ANALYTIC
from seawall.model.site import Person, Site
from tests.detect.worlds import asked, login, world


@pytest.mark.parametrize(
    ("user", "earlier", "found"),
    [
        pytest.param("svc-backup", ["10.0.0.9"] * 5, 1, id="one place"),
        pytest.param("rancid", ["10.0.0.9", "10.0.0.8", "10.0.0.7", "10.0.0.9", "10.0.0.9"], 1, id="three places"),
        pytest.param("svc-backup", ["10.0.0.9"] * 4, 0, id="too few to know"),
        pytest.param("svc-backup", [f"10.0.0.{n}" for n in range(1, 7)], 0, id="works anywhere"),
        pytest.param("m.ortiz", ["10.0.0.9"] * 9, 0, id="a person"),
    ],
)
def test_automation_from_another_machine_is_found(user: str, earlier: list[str], found: int) -> None:
    logins = [login(n * 60, "pe1", src, user) for n, src in enumerate(earlier)]
    assert len(asked(ANALYTIC, world(logins=[*logins, login(9_999, "pe2", "10.0.0.99", user)]))) == found


def test_a_place_the_site_file_gives_automation_is_its_own() -> None:
    logins = [login(n * 60, "pe1", "10.0.0.9", "deployer") for n in range(6)] + [
        login(999, "pe1", "10.0.0.99", "deployer")
    ]
    people = Person("deployer", "automation", from_addresses=("10.0.0.9",))
    assert len(asked(ANALYTIC, world(logins=logins), Site(people=(people,)))) == 1
    wider = Person("deployer", "automation", from_addresses=("10.0.0.0/24",))
    assert asked(ANALYTIC, world(logins=logins), Site(people=(wider,))) == []
