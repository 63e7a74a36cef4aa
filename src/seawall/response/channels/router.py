"""Routers over SSH, through Netmiko: only where response.toml switches direct changes on for the device's group.

A change is committed for a time, read back, and confirmed only if it took: what did not take rolls itself back on the
platforms that can, and at once by our word on the others. Host keys are known or the device is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError, PeerError
from seawall.model.action import Action
from seawall.model.site import Site
from seawall.response.actions.close_access import EMPTY
from seawall.response.dialects import BY_HAND, Dialect, dialect_of
from seawall.response.readback import is_last, seen_in
from seawall.response.targets import Group, path_to, secret

_LINES: Final = re.compile(r"[\x20-\x7e]{0,400}")


class RouterChannel:
    """One device."""

    patience_s = 0.0  # a router shows a change at once, or it did not take

    def __init__(self, device: str, platform: str, group: Group, site: Site) -> None:
        self._device, self._group, self._site = device, group, site
        self._dialect = dialect_of(platform)

    def read(self, action: Action) -> str:
        """The statements of the running configuration the action is about."""
        with self._session() as session:
            return self._read(session, action)

    def wanted(self, action: Action, before: str) -> str | None:
        """What they are once it took."""
        return seen_in("", action, wanted=True) if not before else seen_in(before, action, wanted=True)

    def apply(self, action: Action, left_s: int) -> None:  # noqa: ARG002 - eradications have no timer
        """Commit for a time, read back, confirm."""
        self._change(action, action.do)

    def undo(self, action: Action) -> None:
        """The same with the way back; refused where only a person can."""
        if BY_HAND in action.undo:
            raise PeerError(action.undo.strip().removeprefix(BY_HAND), where=self._device, mend="do it by hand")
        self._change(action, action.undo, back=True)

    def sweep(self, live: Sequence[Action]) -> int:  # noqa: ARG002 - nothing on a router is a block of ours
        """Nothing: eradications are never removed by a sweep."""
        return 0

    def clear(self) -> int:
        """Nothing: the kill switch undoes no eradication."""
        return 0

    def _change(self, action: Action, text: str, *, back: bool = False) -> None:
        words = {"id": action.id[:8], "min": self._group.confirm_min}
        with self._session() as session:
            config = self._config(session)
            before = seen_in(config, action)
            if not back and is_last(config, action):
                raise PeerError(
                    f"it is the last entry of its list, and {EMPTY}; nothing was done",
                    where=self._device,
                    mend="put an entry that denies into the list first, then plan again",
                )
            for line in self._dialect.before:
                self._say(session, line.format(**words))
            try:
                self._say(session, self._dialect.enter.format(**words))
                for line in text.splitlines():
                    self._say(session, line.strip())
                for line in self._dialect.commit:
                    self._say(session, line.format(**words))
            except PeerError as error:
                self._retreat(session, words)
                raise PeerError(f"{error.what}; rolled back, nothing stays", where=self._device) from None
            if self._read(session, action) == before and not back:
                self._retreat(session, words)
                raise PeerError("committed, but the configuration does not show it; rolled back", where=self._device)
            for line in self._dialect.confirm:
                self._say(session, line.format(**words))

    def _retreat(self, session: Any, words: dict[str, Any]) -> None:
        for line in self._dialect.rollback:
            try:
                self._say(session, line.format(**words))
            except PeerError:
                continue  # it may refuse since nothing was committed; its own timer stands behind us

    def _read(self, session: Any, action: Action) -> str:
        return seen_in(self._config(session), action)

    def _config(self, session: Any) -> str:
        inside = session.check_config_mode()
        return self._say(session, _inside(self._dialect) if inside else self._dialect.show)

    def _say(self, session: Any, line: str) -> str:
        """One line, and the prompt that follows it. Raises PeerError if the device refuses the line."""
        if not _LINES.fullmatch(line):
            raise PeerError("a line no command can be written with safely", where=self._device)
        try:
            said = str(
                session.send_command(
                    line, expect_string=_PROMPT, strip_command=True, read_timeout=self._group.patience_s
                )
            )
            if _CONFIRM.search(said):  # IOS asks so before it removes an account
                session.write_channel("\n")
                said += str(session.read_until_pattern(_PROMPT, read_timeout=self._group.patience_s))
        except Exception as error:  # noqa: BLE001 - Netmiko and paramiko raise anything; each means: no answer
            raise PeerError(f"no prompt after {line!r} ({type(error).__name__})", where=self._device) from None
        refused = next((w for w in said.splitlines() if w.strip().startswith(self._dialect.errors)), None)
        if refused:
            raise PeerError(f"refused {line!r}: {refused.strip()[:200]}", where=self._device)
        return said

    @contextmanager
    def _session(self) -> Iterator[Any]:
        try:
            from netmiko import ConnectHandler
        except ImportError:
            raise InputError("Netmiko is not installed", where=self._device, mend="make extras") from None
        group = self._group
        try:
            session = ConnectHandler(
                device_type=self._dialect.driver,
                host=path_to(self._device, group, self._site),
                port=group.port,
                username=group.username,
                password=secret(group.password) or None,
                use_keys=bool(group.key_file),
                key_file=group.key_file or None,
                ssh_strict=True,
                system_host_keys=False,
                alt_host_keys=bool(group.host_keys),
                alt_key_file=str(Path(group.host_keys)) if group.host_keys else "",
                conn_timeout=group.patience_s,
                auth_timeout=group.patience_s,
                banner_timeout=group.patience_s,
                fast_cli=True,
            )
        except InputError as error:
            raise PeerError(error.what, where=self._device, mend=error.mend) from None
        except Exception as error:  # noqa: BLE001 - as above: unreachable, refused, unknown key, no prompt
            what = str(error).strip().splitlines()
            raise PeerError(
                f"no session: {type(error).__name__}: {what[0][:200] if what else ''}; nothing was done",
                where=self._device,
                mend="check address, account and host key in response.toml",
            ) from None
        try:
            yield session
        finally:
            session.disconnect()


_PROMPT: Final = r"(?:[\w.@:~/()\[\]-]+[#>%]|\[confirm\])\s*$"
_CONFIRM: Final = re.compile(r"\[confirm\]\s*$")


def _inside(dialect: Dialect) -> str:
    """The show command where a commit leaves us in configuration."""
    return {"Junos": "run " + dialect.show, "IOS XR": "do " + dialect.show}.get(dialect.name, "do " + dialect.show)
