"""Interfaces, filters and services at the edge, where patterns alone cannot say it."""

from __future__ import annotations

import re
from typing import Final

from seawall.detect.audit.base import NA, PASS, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entries, Entry
from seawall.detect.audit.finders import external
from seawall.detect.audit.judge import each, failed, worst
from seawall.detect.audit.learned import guarding_lists
from seawall.detect.audit.lists import named_list
from seawall.model.audit import Status

_SECTION: Final = re.compile(r"interface \S+(?: \d[\d/.:]*)?(?!\S)", re.I)


def cdp_outside(device: Device, rule: Rule) -> Outcome:
    """CDP is off altogether, or on every interface that faces outside."""
    if shown := device.entries.find(_NO_CDP):
        return Outcome(Status.PASS, tuple(e for e, _ in shown))
    return each(rule, device)


_NO_CDP: Final = re.compile(r"no cdp (?:run|enable)$")


def dhcp_pools(device: Device, rule: Rule) -> Outcome:
    """No DHCP server on a router that speaks BGP or MPLS: there it serves nobody it should."""
    if rule.unless and (shown := device.entries.find(*rule.unless)):
        return Outcome(Status.PASS, tuple(e for e, _ in shown))
    pools = device.entries.find(*rule.fail)
    if not pools or not device.entries.has(_CORE):
        return NA
    return failed(pools, Rule(say="a DHCP server on a core or edge router"), {})


_CORE: Final = re.compile(r"router bgp \S+|mpls ldp .*|interface \S+(?: \S+)? mpls ip")


def unused_interfaces(device: Device, rule: Rule) -> Outcome:
    """Physical interfaces without address, description or role are shut."""
    seen, wrong = 0, []
    for name, lines in device.entries.sections(_SECTION).items():
        if not _PHYSICAL.match(name) or "." in name:
            continue
        seen += 1
        said = [e.path for e in lines if e.path]
        if not any(_USED.match(text) for text in said):
            wrong.append((lines[0], {"section": name}))
    if wrong:
        say = "not shut, and without address, description or role"
        return Outcome(Status.FAIL, tuple(e for e, _ in wrong), say, values=tuple(v for _, v in wrong))
    return PASS if seen else NA


_PHYSICAL: Final = re.compile(
    r"interface (?:eth|fast|gig|ten|twenty|forty|fifty|hundred|fourhundred|serial|te|gi|fa|hu)\S*\d", re.I
)
_USED: Final = re.compile(
    r"shutdown|description |ip address (?!.*no )|ipv[46] address|switchport|channel-group|bundle |l2transport|"
    r"vrf |ip unnumbered|bridge-group|service instance|xconnect|mpls|encapsulation|pppoe|no shutdown|"
    r"speed|cdp|ipv6 enable"
)


def vlan_negotiation(device: Device, rule: Rule) -> Outcome:
    """No port negotiates its mode, no trunk answers who asks, and VTP cannot be fed."""
    outcomes = []
    for name, lines in device.entries.sections(_SECTION).items():
        within = Entries(lines)
        if dynamic := within.find(_DYNAMIC):
            outcomes.append(failed(dynamic, Rule(say="this port negotiates its mode"), {"section": name}))
        elif (trunk := within.find(_TRUNK)) and not within.has(_NONEGOTIATE):
            outcomes.append(failed(trunk, Rule(say="this trunk answers negotiation"), {"section": name}))
    vtp = device.entries.find(_VTP)
    if vtp and not device.entries.has(_VTP_KEY):
        outcomes.append(failed(vtp, Rule(say="VTP takes what anybody sends"), {"section": ""}))
    if outcomes:
        return worst(outcomes)
    return PASS if device.entries.has(_SWITCHED) else NA


_DYNAMIC: Final = re.compile(r"switchport mode dynamic.*")
_TRUNK: Final = re.compile(r"switchport mode trunk$")
_NONEGOTIATE: Final = re.compile(r"switchport nonegotiate")
_VTP: Final = re.compile(r"vtp mode (?:server|client)")
_VTP_KEY: Final = re.compile(r"vtp password .*")
_SWITCHED: Final = re.compile(r"interface \S+(?: \S+)? switchport .*|vtp mode .*")


