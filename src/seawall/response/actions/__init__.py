"""One file for each kind of action, and the list of them."""

from __future__ import annotations

from typing import Final

from seawall.errors import InputError
from seawall.response.actions import (
    account_disable,
    ask,
    close_access,
    flowspec,
    nft_block,
    remove_user,
    restore_aaa,
    rtbh,
    session_kill,
    shut_tunnel,
    stop_capture,
)
from seawall.response.base import Kind

KINDS: Final[tuple[Kind, ...]] = (
    restore_aaa.KIND,
    shut_tunnel.KIND,
    stop_capture.KIND,
    remove_user.KIND,
    account_disable.KIND,
    close_access.KIND,
    session_kill.KIND,
    nft_block.KIND,
    flowspec.KIND,
    rtbh.KIND,
    ask.KIND,
)
BY_NAME: Final = {kind.name: kind for kind in KINDS}


def kind_of(name: str) -> Kind:
    """A kind by its name. Raises InputError if this version has none of that name."""
    if name not in BY_NAME:
        raise InputError(f"no action is called {name!r}", mend=f"one of {', '.join(sorted(BY_NAME))}")
    return BY_NAME[name]
