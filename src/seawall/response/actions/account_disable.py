"""Disable an account where logins are checked. The former state comes back on undo, never merely "enabled"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.base import COMMENT, Kind, Written

_ACCOUNT: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")
LOCKED: Final = (
    "000001010000Z"  # pwdAccountLockedTime: locked until somebody unlocks it (draft-behera-ldap-password-policy)
)


def reject_block(account: str, id_: str) -> str:
    """The entry that refuses an account, at the head of a FreeRADIUS users file, where the first match counts."""
    return f'# {COMMENT}{id_}\n{account}\tAuth-Type := Reject\n\tReply-Message = "This account is disabled."\n'


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - the signature of every kind
    account, store = values["account"], values["store"]
    if not _ACCOUNT.fullmatch(account) or account == "DEFAULT":
        raise InputError("an account name no entry can be written with safely", mend="disable it by hand")
    if store == "freeradius":
        block = reject_block(account, values["id"])
        return Written(
            f"at the head of the users file, insert:\n{block}",
            f"from the users file, remove:\n{block}",
            f"the users file begins with the entry {COMMENT}{values['id']}; Access-Reject for {account}",
        )
    if store == "ldap":
        return Written(
            f"of the entry of {account}: replace pwdAccountLockedTime: {LOCKED}\n",
            f"of the entry of {account}: delete pwdAccountLockedTime: {LOCKED}\n",
            f"the entry of {account} holds pwdAccountLockedTime {LOCKED}",
        )
    raise InputError(f"accounts of {store!r} are not written here", mend="disable it by hand")


KIND: Final = Kind("account_disable", "Disable an account", "eradication", "accounts", ("account", "store"), _write, 45)
