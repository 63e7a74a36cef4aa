# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Cisco ASA and FTD, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("ASA-5-111008", "User 'ann' executed the 'write memory' command.", Act("command", "success", None, None, "ann", command_raw="write memory")),
    ("ASA-6-605005", 'Login permitted from 192.0.2.15/4022 to inside:192.0.2.1/ssh for user "ann"', Act("login", "success", "ssh", None, "ann", "192.0.2.15", "192.0.2.1")),
    ("ASA-6-605004", 'Login denied from 203.0.113.9/4022 to inside:192.0.2.1/ssh for user "adm"', Act("login", "failure", "ssh", None, "adm", "203.0.113.9", "192.0.2.1")),
    ("ASA-5-111010", "User 'ann', running 'CLI' from IP 192.0.2.15, executed 'no logging enable'", Act("command", "success", "CLI", None, "ann", "192.0.2.15", command_raw="no logging enable")),
    ("ASA-6-113004", "AAA user authentication Successful : server =  192.0.2.9 : user = ann", Act("login", "success", None, None, "ann")),
    ("ASA-6-113004", "AAA user accounting Successful : server =  192.0.2.9 : user = ann", None),
    ("ASA-6-113012", "AAA user authentication Successful : local database : user = ann", Act("login", "success", None, None, "ann")),
    ("ASA-auth-6-113012", "AAA user authentication Successful : local database : user = ann", Act("login", "success", None, None, "ann")),
    ("ASA-6-113005", "AAA user authentication Rejected : reason = AAA failure : server = 192.0.2.9 : user = eve : user IP = 203.0.113.9", Act("login", "failure", None, None, "eve", "203.0.113.9")),
    ("ASA-6-113015", "AAA user authentication Rejected : reason = Invalid password <masked> local database : user = eve : user IP = 203.0.113.9", Act("login", "failure", None, None, "eve", "203.0.113.9")),
    ("ASA-6-716038", "Group <DfltGrp> User <ann> IP <203.0.113.9> Authentication: successful, Session Type: WebVPN.", Act("login", "success", "vpn", None, "ann", "203.0.113.9")),
    ("ASA-6-716039", "Group <DfltGrp> User <eve> IP <203.0.113.9> Authentication: rejected, Session Type: WebVPN.", Act("login", "failure", "vpn", None, "eve", "203.0.113.9")),
    ("FTD-6-611101", "User authentication succeeded: IP address: 192.0.2.15, Uname: ann", Act("login", "success", None, None, "ann", "192.0.2.15")),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "asa") == act
