from __future__ import annotations

from typing import Any

import pytest

from seawall.errors import PeerError
from seawall.response.actions import kind_of
from seawall.response.channels.ldap import LdapChannel
from seawall.response.execute import UNDO
from seawall.response.steps import Step
from seawall.response.targets import Accounts

from ..world import World

ldap3 = pytest.importorskip("ldap3", reason="ldap3 is not installed: make extras")


def _connection() -> Any:
    server = ldap3.Server("directory", get_info=ldap3.OFFLINE_SLAPD_2_4)
    made = ldap3.Connection(server, client_strategy=ldap3.MOCK_SYNC, check_names=False)
    for uid in ("ann", "ben", "twin"):
        made.strategy.add_entry(f"uid={uid},ou=people,dc=example,dc=net", {"uid": uid, "objectClass": "inetOrgPerson"})
    made.strategy.add_entry("uid=twin,ou=old,dc=example,dc=net", {"uid": "twin", "objectClass": "inetOrgPerson"})
    made.bind()
    return made


class _Kept:
    """One connection for every call: its entries live in it."""

    def __init__(self) -> None:
        self.made = _connection()

    def __call__(self) -> Any:
        return self

    def __enter__(self) -> Any:
        return self.made

    def __exit__(self, *_: object) -> None: ...


@pytest.mark.parametrize(("account", "entries"), [("nobody", 0), ("twin", 2), ("*", None)])
def test_an_account_that_is_not_exactly_one_is_not_touched(account: str, entries: int | None) -> None:
    channel = LdapChannel(Accounts("dir", "ldap", base="dc=example,dc=net"), _Kept())
    if entries is None:
        with pytest.raises(Exception, match=r"safely"):
            kind_of("account_disable").action("dir", {"account": account, "store": "ldap"}, "stolen")
        return
    action = kind_of("account_disable").action("dir", {"account": account, "store": "ldap"}, "stolen")
    with pytest.raises(PeerError, match=f"{entries} entries"):
        channel.apply(action, 0)


def test_an_account_is_locked_and_unlocked_again() -> None:
    world, kept = World(), _Kept()
    hands = world.new_hands(LdapChannel(Accounts("dir", "ldap", base="dc=example,dc=net"), kept))
    action = kind_of("account_disable").action("dir", {"account": "ann", "store": "ldap"}, "stolen")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    outcome = hands.apply(plan, action)
    assert outcome.step is Step.VERIFIED, outcome.said
    world.sign(plan, action, "ben", "cy", deed=UNDO)
    undone = hands.undo(plan, action)
    assert undone.step is Step.UNDONE, undone.said
