from __future__ import annotations

import pytest

from seawall.platforms import nxos


@pytest.mark.parametrize(
    ("message", "user", "source", "command"),
    [
        (
            "update:192.0.2.15@pts/7:noc-anna:copy running-config ftp://198.51.100.9/x vrf default (SUCCESS)",
            "noc-anna",
            "192.0.2.15",
            "copy running-config ftp://198.51.100.9/x vrf default",
        ),
        ("update:2001:db8::7@pts/3:noc-anna:show clock (SUCCESS)", "noc-anna", "2001:db8::7", "show clock"),
        ("update:console0:admin:show clock", "admin", None, "show clock"),
    ],
    ids=["a-url-in-the-command", "an-ipv6-source", "the-console"],
)
def test_colons_in_address_or_command_do_not_shift_the_fields(
    message: str, user: str, source: str | None, command: str
) -> None:
    act = nxos.accounted(message)
    assert act is not None
    assert (act.user, act.src_ip, act.command_raw) == (user, source, command)
