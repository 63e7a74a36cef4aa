"""Who may log in and what guards their secrets, where patterns alone cannot say it."""

from __future__ import annotations

import re
from typing import Final

from seawall.detect.audit.base import NA, PASS, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.judge import failed
from seawall.model.audit import Status
from seawall.model.severity import Severity

Found = list[tuple[Entry, re.Match[str]]]


def _at(device: Device, rule: Rule) -> Found:
    return device.entries.find(*(re.compile(rf"{one}(?!\S)", re.I) for one in rule.args["at"]))


def secret_form(device: Device, rule: Rule) -> Outcome:
    """No secret at these places is kept in one of the forms (`$1$`, `$9$`)."""
    if rule.unless and device.entries.has(*rule.unless):
        return PASS
    patterns = [re.compile(one) for one in rule.args["at"]]
    held = [pair for pair in device.entries.secret.find(*patterns) if pair[0].secrets]
    wrong = [pair for pair in held if any(s.form in rule.args["forms"] for s in pair[0].secrets)]
    if wrong:
        return failed(wrong, rule, {})
    return Outcome(Status.PASS, tuple(e for e, _ in held[:3])) if held else Outcome(Status.PASS, absence=True)


def _known(device: Device, user: str) -> bool:
    return device.site.person(user) is not None


def local_users(device: Device, rule: Rule) -> Outcome:
    """One local user at most; more only where the site file knows each by name."""
    users: dict[str, tuple[Entry, re.Match[str]]] = {}
    for entry, match in _at(device, rule):
        users.setdefault(match["user"].strip('"'), (entry, match))
    if not users:
        return NA
    if device.site.people:
        strange = {name: pair for name, pair in users.items() if not _known(device, name)}
        if strange:
            told = ", ".join(list(strange)[:8])
            return failed(list(strange.values()), Rule(say=f"not among people of the site file: {told}"), {})
        return Outcome(Status.PASS, tuple(e for e, _ in users.values()))
    if len(users) > 1:
        return failed(list(users.values()), Rule(say=f"{len(users)} local users where one is enough"), {})
    return Outcome(Status.PASS, tuple(e for e, _ in users.values()))


def full_rights(device: Device, rule: Rule) -> Outcome:
    """No local user with full rights, but those the site file knows."""
    found = _at(device, rule)
    wrong = [pair for pair in found if not _known(device, (pair[1].groupdict().get("user") or "").strip('"'))]
    if wrong:
        return failed(wrong, rule, {})
    return Outcome(Status.PASS, tuple(e for e, _ in found[:3]))


def junos_full_rights(device: Device, rule: Rule) -> Outcome:
    """No Junos user in super-user, or in a class that may do everything."""
    classes = {m["class"] for _, m in device.entries.find(_ALL)} | {"super-user", "superuser"}
    wrong = [
        (entry, match)
        for entry, match in device.entries.find(_USER)
        if match["class"] in classes and not _known(device, match["user"])
    ]
    return failed(wrong, rule, {}) if wrong else Outcome(Status.PASS, absence=True)


_ALL: Final = re.compile(r"system login class (?P<class>\S+) permissions (?:all|all-control|super-user)(?!\S)")
_USER: Final = re.compile(r"system login user (?P<user>\S+) class (?P<class>\S+)")


def known_keys(device: Device, rule: Rule) -> Outcome:
    """Every user with an SSH key is known to the site file; without one they are told, to be looked at."""
    found = _at(device, rule)
    if not found:
        return Outcome(Status.PASS, absence=True)
    wrong = [pair for pair in found if not _known(device, pair[1]["user"] or "root")]
    if not wrong:
        return Outcome(Status.PASS, tuple(e for e, _ in found[:5]))
    return failed(wrong, Rule(say="an SSH key of a user no site file lists under people"), {})


def junos_root_login(device: Device, rule: Rule) -> Outcome:
    """Junos `root-login`; what its absence means depends on release and model."""
    if shown := device.entries.find(_ROOT):
        entry, match = shown[-1]
        if match[1] == "allow":
            return failed([(entry, match)], rule, {})
        if match[1] == "deny-password":
            say = "root may still log in by SSH with a key"
            return Outcome(Status.FAIL, (entry,), say, values=({},), severity=Severity.MEDIUM)
        return Outcome(Status.PASS, (entry,))
    if not device.entries.find(_SSH):
        return NA
    if device.release >= (17, 4):
        say = "no `root-login`: this release denies the password of root, and may take a key, depending on the model"
        return Outcome(Status.FAIL, (), say, absence=True, values=({},), severity=Severity.MEDIUM)
    return Outcome(Status.FAIL, (), "no `root-login`: old releases let root in", absence=True, values=({},))


_ROOT: Final = re.compile(r"system services ssh root-login (\S+)")
_SSH: Final = re.compile(r"system services ssh(?!\S)")


def junos_order(device: Device, rule: Rule) -> Outcome:
    """Junos asks central servers before local passwords."""
    order = device.entries.find(_ORDER)
    if not order:
        return NA
    if order[0][1][1] == "password" and len(order) > 1:
        return failed(order[:1], rule, {})
    return Outcome(Status.PASS, tuple(e for e, _ in order))


_ORDER: Final = re.compile(r"system authentication-order (\S+)")


def junos_master(device: Device, rule: Rule) -> Outcome:
    """Junos keeps shared secrets under a master password: it says so, or its secrets are `$8$`."""
    if shown := device.entries.find(_MASTER):
        return Outcome(Status.PASS, tuple(e for e, _ in shown[:1]))
    held = [e for e in device.entries.secret.all if any(s.form == "$8$" for s in e.secrets)]
    return Outcome(Status.PASS, tuple(held[:2])) if held else Outcome(Status.FAIL, absence=True, values=({},))


_MASTER: Final = re.compile(r"system master-password .*")


def ios_command_accounting(device: Device, rule: Rule) -> Outcome:
    """IOS accounts for commands of level 15, in one line or in its longer form over several."""
    shown = [(e, m) for e, m in device.entries.find(_ACCOUNT) if "none" not in e.path.split()[5:6]]
    full = [pair for pair in shown if pair[1]["level"] == "15"]
    grouped = [pair for pair in full if "group" in pair[0].path.split() or _grouped(device, pair[0])]
    if grouped:
        return Outcome(Status.PASS, tuple(e for e, _ in shown))
    say = "commands of level 15 are not accounted for at a server"
    return Outcome(Status.FAIL, tuple(e for e, _ in shown), say, absence=True, values=({},))


_ACCOUNT: Final = re.compile(r"aaa accounting commands (?P<level>\d+) \S+(?: \S.*)?$")


def _grouped(device: Device, entry: Entry) -> bool:
    inner = re.compile(rf"{re.escape(entry.path)} group \S+")
    return bool(device.entries.find(inner))


def fleet_only(device: Device, rule: Rule) -> Outcome:
    """Answered once all devices are known (`seawall.detect.audit.fleet`)."""
    return Outcome(Status.FAIL, values=({},))
