"""Whom a device reports to and takes orders from, and what it shows by SNMP."""

from __future__ import annotations

import re
from typing import Final

from seawall.detect.audit.base import NA, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.judge import failed, worst
from seawall.detect.audit.learned import managed_from
from seawall.detect.audit.lists import judge_lists
from seawall.detect.audit.places import judge_addresses
from seawall.model.audit import Status
from seawall.platforms.config.secrets import fingerprint


def our_servers(device: Device, rule: Rule) -> Outcome:
    """Every server a device trusts is ours: by the site file, else near what else it is managed from."""
    found = device.entries.find(*rule.address)
    if not found:
        return NA
    near = managed_from(device, without=[rule.known])
    if not near:  # nothing else to go by: servers that stand together vouch for each other, a lone public one does not
        return judge_addresses(device, found, rule.known, {})
    return judge_addresses(device, found, rule.known, {}, near)


def trap_hosts(device: Device, rule: Rule) -> Outcome:
    """Trap receivers are ours, and the trap is not in clear text."""
    found = device.entries.find(*rule.address)
    if not found:
        return NA
    outcomes = [judge_addresses(device, found, rule.known, {}, managed_from(device, without=[rule.known]))]
    if clear := device.entries.find(*rule.fail):
        outcomes.append(failed(clear, Rule(say="traps are sent in version 1 or 2c"), {}))
    return worst(outcomes)


def known_community(device: Device, rule: Rule) -> Outcome:
    """No community is one that everybody tries first, or the device's own name."""
    found = device.entries.find(*(re.compile(one, re.I) for one in rule.args["at"]))
    if not found:
        return NA
    wrong = [(e, m) for e, m in found if any(s.known for s in e.secrets) or _is_name(device, e)]
    if wrong:
        names = sorted({s.known for e, _ in wrong for s in e.secrets if s.known})
        return failed(wrong, Rule(say=f"a community everybody tries first ({', '.join(names)})" if names else ""), {})
    named = [e for e, _ in found if _NAMED.search(e.path)]
    if named and all(any(s.form for s in e.secrets) or _STRUCK.search(e.path) for e in named):
        say = "the communities are encrypted or struck out; only their owner can say what they are"
        return Outcome(Status.UNKNOWN, tuple(e for e, _ in found[:5]), say)
    return Outcome(Status.PASS, tuple(e for e, _ in found[:3]))


_NAMED: Final = re.compile(r"\bcommunity\b|\bname\b")
_STRUCK: Final = re.compile(r"(?:community|name)(?: \S+)? (?:\*{3,}|<removed>|<secret)")
_WORD: Final = re.compile(
    r"(?:community|name) \"?(public|private|cisco|admin|snmp|community|ILMI|cable-docsis)\"?(?!\S)", re.I
)


def _is_name(device: Device, entry: Entry) -> bool:
    """Whether the community is the device's own name, or a well-known word that was not masked."""
    own = fingerprint(device.name) if device.name else b""
    return bool(_WORD.search(entry.path)) or any(s.fingerprint == own for s in entry.secrets)


def nx_community_lists(device: Device, rule: Rule) -> Outcome:
    """Every NX-OS community has a list: its group and its list stand in two lines, told apart by the secret itself."""
    lines = device.entries.find(_NX_COMMUNITY)
    if not lines:
        return NA
    bound = [(e, m) for e, m in lines if m["acl"]]
    limited = {s.fingerprint for e, _ in bound for s in e.secrets}
    wrong = [(e, m) for e, m in lines if not m["acl"] and not limited.intersection(s.fingerprint for s in e.secrets)]
    outcomes = [failed(wrong, Rule(say="this community takes any source"), {})] if wrong else []
    if bound:
        outcomes.append(judge_lists(device, bound, {}))
    return worst(outcomes)


_NX_COMMUNITY: Final = re.compile(r"snmp-server community <masked>(?: use-ipv[46]acl (?P<acl>\S+))?.*")


