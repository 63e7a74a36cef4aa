"""Views are what they say, with rows and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.engine.columns import SQL
from seawall.engine.lake import Lake
from seawall.engine.views import VIEWS, View, site_names
from seawall.model.events import KINDS
from seawall.model.site import Device, Site
from tests.engine.makers import column, events, put

SITE = Site(
    devices=(
        Device("pe1.example.net", role="pe", addresses=("192.0.2.1", "2001:db8::1"), aliases=("PE-ONE",)),
        Device("mediation", role="mediation", platform="ios"),
    )
)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
@pytest.mark.parametrize("full", [True, False], ids=["with-rows", "without-rows"])
def test_a_view_has_the_columns_and_types_it_names(tmp_path: Path, view: View, full: bool) -> None:
    lake = Lake(tmp_path / "lake")
    if full:
        for kind in KINDS:
            put(lake, kind.name, events(kind.name, [{}]))
    con = lake.connect()
    described = con.sql(f"DESCRIBE {view.name}").fetchall()
    con.close()
    assert [(row[0], row[1]) for row in described] == [(c.name, SQL[c.type]) for c in view.columns]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_kind_without_rows_has_its_columns_all_the_same(tmp_path: Path, kind) -> None:
    con = Lake(tmp_path / "lake").connect()
    described = con.sql(f"DESCRIBE {kind.name}").fetchall()
    con.close()
    assert [(row[0], row[1]) for row in described] == [(c.name, SQL[c.type]) for c in kind.all_columns]


@pytest.mark.parametrize(
    ("written", "device", "method", "confidence"),
    [
        ("192.0.2.1", "pe1.example.net", "site alias", 80),
        ("2001:DB8::1", "pe1.example.net", "site alias", 80),
        ("PE1", "pe1.example.net", "site alias", 95),
        ("pe-one", "pe1.example.net", "site alias", 95),
        ("PE2", "PE2", "as written", 70),
        ("192.0.2.9", "192.0.2.9", "as written", 50),
        ("2001:db8::9", "2001:db8::9", "as written", 50),
    ],
)
def test_a_device_is_named_by_the_site_file_and_says_how(
    tmp_path: Path, written: str, device: str, method: str, confidence: int
) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", events("syslog", [{"observer": written, "activity": "login"}]))
    assert column(lake, "logins", "device", site=SITE) == [device]
    assert column(lake, "logins", "device_method", site=SITE) == [method]
    assert column(lake, "logins", "device_confidence", site=SITE) == [confidence]
    assert column(lake, "logins", "observer", site=SITE) == [written]


def test_without_a_site_file_nothing_is_merged(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", events("syslog", [{"observer": o} for o in ("192.0.2.1", "pe1", "pe1.example.net")]))
    con = lake.connect()
    rows = con.sql("SELECT device, method, confidence FROM devices ORDER BY device").fetchall()
    con.close()
    assert rows == [
        ("192.0.2.1", "as written", 50),
        ("pe1", "as written", 70),
        ("pe1.example.net", "as written", 70),
    ]


def test_a_device_the_site_names_and_the_evidence_does_not_is_listed_with_no_events(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    put(lake, "syslog", events("syslog", [{"observer": "pe1"}, {"observer": "192.0.2.1", "platform": "ios"}]))
    put(lake, "tacacs", events("tacacs", [{"observer": "pe1", "origin": "t.log:1"}]))
    con = lake.connect(SITE)
    rows = con.sql("SELECT device, observers, platform, events, role, confidence FROM devices ORDER BY 1").fetchall()
    con.close()
    assert rows == [
        ("mediation", None, "ios", 0, "mediation", 95),
        ("pe1.example.net", "192.0.2.1,pe1", "ios", 3, "pe", 95),
    ]


def test_the_first_device_of_the_site_keeps_a_spelling_two_of_them_claim() -> None:
    site = Site(devices=(Device("a", aliases=("x",)), Device("b", aliases=("X",))))
    assert ("x", "a", 95) in site_names(site)
    assert ("x", "b", 95) not in site_names(site)
