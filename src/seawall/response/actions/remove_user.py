"""Remove a local account from a device."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import Kind, Written
from seawall.response.dialects import BY_HAND, dialect_of, family

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@$-]{0,63}")


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    account, platform = values["account"], family(values["platform"])
    if not _ACCOUNT.fullmatch(account):
        raise InputError("an account name no command can be written with safely", mend="remove it by hand")
    junos = platform == "junos"
    return Written(
        do=f"delete system login user {account}\n" if junos else f"no username {account}\n",
        undo=f"{BY_HAND}make the account {account} again, with a new secret: whoever knew the old one is not trusted\n",
        verify=f"{dialect_of(platform).show}: no account {account}",
    )


KIND: Final = Kind(
    "remove_user", "Remove an account", "eradication", "router", ("device", "platform", "account"), _write, 40
)
