"""A shared name tells less the more strangers use it; an intruder's own name keeps its full weight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from seawall.incidents.names import Key
from seawall.incidents.rarity import ACTORS_ON_ONE_DEVICE, MANY_FINDINGS, USERS_OF_ONE_ADDRESS, Rarity, Weight
from seawall.model.site import Person, Site

ADDRESS: Key = ("ip", "10.0.0.15")
EVE: Key = ("account", "eve")


def weight(
    key: Key,
    notes: Iterable[tuple[list[Key], list[str], list[str], int]] = (),
    *,
    site: Site | None = None,
    everyday: Mapping[Key, float] | None = None,
) -> Weight:
    rarity = Rarity(site or Site(), everyday or {})
    for note in notes:
        rarity.note(*note)
    return rarity.of(key)


def test_a_name_only_one_story_uses_counts_in_full_without_a_reason() -> None:
    assert weight(EVE) == Weight(1.0)
    assert weight(EVE, [([EVE], ["eve"], ["pe1"], n) for n in range(100) if n < 30]) == Weight(1.0)


@pytest.mark.parametrize(("users", "factor"), [(USERS_OF_ONE_ADDRESS, 1.0), (USERS_OF_ONE_ADDRESS * 2, 0.5)])
def test_an_address_many_accounts_come_from_is_a_jump_host(users: int, factor: float) -> None:
    found = weight(ADDRESS, [([ADDRESS], [f"user{n}"], ["pe1"], 0) for n in range(users)])
    assert found.factor == factor
    assert ("jump host" in found.reason) is (factor < 1)


def test_a_busy_device_counts_less_but_being_on_many_devices_is_no_fault_of_a_device() -> None:
    pe1: Key = ("device", "pe1")
    busy = [([pe1], [f"user{n}"], ["pe1"], n) for n in range(ACTORS_ON_ONE_DEVICE * 3)]
    assert weight(pe1, busy).factor == pytest.approx(1 / 3)
    assert weight(pe1, [([pe1], ["eve"], [f"pe{n}"], n) for n in range(30)]) == Weight(1.0)


def test_a_sweep_over_many_devices_in_one_night_is_not_routine_but_night_after_night_is() -> None:
    def sweep(nights: int) -> list[tuple[list[Key], list[str], list[str], int]]:
        return [([EVE], ["eve"], [f"pe{n}"], n % nights) for n in range(16)]

    assert weight(EVE, sweep(1)) == Weight(1.0)
    assert weight(EVE, sweep(4)).factor == 0.5


def test_filling_half_a_small_case_is_no_sin() -> None:
    few = [([EVE], ["eve"], ["pe1"], n) for n in range(MANY_FINDINGS - 1)]
    many = [*few, ([EVE], ["eve"], ["pe1"], 99)]
    assert weight(EVE, few) == Weight(1.0)
    assert weight(EVE, many).factor < 1


@pytest.mark.parametrize("listed", ["10.0.0.15", "10.0.0.0/24"])
@pytest.mark.parametrize("role", ["jump_hosts", "aaa_servers"])
def test_a_shared_server_of_the_site_file_counts_little_listed_alone_or_as_a_network(role: str, listed: str) -> None:
    site = Site(**{role: (listed,)})
    assert "shared server" in weight(ADDRESS, site=site).reason
    assert weight(("ip", "10.0.1.15"), site=site) == Weight(1.0)


def test_a_server_listed_by_name_weighs_no_address_and_hurts_nobody() -> None:
    site = Site(aaa_servers=("tac1.example.net", "10.0.0.15"))
    assert weight(ADDRESS, site=site).factor < 1
    assert weight(("ip", "tac1.example.net"), site=site) == Weight(1.0)


def test_automation_and_everyday_traffic_count_little_and_the_least_weight_wins() -> None:
    site = Site(people=(Person("Eve", "automation"),))
    assert "automation" in weight(EVE, site=site).reason
    found = weight(EVE, site=site, everyday={EVE: 0.1})
    assert found.factor == pytest.approx(0.1)
    assert "of all events" in found.reason
