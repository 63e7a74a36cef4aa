"""What of a running configuration an action is about, in one spelling: secrets masked, as a configuration is read."""

from __future__ import annotations

import re

from seawall.model.action import Action
from seawall.platforms.config import DeviceConfig, read

_BLANKS = re.compile(r"\s+")


def seen_in(text: str, action: Action, *, wanted: bool = False) -> str:
    """The statements an action is about, as they stand in `text`; `wanted`: as they should once it took.

    `text` is a whole configuration, or (with `wanted`) what this gave before.
    """
    kind = action.kind
    if wanted:
        return _wanted(kind, text)
    device = read(text, action.target)[0]
    if kind == "remove_user":
        return _all(device, action.values["account"], "user", "username")
    if kind == "restore_aaa":
        words = action.values["line"].removeprefix("set ").split()
        head = words[:3]  # `tacacs server NAME`, `tacacs-server host ADDRESS`, `system tacplus-server ADDRESS`
        return _paths(device, tuple(head))
    if kind == "shut_tunnel":
        return _shut(device, action.values["interface"])
    if kind == "close_access":
        return _entry(device, action)
    return _capture(device, action.values.get("name", ""))


def is_last(text: str, action: Action) -> bool:
    """Whether an action would take the last entry out of a list, which then lets everybody in instead of nobody."""
    if action.kind != "close_access":
        return False
    device = read(text, action.target)[0]
    if not (entry := _entry(device, action)):
        return False
    line = action.do.splitlines()[-1].strip()
    if line.startswith("delete "):
        words = line.removeprefix("delete ").split()
        if words[0] != "policy-options":
            return False
        return sum(len(one.children) for one in device.all(*words[:3])) <= 1
    name = action.do.splitlines()[0].split()[-1]
    rules = [" ".join(words) for words, _ in device.entries("acl", name) if words[:1] != ("remark",)]
    return all(rule in entry.split("; ") for rule in rules)


def _wanted(kind: str, before: str) -> str:
    if kind in ("shut_tunnel", "stop_capture"):
        return "shut"
    del before
    return ""


def _all(device: DeviceConfig, name: str, *words: str) -> str:
    found = [*_paths_of(device, (words[1], name)), *_paths_of(device, ("system", "login", words[0], name))]
    return "; ".join(sorted(set(found)))


def _paths(device: DeviceConfig, words: tuple[str, ...]) -> str:
    return "; ".join(sorted(set(_paths_of(device, words))))


def _paths_of(device: DeviceConfig, words: tuple[str, ...]) -> list[str]:
    return [" ".join(one.path) for one in device.all(*words)]


def _shut(device: DeviceConfig, interface: str) -> str:
    name, _, unit = interface.partition(".")
    wanted = {interface.lower(), name.lower()}
    there = False
    for one in device.interfaces():
        if one.name.lower() in wanted:
            there = True
            if one.shut:
                return "shut"
    paths = [("interfaces", name, "disable"), ("interfaces", name, "unit", unit or "0", "disable")]
    if any(device.has(*path) for path in paths):
        return "shut"
    return "up" if there or device.has("interfaces", name) or device.has("interface", interface) else ""


def _entry(device: DeviceConfig, action: Action) -> str:
    """The entry of a list, wherever it stands in it now."""
    text = _BLANKS.sub(" ", action.do.splitlines()[-1]).strip()
    if text.startswith("delete "):
        return _paths(device, tuple(text.removeprefix("delete ").split()))
    entry = " ".join(action.undo.splitlines()[-1].split()).lower()
    entry = re.sub(r"^\d+ ", "", entry)
    name = action.do.splitlines()[0].split()[-1]
    found = [
        f"{words[0]} {' '.join(words[1:])}"
        for words, _ in device.entries("acl", name)
        if " ".join(words).lower() == entry
    ]
    return "; ".join(found)


def _capture(device: DeviceConfig, name: str) -> str:
    for head in (("monitor", "session", name), ("monitor-session", name), ("forwarding-options", "analyzer", name)):
        if device.has(*head, "shutdown") or device.find(*head, negated=True) is not None:
            return "shut"
        if device.has(*head):
            return "up"
    return ""