def bogon_filter(device: Device, rule: Rule) -> Outcome:
    """Interfaces that face outside have an inbound list that denies private addresses."""
    patterns = [re.compile(rf"{one}(?!\S)") for one in rule.args["at"]]
    outcomes = []
    for name, lines in external(device).items():
        bound = Entries(lines).find(*patterns)
        denied = [e for _, m in bound for e in named_list(device, m["acl"]) or () if _BOGON.match(e.path)]
        if denied:
            outcomes.append(Outcome(Status.PASS, tuple(denied[:2])))
        elif bound and any(_closed(device, m["acl"]) for _, m in bound):
            outcomes.append(Outcome(Status.PASS, (bound[0][0],)))
        else:
            at = (bound[0][0],) if bound else tuple(lines[:1])
            say = "no inbound list here drops private sources"
            outcomes.append(Outcome(Status.FAIL, at, say, values=({"section": name},)))
    return worst(outcomes) if outcomes else Outcome(rule.none, say=rule.note, absence=True)


_BOGON: Final = re.compile(
    r"(?:\d+ )?deny (?:ip|ipv4) (?:10\.0\.0\.0|172\.16\.0\.0|192\.168\.0\.0|host 0\.0\.0\.0|127\.0\.0\.0|"
    r"net-group|object-group)"
)


def _closed(device: Device, name: str) -> bool:
    """Whether a list permits only what it names."""
    lines = named_list(device, name) or ()
    return bool(lines) and not any(re.match(r"(?:\d+ )?permit (?:ip|ipv4|tcp|udp) any(?: any)?", e.path) for e in lines)


def deny_logged(device: Device, rule: Rule) -> Outcome:
    """Each list that guards management ends in a deny that logs."""
    lists = guarding_lists(device)
    if not lists:
        return NA
    wrong = {name: lines for name, lines in lists.items() if not any(_DENY_LOG.match(e.path) for e in lines)}
    if wrong:
        at = tuple(lines[-1] for lines in wrong.values())
        return Outcome(Status.FAIL, at, "no deny with `log`", values=tuple({"acl": name} for name in wrong))
    return Outcome(Status.PASS, tuple(lines[-1] for lines in lists.values()))


_DENY_LOG: Final = re.compile(r"(?:\d+ )?deny .*log.*")


def junos_deny_logged(device: Device, rule: Rule) -> Outcome:
    """The filter before the Junos routing engine logs what it discards."""
    names = dict.fromkeys(m[1] for _, m in device.entries.find(_LO0))
    if not names:
        return NA
    outcomes = []
    for name in names:
        lines = named_list(device, name) or []
        terms: dict[str, set[str]] = {}
        at: dict[str, Entry] = {}
        for entry in lines:
            if found := _THEN.match(entry.path):
                terms.setdefault(found[1], set()).add(found[2].split()[0])
                at[found[1]] = entry
        drops = {t for t, what in terms.items() if what & {"discard", "reject"}}
        silent = [t for t in drops if not terms[t] & {"log", "syslog"}]
        if silent and len(silent) == len(drops):
            outcomes.append(Outcome(Status.FAIL, tuple(at[t] for t in silent), "discards without a line", values=({},)))
        else:
            outcomes.append(Outcome(Status.PASS, tuple(at[t] for t in drops if t not in silent)))
    return worst(outcomes)


_LO0: Final = re.compile(r"interfaces lo0 unit \d+ family inet6? filter (?:input|input-list) (\S+)")
_THEN: Final = re.compile(r"term (\S+) then (.*)")


def asa_any(device: Device, rule: Rule) -> Outcome:
    """No list bound inbound on the ASA's outside permits any to any."""
    bound = {m[1]: m[2] for _, m in device.entries.find(_ASA_BOUND)}
    outside = [name for name, where in bound.items() if re.search(r"out|inet|internet|untrust|wan|isp", where, re.I)]
    wrong = [(e, m) for e, m in device.entries.find(_ASA_ANY) if m[1] in outside]
    if wrong:
        return failed(wrong, Rule(say="lets everybody reach everything from outside"), {})
    return PASS if bound else NA


_ASA_BOUND: Final = re.compile(r"access-group (\S+) in interface (\S+)")
_ASA_ANY: Final = re.compile(r"access-list (\S+) extended permit ip (?:any|any4|any6) (?:any|any4|any6)(?: .*)?")


def junos_any(device: Device, rule: Rule) -> Outcome:
    """No SRX policy from outside permits any to any with any application."""
    outcomes: list[Outcome] = []
    for key, lines in device.entries.sections(_POLICY).items():
        said = {e.path for e in lines}
        everything = {f"match {what} any" for what in ("source-address", "destination-address", "application")}
        if everything <= said and any(text.startswith("then permit") for text in said):
            found = _POLICY.match(key)
            if found and _OUT.search(found["from"]):
                say = "lets everybody reach everything from outside"
                outcomes.append(Outcome(Status.FAIL, tuple(lines[:4]), say, values=({"section": key},)))
    if outcomes:
        return worst(outcomes)
    return PASS if device.entries.sections(_POLICY) else NA


