"""LDAP: an account locked for good by the attribute of the password policy, and given back its former value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from seawall.errors import InputError, PeerError
from seawall.model.action import Action
from seawall.response.actions.account_disable import LOCKED
from seawall.response.targets import Accounts, secret

ATTRIBUTE: Final = "pwdAccountLockedTime"


class LdapChannel:
    """One directory. `connect` is what tests hand in."""

    def __init__(self, accounts: Accounts, connect: Any = None) -> None:
        self._accounts, self._connect = accounts, connect
        self.patience_s = accounts.patience_s

    def read(self, action: Action) -> str:
        """The lock of the account; empty if it has none. Raises PeerError unless exactly one entry bears its name."""
        with self._bound() as bound:
            return self._found(bound, action)[1]

    def wanted(self, action: Action, before: str) -> str:  # noqa: ARG002 - the channels' signature
        """Locked for good."""
        return LOCKED

    def apply(self, action: Action, left_s: int) -> None:  # noqa: ARG002 - eradications have no timer
        """Lock it."""
        from ldap3 import MODIFY_REPLACE

        with self._bound() as bound:
            name, _ = self._found(bound, action)
            self._modify(bound, name, {ATTRIBUTE: [(MODIFY_REPLACE, [LOCKED])]})

    def undo(self, action: Action) -> None:
        """Take our lock away; one that others set is another value, and undo was refused before this."""
        from ldap3 import MODIFY_DELETE

        with self._bound() as bound:
            name, _ = self._found(bound, action)
            self._modify(bound, name, {ATTRIBUTE: [(MODIFY_DELETE, [LOCKED])]})

    def sweep(self, live: Sequence[Action]) -> int:  # noqa: ARG002 - eradications are never swept
        """Nothing."""
        return 0

    def clear(self) -> int:
        """Nothing: the kill switch undoes no eradication."""
        return 0

    def _found(self, bound: Any, action: Action) -> tuple[str, str]:
        from ldap3 import SUBTREE
        from ldap3.utils.conv import escape_filter_chars

        wanted = f"({self._accounts.attribute}={escape_filter_chars(action.values['account'])})"
        bound.search(self._accounts.base, wanted, search_scope=SUBTREE, attributes=[ATTRIBUTE], size_limit=2)
        entries = [entry for entry in bound.response or [] if entry.get("type") == "searchResEntry"]
        if len(entries) != 1:
            raise PeerError(f"{len(entries)} entries bear that name", where=self._accounts.name, mend="disable by hand")
        held = entries[0]["raw_attributes"].get(ATTRIBUTE) or [b""]
        return str(entries[0]["dn"]), held[0].decode("utf-8", "replace")

    def _modify(self, bound: Any, name: str, changes: dict[str, Any]) -> None:
        if not bound.modify(name, changes):
            raise PeerError(f"refused: {bound.result.get('description', '')}", where=self._accounts.name)

    @contextmanager
    def _bound(self) -> Iterator[Any]:
        try:
            from ldap3 import Connection, Server
            from ldap3.core.exceptions import LDAPException
        except ImportError:
            raise InputError("ldap3 is not installed", where=self._accounts.name, mend="make extras") from None
        accounts = self._accounts
        try:
            bound = (
                self._connect()
                if self._connect
                else Connection(
                    Server(accounts.url, connect_timeout=accounts.patience_s, get_info=None),
                    accounts.user,
                    secret(accounts.password),
                    auto_bind=True,
                    receive_timeout=accounts.patience_s,
                    check_names=False,
                )
            )
            with bound as held:
                yield held
        except LDAPException as error:
            raise PeerError(f"no answer, or a refusal: {type(error).__name__}", where=accounts.name) from None
