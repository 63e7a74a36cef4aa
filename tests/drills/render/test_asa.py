"""ASA: every numbered message its reader interprets, under each of its headers."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import asa
from tests.drills.render.reading import act, read_back, sender

WHO = {"user": "r.novak", "src_ip": "10.9.20.15"}
SAID = [
    pytest.param(act("login"), [{**WHO, "activity": "login", "outcome": "success"}] * 2, id="login"),
    pytest.param(act("login_failed"), [{**WHO, "activity": "login", "outcome": "failure"}] * 2, id="login-failed"),
    pytest.param(
        act("logout"), [{**WHO, "activity": "logout"}, {"user": "r.novak", "activity": "logout"}], id="logout"
    ),
    pytest.param(act("enable"), [{"user": "r.novak", "activity": "login", "service": "enable"}], id="enable"),
    pytest.param(
        act("command", command="show running-config"),
        [{"user": "r.novak", "activity": "command", "command_raw": "show running-config"}],
        id="looking",
    ),
    pytest.param(
        act("config", command="no logging host mgmt 192.0.2.50"),
        [{"user": "r.novak", "activity": "command", "command_raw": "no logging host mgmt 192.0.2.50"}] * 2,
        id="changing",
    ),
    pytest.param(act("saved"), [{"src_ip": "10.9.20.15", "activity": "config_change"}], id="saved"),
]


@pytest.mark.parametrize("header", asa.HEADERS)
@pytest.mark.parametrize(("what", "meanings"), SAID)
def test_every_message_is_read_back(what: Any, meanings: list[dict[str, Any]], header: str, tmp_path: Path) -> None:
    rows = read_back(tmp_path, "asa.log", asa.write(what, sender(header)), "syslog")["syslog"]
    assert [{name: row[name] for name in said} for row, said in zip(rows, meanings, strict=True)] == meanings
    assert {(row["observer"], row["platform"]) for row in rows} == {("edge1-hav", "asa")}


WORDS = st.from_regex(r"\A[A-Za-z0-9_](?:[A-Za-z0-9_.@\\:/,=\-]{0,20}[A-Za-z0-9_$])?\Z")


@given(WORDS, st.lists(WORDS, min_size=1, max_size=6), st.sampled_from(asa.HEADERS))
def test_whoever_it_was_and_whatever_was_typed_comes_back(account: str, words: list[str], header: str) -> None:
    command = " ".join(("show", *words))
    with TemporaryDirectory() as folder:
        lines = asa.write(act("command", account=account, command=command), sender(header))
        (row,) = read_back(Path(folder), "asa.log", lines, "syslog")["syslog"]
    assert (row["user"], row["command_raw"]) == (account, command)
