from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.site import Site, load_site, site_from_dict

WORLD = {
    "name": "Example Carrier",
    "jump_hosts": ["10.20.0.15"],
    "management_networks": ["10.30.0.0/24", "2001:db8::/64"],
    "devices": [{"name": "pe01.chi.example.net", "addresses": ["10.0.0.11"], "aliases": ["PE01-RE0"]}],
    "people": [{"account": "M.Ortiz"}],
    "change_windows": [
        {"start": "2026-11-21T09:00:00Z", "end": "2026-11-21T10:00:00Z", "devices": ["pe01.chi.example.net"]},
    ],
}


def test_a_device_is_known_by_every_spelling() -> None:
    names = site_from_dict(WORLD).device_names
    assert {names[s] for s in ("pe01.chi.example.net", "pe01", "pe01-re0", "10.0.0.11")} == {"pe01.chi.example.net"}


@pytest.mark.parametrize(
    ("address", "trusted"),
    [("10.20.0.15", True), ("10.30.0.9", True), ("2001:db8::7", True), ("203.0.113.9", False), ("console", False)],
)
def test_trusted_sources_are_jump_hosts_and_management_networks(address: str, trusted: bool) -> None:
    assert site_from_dict(WORLD).is_trusted_source(address) is trusted


def test_a_change_window_covers_its_device_account_and_time() -> None:
    site = site_from_dict(WORLD)
    inside = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert site.change_window("pe01.chi.example.net", "m.ortiz", inside)
    assert not site.change_window("pe02", "m.ortiz", inside)
    assert not site.change_window("pe01.chi.example.net", "m.ortiz", inside.replace(hour=11))


def test_people_are_compared_without_case() -> None:
    assert site_from_dict(WORLD).person("m.ortiz")


def test_an_empty_site_knows_nothing_and_says_so() -> None:
    assert not Site().known
    assert not Site().is_trusted_source("10.0.0.1")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"jump_host": ["10.0.0.1"]}, "jump_host"),
        ({"devices": [{"name": "pe1", "adresses": []}]}, "devices.0.adresses"),
        ({"jump_hosts": ["10.0.0.300"]}, "jump_hosts"),
        ({"change_windows": [{"start": "2026-11-21T09:00:00", "end": "2026-11-21T10:00:00"}]}, "zone"),
    ],
)
def test_a_slip_is_refused_by_name(wrong: dict, named: str) -> None:
    with pytest.raises(InputError, match=named):
        site_from_dict(wrong)


def test_broken_toml_says_where(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("name = \n")
    with pytest.raises(InputError, match="line 1"):
        load_site(tmp_path / "site.toml")