_POLICY: Final = re.compile(r"security policies from-zone (?P<from>\S+) to-zone \S+ policy \S+(?!\S)")
_OUT: Final = re.compile(r"untrust|outside|internet|external|wan|public|isp", re.I)


def forti_any(device: Device, rule: Rule) -> Outcome:
    """No FortiGate policy from outside accepts all from all to all."""
    outcomes: list[Outcome] = []
    for key, lines in device.entries.sections(_FORTI).items():
        said = {re.sub(r"\s+", " ", e.path.replace('"', "").lower()) for e in lines}
        outside = any(text.startswith("srcintf ") and _FORTI_OUT.search(text) for text in said)
        if outside and {"srcaddr all", "dstaddr all", "service all", "action accept"} <= said:
            found = _FORTI.match(key)
            values = {"name": found["name"] if found else "", "section": key}
            outcomes.append(Outcome(Status.FAIL, tuple(lines[:6]), "lets everybody in from outside", values=(values,)))
    if outcomes:
        return worst(outcomes)
    return PASS if device.entries.sections(_FORTI) else NA


_FORTI: Final = re.compile(r"firewall policy (?P<name>\S+)(?!\S)")
_FORTI_OUT: Final = re.compile(r"wan|internet|isp|outside|untrust|any")


def asa_vpn_admin(device: Device, rule: Rule) -> Outcome:
    """No ASA interface carries both SSL-VPN and administration."""
    vpn = {m[1] for _, m in device.entries.find(_WEBVPN)}
    if not vpn:
        return NA
    wrong = [(e, m) for e, m in device.entries.find(_ADMIN) if m[1] in vpn]
    if wrong:
        return failed(wrong, Rule(say="administration on the interface of the SSL-VPN"), {})
    return Outcome(Status.PASS, tuple(e for e, _ in device.entries.find(_WEBVPN)))


_WEBVPN: Final = re.compile(r"webvpn enable (\S+)")
_ADMIN: Final = re.compile(r"(?:http|ssh|telnet) \S+(?: \S+)? (\S+)$")


def boot_images(device: Device, rule: Rule) -> Outcome:
    """At most one boot image."""
    found = device.entries.find(_BOOT)
    if len(found) > 1:
        return failed(found[1:], Rule(say=f"{len(found)} boot images"), {})
    return Outcome(Status.PASS, tuple(e for e, _ in found)) if found else NA


_BOOT: Final = re.compile(r"boot system (?:flash )?\S+.*")


def end_of_support(device: Device, rule: Rule) -> Outcome:
    """The release is not older than what its maker still mends."""
    if not device.release:
        return Outcome(Status.UNKNOWN, say="the configuration does not say its version; `show version` would")
    least = tuple(int(part) for part in str(rule.args["before"]).split("."))
    at = tuple(e for e, _ in device.entries.find(_VERSION))[:1]
    if device.release[: len(least)] < least:
        say = f"version {device.version} is older than {rule.args['before']}, the oldest still supported"
        return Outcome(Status.FAIL, at, say, values=({},))
    return Outcome(Status.PASS, at)


_VERSION: Final = re.compile(r"version \S+")


def fhrp(device: Device, rule: Rule) -> Outcome:
    """Every HSRP, VRRP and GLBP group on IOS is authenticated by more than text."""
    outcomes: list[Outcome] = []
    for name, lines in device.entries.sections(_SECTION).items():
        groups: dict[str, list[Entry]] = {}
        for entry in lines:
            if found := _GROUP.match(entry.path):
                groups.setdefault(found[1], []).append(entry)
        for group, held in groups.items():
            if any(re.match(rf"{group} authentication md5", e.path) for e in held):
                outcomes.append(Outcome(Status.PASS, (held[0],)))
            else:
                values = ({"section": f"{name}: {group}"},)
                outcomes.append(Outcome(Status.FAIL, (held[0],), "this group has no MD5 key", values=values))
    return worst(outcomes) if outcomes else NA


_GROUP: Final = re.compile(r"((?:standby|glbp|vrrp) \d+) (?:ip|authentication|priority|preempt)")


def changed_by(device: Device, rule: Rule) -> Outcome:
    """The header's last author is known to the site file."""
    assert device.config is not None
    author = device.config.changed_by
    if not author:
        return NA
    if device.site.person(author):
        return PASS
    if not device.site.people:
        say = f"last changed by {author}; list your people in site.toml (--site)"
        return Outcome(Status.UNKNOWN, say=say)
    return Outcome(Status.FAIL, say=f"last changed by {author}, whom no site file lists under people", values=({},))
