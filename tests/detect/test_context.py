from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from seawall.detect.context import Session, in_context, sessions_of
from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.severity import Severity
from seawall.model.site import ApprovedEnd, ChangeWindow, Device, Person, Site
from tests.detect.events import START
from tests.detect.worlds import login, typed, world

NIGHT = datetime(2026, 11, 22, 1, tzinfo=UTC)
WINDOW = ChangeWindow(NIGHT, NIGHT + timedelta(hours=2), devices=("pe1",), accounts=("ops1",), ticket="CHG-7")
SITE = Site(
    devices=(Device("pe1", aliases=("pe1.example.net",)),),
    people=(Person("ops1"), Person("robot", from_addresses=("10.9.9.9",))),
    jump_hosts=("10.1.1.5",),
    change_windows=(WINDOW,),
    aaa_servers=("10.0.0.49",),
    tunnel_ends=(ApprovedEnd("198.51.100.24"),),
)


def finding(
    *,
    device: str = "pe1",
    user: str = "ops1",
    source: str = "10.1.1.5",
    minutes: int = 10,
    lasts: int = 5,
    tags: tuple[str, ...] = ("behaviour:P-10",),
    details: dict[str, Any] | None = None,
    count: int = 1,
) -> Finding:
    named = [("device", device, "target"), ("account", user, "actor"), ("ip", source, "source")]
    entities = tuple(Entity(kind, value, role) for kind, value, role in named if value)  # type: ignore[arg-type]
    first = NIGHT + timedelta(minutes=minutes)
    last = first + timedelta(minutes=lasts)
    return Finding(
        "id",
        "t",
        "T",
        Severity.HIGH,
        80,
        first,
        last,
        count,
        entities,
        "because",
        "pe1",
        (),
        1,
        details=details or {},
        tags=tags,
    )


def test_known_person_usual_place_and_change_window_cap_at_low() -> None:
    told = in_context(finding(), SITE)
    assert (told.severity, told.tags[-1]) == (Severity.LOW, "expected")
    assert told.why == "because Expected: change window CHG-7, known account from its usual place."


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"user": "stranger"}, id="an account nobody knows"),
        pytest.param({"user": ""}, id="no account"),
        pytest.param({"source": "198.51.100.7"}, id="from outside"),
        pytest.param({"source": ""}, id="from nowhere known"),
        pytest.param({"device": "pe2"}, id="a device the window does not cover"),
        pytest.param({"minutes": -5}, id="before the window"),
        pytest.param({"lasts": 200}, id="it goes on after the window"),
        pytest.param({"user": "robot"}, id="automation from another place than its own"),
    ],
)
def test_if_one_thing_is_out_of_place_nothing_is_capped(other: dict[str, Any]) -> None:
    assert in_context(finding(**other), SITE) == finding(**other)


def test_without_a_site_nothing_is_capped() -> None:
    assert in_context(finding(), Site()) == finding()


def test_a_device_is_known_by_its_other_names() -> None:
    assert in_context(finding(device="pe1.example.net"), SITE).severity is Severity.LOW


@pytest.mark.parametrize(
    ("command", "tag", "count", "expected"),
    [
        pytest.param("tunnel destination 198.51.100.24", "behaviour:P-10", 1, True, id="an approved tunnel end"),
        pytest.param("tunnel destination 198.51.100.25", "behaviour:P-10", 1, False, id="another end"),
        pytest.param("tunnel destination 198.51.100.24", "behaviour:P-10", 2, False, id="one of two commands"),
        pytest.param("tunnel destination 198.51.100.24", "behaviour:X-01", 1, False, id="approved for something else"),
        pytest.param("tacacs-server host 10.0.0.49", "behaviour:C-06", 1, True, id="the carrier's AAA server"),
        pytest.param("interface tunnel7", "behaviour:P-10", 1, False, id="no address at all"),
    ],
)
def test_approved_ends_are_expected(command: str, tag: str, count: int, expected: bool) -> None:
    told = in_context(finding(minutes=-60, tags=(tag,), details={"command_raw": command}, count=count), SITE)
    assert (told.severity is Severity.LOW) is expected


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param(["username ops1 privilege 15 secret 9 *"], True, id="their own"),
        pytest.param(["set system login user ops1 authentication encrypted-password *"], True, id="their own on Junos"),
        pytest.param(["local-user ops1 password irreversible-cipher *"], True, id="their own on VRP"),
        pytest.param(["username ops12 privilege 15 secret 9 *"], False, id="a longer name"),
        pytest.param(["username ops1 privilege 15"], False, id="a right and no secret"),
        pytest.param(
            ["username ops1 privilege 15 secret 9 *", "username back privilege 15 secret 9 *"], False, id="and another"
        ),
        pytest.param([], False, id="no record"),
    ],
)
def test_who_renews_their_own_secret_makes_no_new_account(records: list[str], expected: bool) -> None:
    told = replace(
        finding(tags=("behaviour:P-01",)),
        evidence=tuple(Evidence("e", "f:1", f"pe1: User:ops1 logged command:{record}") for record in records),
        evidence_total=len(records),
    )
    assert (in_context(told, Site()).severity is Severity.LOW) is expected


OURS = Session("pe1", "ops1", "10.1.1.5")


@pytest.mark.parametrize(
    ("named", "there", "expected"),
    [
        pytest.param({"source": ""}, [OURS], True, id="the change log names no address"),
        pytest.param({"source": "", "user": ""}, [OURS], True, id="the router's own word names nobody"),
        pytest.param({"source": ""}, [], False, id="nobody was seen on the device"),
        pytest.param({"source": ""}, [Session("pe2", "ops1", "10.1.1.5")], False, id="they were on another device"),
        pytest.param({"source": ""}, [OURS, Session("pe1", "ops1", "198.51.100.7")], False, id="and from outside"),
        pytest.param({"source": ""}, [OURS, Session("pe1", "robot", "10.9.9.9")], True, id="and the nightly collector"),
        pytest.param({"source": ""}, [OURS, Session("pe1", "robot", "10.1.1.5")], False, id="and its account, stolen"),
        pytest.param({"source": ""}, [OURS, Session("pe1", "guest", "10.1.1.5")], False, id="and a stranger"),
        pytest.param(
            {"source": "", "user": ""}, [Session("pe1", "robot", "10.9.9.9")], False, id="the collector alone"
        ),
        pytest.param({"source": "", "user": "stranger"}, [OURS], False, id="the act names a stranger"),
        pytest.param({"source": "", "minutes": 300}, [OURS], False, id="after the window"),
        pytest.param({"source": "198.51.100.7"}, [OURS], False, id="the act names an outside address"),
    ],
)
def test_who_else_was_there_answers_for_records_that_name_nobody(
    named: dict[str, Any], there: list[Session], expected: bool
) -> None:
    told = in_context(finding(**named), SITE, lambda window: frozenset(there))
    assert (told.severity is Severity.LOW) is expected


def test_sessions_are_read_from_logins_and_commands() -> None:
    window = ChangeWindow(START, START + timedelta(hours=1))
    lake = world(
        typed((5, "show clock"), src_ip="10.1.1.5"),
        [login(9, "pe2", "10.1.1.6"), login(9, "pe3", "10.1.1.6", outcome="failure"), login(9000, "pe4", "10.1.1.6")],
    )
    backend = lake.ibis()
    ask = sessions_of({name: backend.table(name) for name in ("logins", "commands")})
    assert ask(window) == ask(window) == {Session("pe1", "ops1", "10.1.1.5"), Session("pe2", "ops1", "10.1.1.6")}