def tap_views(device: Device, rule: Rule) -> Outcome:
    """No SNMP view that covers the intercept MIBs is given to communities or to users without privacy."""
    views: dict[str, list[Entry]] = {}
    for entry, match in device.entries.find(_VIEW):
        if _TAP.match(match["oid"]) or (rule.args.get("only") != "named" and _WIDE.match(match["oid"])):
            views.setdefault(match["view"], []).append(entry)
    for _, match in device.entries.find(_EXCLUDED):
        if _TAP.match(match["oid"]):
            views.pop(match["view"], None)
    if not views:
        return Outcome(Status.PASS, absence=True)
    named = [e for lines in views.values() for e in lines if _TAP.match(e.path.split()[3])]
    users = [(e, m) for e, m in device.entries.find(*_USES) if m["view"] in views]
    weak = [(e, m) for e, m in users if not _private(e)]
    if weak:
        held = [e for _, m in weak for e in views[m["view"]]]
        say = "a view that covers the intercept MIBs is open to a community, or to users without privacy"
        said = tuple({"line": e.path} for e in held)
        return Outcome(Status.FAIL, tuple(dict.fromkeys([*held, *(e for e, _ in weak)])), say, values=said)
    if named and not _dedicated(users):
        say = "an intercept view that no group with `priv` and a list of the mediation device holds"
        return Outcome(Status.FAIL, tuple(named), say, values=tuple({"line": e.path} for e in named))
    return Outcome(Status.PASS, tuple(e for e, _ in users[:3]))


def intercept_views(device: Device) -> list[Entry]:
    """Lines that put an intercept MIB into a view by name."""
    return [e for e, m in device.entries.find(_VIEW) if _TAP.match(m["oid"])]


_VIEW: Final = re.compile(r"snmp-server view (?P<view>\S+) (?P<oid>\S+) included", re.I)
_EXCLUDED: Final = re.compile(r"snmp-server view (?P<view>\S+) (?P<oid>\S+) excluded", re.I)
_TAP: Final = re.compile(
    r"ciscoTap2MIB|ciscoIpTapMIB|cisco802TapMIB|ciscoUserConnectionTapMIB|ciscoMobilityTapMIB|cTap2\w*|citapStream\w*|"
    r"c802tap\w*|(?:\.?1\.3\.6\.1\.4\.1|enterprises)\.9\.9\.(?:399|394|395)(?:\.|$)",
    re.I,
)
_WIDE: Final = re.compile(
    r"(?:iso|org|dod|internet|private|enterprises|cisco|ciscoMgmt|\.?1(?:\.3(?:\.6(?:\.1(?:\.4(?:\.1(?:\.9(?:\.9)?)?)?)?)?)?)?)$",
    re.I,
)
_USES: Final = (
    re.compile(r"snmp-server community <masked>.* (?:view )(?P<view>\S+)(?: .*)?", re.I),
    re.compile(r"snmp-server community <masked> view (?P<view>\S+)(?: .*)?", re.I),
    re.compile(r"snmp-server group \S+ v(?:1|2c|3 \S+) (?:.* )?(?:read|write|notify) (?P<view>\S+)(?: .*)?", re.I),
    re.compile(r"snmp-server group \S+ v(?:1|2c|3 \S+) read (?P<view>\S+)(?: .*)?", re.I),
    re.compile(r"snmp-server group \S+ v(?:1|2c|3 \S+) .*?write (?P<view>\S+)(?: .*)?", re.I),
)


def _private(entry: Entry) -> bool:
    return bool(re.match(r"snmp-server group \S+ v3 priv ", entry.path, re.I))


def _dedicated(users: list[tuple[Entry, re.Match[str]]]) -> bool:
    return any(_private(e) and re.search(r" access (?:ipv[46] )?\S+", e.path) for e, _ in users)
