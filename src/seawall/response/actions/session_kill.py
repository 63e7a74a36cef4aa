"""End the sessions an account has on a device: closing a door does not put out who is in already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import Kind, Written
from seawall.response.dialects import BY_HAND, family

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@$-]{0,63}")
_LINE: Final = re.compile(r"(?:tty|vty ?|line )?(\d{1,3})")


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    account, platform = values["account"], family(values["platform"])
    if not _ACCOUNT.fullmatch(account):
        raise InputError("an account name no command can be written with safely", mend="end its sessions by hand")
    line = _LINE.fullmatch(values.get("line", ""))
    number = line[1] if line else "<the line that `show users` names>"
    do = {
        "ios": f"show users\nclear line {number}\n",
        "iosxr": f"show users\nclear line vty {number}\n",
        "nxos": f"show users\nclear user {account}\n",
        "junos": f"request system logout user {account}\n",
        "eos": f"show users detail\nclear session {number}\n",
    }[platform]
    return Written(
        do,
        f"{BY_HAND}an ended session does not come back; whoever may, logs in again\n",
        f"show users: {account} is not there",
    )


KIND: Final = Kind(
    "session_kill",
    "End an account's sessions",
    "eradication",
    "sessions",
    ("device", "platform", "account"),
    _write,
    55,
)
