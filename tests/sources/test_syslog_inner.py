# ruff: noqa: E501 - log lines are as long as they are
"""Headers inside headers: what relays wrapped is unwrapped, what a program merely says is not."""

from __future__ import annotations

from typing import Any

import pytest

from seawall.sources import syslog
from tests.sources.reading import read_bytes

_RELAY = "<13>1 2026-11-22T10:15:31Z log2 relay - - - "
_CONFIG = "%SYS-5-CONFIG_I: Configured from console by ann on vty0 (192.0.2.15)"


def only(line: str) -> dict[str, Any]:
    (row,) = read_bytes(syslog.SOURCE, line.encode() + b"\n").rows("syslog")
    return row


@pytest.mark.parametrize(
    ("line", "observer", "program", "mnemonic", "severity"),
    [
        (f"{_RELAY}<165>1 2026-11-22T10:15:30Z mx1 mgd 30 UI_COMMIT - User 'ann' commit", "mx1", "mgd", "UI_COMMIT", 5),
        (f"{_RELAY}{_RELAY}<165>1 2026-11-22T10:15:30Z mx1 mgd 30 UI_COMMIT - commit", "mx1", "mgd", "UI_COMMIT", 5),
        ("<13>Nov 22 10:15:31 log2 <165>1 2026-11-22T10:15:30Z mx1 mgd 30 UI_COMMIT - commit", "mx1", "mgd", "UI_COMMIT", 5),
        ("<12>Nov 22 10:15:31 log2 1 2026-11-22T10:15:30Z mx1 mgd 30 UI_COMMIT - commit", "mx1", "mgd", "UI_COMMIT", 4),
        (f"{_RELAY}<189>Nov 22 10:15:30 sr7 TMNX: 7 Base USER-MINOR-cli_user_io-2011 [ann]:  User from 192.0.2.15: sr7>#  ptp", "sr7", "TMNX", "USER-MINOR-cli_user_io-2011", 3),
        (f"{_RELAY}<38>Nov 22 10:15:30 jump1 sshd[22]: Accepted password for ann from 192.0.2.15 port 2 ssh2", "jump1", "sshd", None, 6),
        (f"{_RELAY}<189>12: ce1: Nov 22 2026 10:15:30 UTC: {_CONFIG}", "ce1", "relay", "SYS-5-CONFIG_I", 5),
        (f"<189>1 2026-11-22T10:15:31Z 192.0.2.1 - - - -  ce1: Nov 22 2026 10:15:30 UTC: {_CONFIG}", "ce1", None, "SYS-5-CONFIG_I", 5),
    ],
)  # fmt: skip
def test_the_innermost_header_is_the_devices_and_the_outermost_time_is_when_it_came(
    line: str, observer: str, program: str | None, mnemonic: str | None, severity: int
) -> None:
    row = only(line)
    assert (row["observer"], row["program"], row["mnemonic"], row["severity"]) == (
        observer, program, mnemonic, severity,
    )  # fmt: skip
    assert (row["time"].second, row["received"].second) == (30, 31)


def test_a_relay_may_take_the_mnemonic_for_a_program() -> None:
    row = only(
        "<189>1 2026-11-22T10:15:30Z ce1 %SYS-5-CONFIG_I - - - Configured from console by ann on vty0 (192.0.2.15)"
    )
    assert (row["mnemonic"], row["program"], row["activity"], row["user"]) == (
        "SYS-5-CONFIG_I", None, "config_change", "ann",
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "<13>Nov 22 10:15:31 web1 httpd[7]: <165>1 2026-11-22T10:15:29Z mx1 mgd 30 UI_COMMIT - User 'ann' commit",
        "<13>1 2026-11-22T10:15:31Z web1 httpd 7 ACCESS - <165>1 2026-11-22T10:15:29Z mx1 mgd 30 UI_COMMIT - commit",
        f"<13>1 2026-11-22T10:15:31Z web1 sshd 44 - - error: bad text by ce1 {_CONFIG}",
    ],
)
def test_a_header_in_a_programs_own_text_stays_text(line: str) -> None:
    row = only(line)
    assert (row["observer"], row["mnemonic"], row["activity"]) == ("web1", None, None)


def test_a_line_card_names_its_slot_in_front_of_the_tag() -> None:
    row = only("Nov 22 10:15:30 mx1 (FPC Slot 0, PIC Slot 1) PFE_FW_SYSLOG_IP: FW: xe-0/0/0.0 D tcp")
    assert (row["mnemonic"], row["message"]) == ("PFE_FW_SYSLOG_IP", "FW: xe-0/0/0.0 D tcp")


def test_headers_deeper_than_four_stay_text() -> None:
    row = only(_RELAY * 9 + "<165>1 2026-11-22T10:15:30Z mx1 mgd 30 UI_COMMIT - commit")
    assert row["observer"] == "log2"
    assert row["message"].startswith("<13>1 ")
