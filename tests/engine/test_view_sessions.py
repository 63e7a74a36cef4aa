"""Sessions are put together from what devices and accounting servers say of them, and doubts are said."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from seawall.engine.lake import Lake
from seawall.engine.view_sessions import EFFECTS, effect_sql
from seawall.model.site import Device, Site
from tests.engine.makers import at, events, put

SITE = Site(
    devices=(Device("jump1", role="jump-host", addresses=("192.0.2.15",)), Device("pe1", aliases=("192.0.2.1",)))
)
Row = Mapping[str, Any]


def login(second: float, **more: Any) -> Row:
    return _act("login", second, outcome="success", service="ssh", **more)


def logout(second: float, **more: Any) -> Row:
    return _act("logout", second, **more)


def typed(second: float, command: str, **more: Any) -> Row:
    return _act("command", second, command=command, command_raw=command, raw=command, **more)


def _act(activity: str, second: float, **more: Any) -> Row:
    said = {"observer": "pe1", "user": "ann", "src_ip": "192.0.2.15"} | more
    return {"activity": activity, "time": at(second), **said}


def sessions(folder: Path, *rows: Row, site: Site = SITE, accounted: tuple[Row, ...] = ()) -> list[dict[str, Any]]:
    lake = Lake(folder / "lake")
    put(lake, "syslog", events("syslog", rows))
    if accounted:
        put(lake, "tacacs", events("tacacs", accounted))
    con = lake.connect(site=site)
    found = con.sql('SELECT * FROM sessions ORDER BY time, device, "user"').to_arrow_table().to_pylist()
    con.close()
    return found


def test_a_session_says_who_from_where_how_long_and_what_was_touched(tmp_path: Path) -> None:
    raw = "task_id=7\tservice=shell\tpriv-lvl=15\tcmd=conf t"
    (told,) = sessions(
        tmp_path,
        login(0),
        typed(20, "access-list 20 permit 203.0.113.7", src_ip=None, line=None),
        typed(30, "no logging host 10.0.0.5", src_ip=None),
        logout(95, line="vty0"),
        accounted=({**typed(10, "show running-config", line="vty0"), "raw": raw},),
    )
    assert {
        k: told[k] for k in ("device", "user", "src_ip", "line", "duration", "authority", "commands", "effects")
    } == {
        "device": "pe1",
        "user": "ann",
        "src_ip": "192.0.2.15",
        "line": "vty0",
        "duration": 95,
        "authority": "15",
        "commands": 3,
        "effects": "acl set, log removed",
    }
    assert told["doubts"] == "comes from a device on which no session was seen"


def test_two_messages_for_one_login_are_one_session(tmp_path: Path) -> None:
    assert len(sessions(tmp_path, login(0), login(1, line="vty1"), typed(9, "show clock"), logout(30), logout(31))) == 1


def test_a_session_after_logout_and_one_after_an_hour_are_others(tmp_path: Path) -> None:
    rows = (login(0), logout(300), login(600), typed(620, "show clock"), typed(620 + 3_700, "show clock"))
    told = sessions(tmp_path, *rows, site=Site())
    assert [row["doubts"] for row in told] == [None, "no end seen", "no login seen, no end seen"]


@pytest.mark.parametrize("skew", [-90, 0, 90])
def test_an_accounting_server_whose_clock_differs_tells_the_same_session(tmp_path: Path, skew: int) -> None:
    commands = tuple(typed(second + skew, "show clock") for second in (5, 20, 55))
    (told,) = sessions(tmp_path, login(0), logout(60), accounted=commands)
    assert told["commands"] == 3


def test_a_session_through_a_jump_host_and_a_router_is_one_path(tmp_path: Path) -> None:
    rows = (
        login(0, observer="jump1", src_ip="198.51.100.9"),
        login(60, observer="pe1"),
        typed(80, "ip address 192.0.2.77 255.255.255.255", section="interface loopback9"),
        login(120, observer="pe2", src_ip="192.0.2.77"),
    )
    last = sessions(tmp_path, *rows)[-1]
    assert (last["path"], last["hops"], last["hop_device"]) == ("198.51.100.9 > jump1 > pe1 > pe2", 2, "pe1")


def test_doubt_is_said_of_a_session_without_end_login_or_address(tmp_path: Path) -> None:
    (told,) = sessions(tmp_path, typed(0, "show clock", src_ip=None))
    assert told["doubts"] == "no login seen, no end seen, no address told"


def test_one_device_under_three_names_is_three_devices_unless_the_site_says_so(tmp_path: Path) -> None:
    rows = [login(n, observer=name) for n, name in enumerate(("pe1", "192.0.2.1", "pe1.example.net"))]
    doubted = sessions(tmp_path / "without", *rows, site=Site())
    assert len(doubted) == 3
    assert [row["device"] for row in doubted if "device named by an address only" in row["doubts"]] == ["192.0.2.1"]
    assert [row["device"] for row in sessions(tmp_path / "with", *rows)] == ["pe1", "pe1.example.net"]


def test_ten_thousand_sessions_at_once_and_control_characters_raise_nothing(tmp_path: Path) -> None:
    rows = [login(0, user=f"u{n}\x1b[2J\x00", src_ip="10.0.0.9", observer=f"pe{n % 50}") for n in range(10_000)]
    assert len(sessions(tmp_path, *rows)) == 10_000


@pytest.mark.parametrize(
    ("command", "section", "effect"),
    [
        ("no access-class 23 in", "line vty 0 4", "acl removed"),
        ("tacacs server x", "", "aaa server set"),
        ("set system login user x class super-user", "", "user set"),
        ("undo info-center enable", "", "log removed"),
        ("monitor capture c1 start", "", "capture set"),
        ("tunnel destination 198.51.100.4", "interface tunnel7", "tunnel set"),
        ("ip address 10.1.1.1 255.255.255.255", "interface loopback9", "interface set"),
        ("clear logging", "", "log removed"),
        ("show running-config", "", None),
        ("exit", "", None),
    ],
)
def test_commands_are_told_by_what_they_touch(command: str, section: str, effect: str | None) -> None:
    import duckdb

    asked = effect_sql("c", "s")
    assert duckdb.execute(f"SELECT {asked} FROM (SELECT ? AS c, ? AS s)", [command, section]).fetchone() == (effect,)


def test_objects_are_named_once() -> None:
    assert len({name for name, _ in EFFECTS}) == len(EFFECTS)
