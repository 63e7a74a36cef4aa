"""FreeRADIUS: a refusing entry at the head of its users file, checked by the server itself before it counts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from seawall.errors import PeerError
from seawall.model.action import Action
from seawall.response.actions.account_disable import reject_block
from seawall.response.base import COMMENT
from seawall.response.channels.commands import run
from seawall.response.targets import Accounts

_MAX_BYTES: Final = 64 << 20


class RadiusChannel:
    """One FreeRADIUS server's users file."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._file = Path(accounts.file)
        self.patience_s = accounts.patience_s

    def read(self, action: Action) -> str:
        """Our entry, if it is there whole; what is left of it, if somebody edited it."""
        text, block = self._text(), _block(action)
        if block in text:
            return _told(action)
        return "an edited entry of ours" if f"{COMMENT}{action.id}" in text else ""

    def wanted(self, action: Action, before: str) -> str:  # noqa: ARG002 - the channels' signature
        """Our entry."""
        return _told(action)

    def apply(self, action: Action, left_s: int) -> None:  # noqa: ARG002 - eradications have no timer
        """Insert it at the head: the first entry that matches decides."""
        self._put(_block(action) + self._text())

    def undo(self, action: Action) -> None:
        """Remove exactly it."""
        self._put(self._text().replace(_block(action), "", 1))

    def sweep(self, live: Sequence[Action]) -> int:  # noqa: ARG002 - eradications are never swept
        """Nothing."""
        return 0

    def clear(self) -> int:
        """Nothing: the kill switch undoes no eradication."""
        return 0

    def _text(self) -> str:
        try:
            with self._file.open("rb") as file:
                content = file.read(_MAX_BYTES + 1)
        except OSError as error:
            raise PeerError(error.strerror or str(error), where=str(self._file), mend="check `file`") from None
        if len(content) > _MAX_BYTES:
            raise PeerError("a users file of more than 64 MiB", where=str(self._file))
        return content.decode("utf-8", "surrogateescape")

    def _put(self, text: str) -> None:
        """Put the file in place, let the server judge it and read it again; else the old one comes back."""
        old = self._text()
        self._replace(text)
        try:
            if self._accounts.check:
                run(self._accounts.check, what=self._accounts.name)
            if self._accounts.reload:
                run(self._accounts.reload, what=self._accounts.name)
        except PeerError as error:
            self._replace(old)
            raise PeerError(f"{error.what}; the users file is as before", where=self._accounts.name) from None

    def _replace(self, text: str) -> None:
        upcoming = self._file.with_name(self._file.name + ".seawall")
        try:
            status = self._file.stat()
            descriptor = os.open(upcoming, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
                file.flush()
                os.fchown(file.fileno(), status.st_uid, status.st_gid)
                os.fchmod(file.fileno(), status.st_mode & 0o7777)
                os.fsync(file.fileno())
            os.replace(upcoming, self._file)
        except OSError as error:
            raise PeerError(f"cannot be written: {error.strerror}", where=str(self._file)) from None


def _block(action: Action) -> str:
    return reject_block(action.values["account"], action.id)


def _told(action: Action) -> str:
    return f"{COMMENT}{action.id} {action.values['account']} Auth-Type := Reject"
