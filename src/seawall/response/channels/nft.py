"""nftables, through `nft -j`: our own table, one element for each block, with the kernel's own timer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from seawall.errors import InputError, PeerError
from seawall.model.action import Action
from seawall.response.actions.nft_block import BASE, TABLE, set_of
from seawall.response.addresses import network
from seawall.response.base import COMMENT
from seawall.response.channels.commands import run
from seawall.response.targets import Firewall

_SETS: Final = ("block4", "block6")


class NftChannel:
    """One Linux firewall."""

    patience_s = 5.0

    def __init__(self, firewall: Firewall) -> None:
        self._firewall = firewall

    def read(self, action: Action) -> str:
        """The element of the action's address: its timeout and comment."""
        wanted = str(network(action.values["address"]))
        return next((_told(e) for e in self._elements(set_of(wanted)) if e["address"] == wanted), "")

    def wanted(self, action: Action, before: str) -> str:  # noqa: ARG002 - the channels' signature
        """Our element."""
        address = str(network(action.values["address"]))
        return _told({"address": address, "comment": COMMENT + action.id})

    def apply(self, action: Action, left_s: int) -> None:
        """Add the element; first our table, if it is not there. All in one transaction."""
        text = action.do.replace(f"timeout {action.lasts_s}s", f"timeout {max(1, left_s)}s")
        self._load(text if self._has_table() else BASE + text)

    def undo(self, action: Action) -> None:
        """Remove the element; with the last one, our table."""
        if self.read(action):
            self._load(action.undo)
        self._tidy()

    def ours(self) -> list[str]:
        """Ids of our elements."""
        return [e["comment"].removeprefix(COMMENT) for s in _SETS for e in self._elements(s) if _ours(e)]

    def sweep(self, live: Sequence[Action]) -> int:
        """Remove our elements but those of the live actions."""
        due, gone = {COMMENT + action.id for action in live}, 0
        for name in _SETS:
            for one in list(self._elements(name)):
                if _ours(one) and one["comment"] not in due:
                    self._load(f"delete element inet {TABLE} {name} {{ {one['address']} }}\n")
                    gone += 1
        if gone:
            self._tidy()
        return gone

    def clear(self) -> int:
        """Remove our table whole."""
        count = len(self.ours())
        if self._has_table():
            self._load(f"delete table inet {TABLE}\n")
        return count

    def _tidy(self) -> None:
        if self._has_table() and not any(True for name in _SETS for _ in self._elements(name)):
            self._load(f"delete table inet {TABLE}\n")

    def _has_table(self) -> bool:
        found = self._json("list", "tables")
        return any(t.get("table", {}).get("name") == TABLE and t["table"].get("family") == "inet" for t in found)

    def _elements(self, name: str) -> Iterator[dict[str, str]]:
        if not self._has_table():
            return
        for item in self._json("list", "set", "inet", TABLE, name):
            for element in item.get("set", {}).get("elem", []):
                inner = element.get("elem", {}) if isinstance(element, dict) and "elem" in element else {"val": element}
                yield {"address": _address(inner["val"]), "comment": str(inner.get("comment", ""))}

    def _json(self, *words: str) -> list[dict[str, Any]]:
        try:
            return list(json.loads(run([*self._firewall.command, "-j", *words], what=self._firewall.name))["nftables"])
        except (ValueError, KeyError, TypeError):
            raise PeerError("answered in a form we do not know", where=self._firewall.name) from None

    def _load(self, text: str) -> None:
        run([*self._firewall.command, "-f", "-"], given=text, what=self._firewall.name)


def _address(value: Any) -> str:
    """An element as we spell it."""
    if isinstance(value, dict) and "prefix" in value:
        return f"{value['prefix']['addr']}/{value['prefix']['len']}"
    try:
        return str(network(str(value)))
    except InputError:  # a range somebody else put there
        return str(value)


def _ours(element: dict[str, str]) -> bool:
    return element["comment"].startswith(COMMENT)


def _told(element: dict[str, str]) -> str:
    return f"{element['address']} {element['comment']}".rstrip()
