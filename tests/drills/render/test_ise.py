# ruff: noqa: E501 - samples stand as they are written
"""Cisco ISE: every category its reader interprets, whole, in segments and in its own file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import ise
from tests.drills.render.reading import AT, act, read_back, sender

WHO = {"user": "r.novak", "src_ip": "10.9.20.15"}
ISE = {"service": "ise"}
SAID = [
    pytest.param(act("login"), {**WHO, "activity": "login", "outcome": "success", "dst_ip": "10.9.10.1"}, id="login"),
    pytest.param(act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="login-failed"),
    pytest.param(act("logout"), {**WHO, "activity": "logout", "dst_ip": "10.9.10.1"}, id="logout"),
    pytest.param(
        act("command", command="show running-config | include snmp"),
        {**WHO, "activity": "command", "command_raw": "show running-config | include snmp", "dst_ip": "10.9.10.1"},
        id="command",
    ),
    pytest.param(act("login", detail=ISE), {**WHO, "activity": "login", "service": "web"}, id="administrator-in"),
    pytest.param(act("login_failed", detail=ISE), {**WHO, "outcome": "failure"}, id="administrator-refused"),
    pytest.param(act("logout", detail=ISE), {**WHO, "activity": "logout"}, id="administrator-out"),
    pytest.param(
        act("configured", detail={"text": "local logging off, all targets removed"}),
        {**WHO, "activity": "config_change", "command_raw": "NetworkDevice edge1-hav.halden.example.net local logging off, all targets removed"},
        id="ise-changed",
    ),
]  # fmt: skip


def of_first_segments(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows that tell a message; those of its further segments tell nothing of their own."""
    return [row for row in rows if "/" in row["mnemonic"]]


@pytest.mark.parametrize("header", ise.HEADERS)
@pytest.mark.parametrize(("what", "meaning"), SAID)
def test_every_category_is_read_back_in_every_form(
    what: Any, meaning: dict[str, Any], header: str, tmp_path: Path
) -> None:
    lines = ise.write(what, sender(header))
    rows = of_first_segments(read_back(tmp_path, "ise.log", lines, "syslog")["syslog"])
    for row in rows:
        assert {name: row[name] for name in meaning if name not in ("activity", "outcome")} == {
            name: value for name, value in meaning.items() if name not in ("activity", "outcome")
        }
        assert (row["platform"], row["time"], row["time_quality"]) == ("ise", AT, "exact")
    assert any(meaning.items() <= row.items() for row in rows)


@pytest.mark.parametrize(("status", "activity"), [("Start", "login"), ("Stop", "logout"), ("Interim-Update", None)])
def test_a_session_behind_a_port_is_read_back(status: str, activity: str | None, tmp_path: Path) -> None:
    lines = ise.lines(AT, sender("target"), *ise.session(act("login"), status))
    (row,) = read_back(tmp_path, "ise.log", lines, "syslog")["syslog"]
    assert (row["activity"], row["service"], row["user"], row["src_ip"]) == (
        activity,
        "network",
        "r.novak",
        "10.9.20.15",
    )


def test_a_long_message_comes_in_segments_and_no_segment_is_empty() -> None:
    lines = ise.write(act("command", command="show " + " ".join(["x" * 9] * 40)), sender("segmented"))
    assert all(line.rstrip(" ,")[-1] not in "0123456789 " or "=" in line for line in lines)
    assert len(lines) > 4


WORDS = st.from_regex(r"\A[A-Za-z0-9_](?:[A-Za-z0-9_.@\\:/\-]{0,20}[A-Za-z0-9_$])?\Z")


@given(WORDS, st.lists(WORDS, min_size=1, max_size=12), st.sampled_from(ise.HEADERS))
def test_whoever_it_was_and_whatever_was_typed_comes_back(account: str, words: list[str], header: str) -> None:
    command = " ".join(("show", *words))
    lines = ise.write(act("command", account=account, command=command), sender(header))
    with TemporaryDirectory() as folder:
        rows = of_first_segments(read_back(Path(folder), "ise.log", lines, "syslog")["syslog"])
    assert [(row["user"], row["command_raw"]) for row in rows] == [(account, command)] * 2
