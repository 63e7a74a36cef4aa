from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seawall.drills.acts import Act
from seawall.drills.render import radius
from seawall.drills.render.sender import Sender
from tests.drills.render.reading import AT, act, read_back, sender

Writer = Callable[[Act, Sender], list[str]]
FORMS: list[tuple[Writer, list[str], bool]] = [  # writer, head of the file, whether a zone is written
    (radius.write, [], True),
    (radius.write_ias, [], False),
    (radius.write_odbc, [], False),
    (radius.write_xml, [], False),
    (radius.write_csv, [radius.CSV_HEADER], True),
]
WORDS = st.text("abcäöß0123456789.-_@\\\"'<>& ,", min_size=1, max_size=20).map(str.strip).filter(bool)


@pytest.mark.parametrize(("write", "head", "zone"), FORMS)
def test_a_session_is_read_back(write: Writer, head: list[str], zone: bool, tmp_path: Path) -> None:
    device = sender("")
    lines = [*head, *write(act("login"), device), *write(act("logout"), device)]
    started, stopped = read_back(tmp_path, "acct.log", lines, "radius")["radius"]
    assert (started["record"], started["activity"], started["outcome"]) == ("start", "login", "success")
    assert (stopped["record"], stopped["activity"], stopped["session_id"]) == ("stop", "logout", started["session_id"])
    assert (started["user"], started["src_ip"], started["nas_ip"]) == ("r.novak", "10.9.20.15", "10.9.10.1")
    assert (started["observer"], started["device"]) == ("edge1-hav", "edge1-hav")
    assert started["time"].replace(microsecond=0) == AT.replace(microsecond=0)
    assert started["time_quality"] == ("exact" if zone else "zone_assumed")


@pytest.mark.parametrize(("write", "head", "zone"), FORMS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(user=WORDS)
def test_any_user_is_read_back_as_written(
    write: Writer, head: list[str], zone: bool, user: str, tmp_path: Path
) -> None:
    lines = [*head, *write(act("login", account=user), sender(""))]
    (row,) = read_back(tmp_path, "acct.log", lines, "radius")["radius"]
    assert (row["user"], row["time"] is not None, zone in (True, False)) == (user, True, True)


def test_what_is_no_session_is_not_accounted() -> None:
    assert [write(act("command", command="show x"), sender("")) for write, _, _ in FORMS] == [[]] * 5
