"""What crown jewels hold, as data."""

from __future__ import annotations

from collections import Counter

from seawall.engine.views import VIEWS
from seawall.incidents.facts import VIEWS as LOOKED
from seawall.incidents.holdings import answers, claim_of, holding_of, holdings
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.site import Device


def test_a_role_names_one_holding_and_what_is_read_is_looked_for() -> None:
    roles = Counter(role for one in holdings().holdings.values() for role in one.roles)
    assert [role for role, times in roles.items() if times > 1] == []
    assert {view for one in holdings().holdings.values() for view in one.reading} <= set(LOOKED)
    assert set(LOOKED) <= {view.name for view in VIEWS}


def test_fleets_name_behaviours_we_know() -> None:
    named = {b for fleet in holdings().fleets.values() for b in (*fleet.reached, *fleet.tried)}
    assert named <= set(BEHAVIOURS)


def test_a_jewel_of_a_role_nobody_knows_answers_every_claim() -> None:
    odd = Device("x1", role="time-machine", crown_jewel=True)
    assert answers(odd, "intercept-data")
    assert (claim_of(odd), claim_of(Device("hss1", role="HSS"))) == ("everything", "customer-data")
    assert holding_of(Device("hss1", role="HSS")).reading == ()
