"""Who may reach the management plane, where patterns alone cannot say it."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from seawall.detect.audit.base import NA, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entries, Entry
from seawall.detect.audit.judge import each, failed, sections_of, worst
from seawall.detect.audit.learned import managed_from
from seawall.detect.audit.lists import Permit, judge_lists, named_list, permits_of, too_wide
from seawall.model.audit import Status


def xr_ssh_limited(device: Device, rule: Rule) -> Outcome:
    """Every VRF in which XR's SSH server listens has a list, or management-plane protection names the peers."""
    servers = device.entries.find(_XR_SERVER)
    if not servers:
        return NA
    if shown := device.entries.find(_XR_MPP):
        return Outcome(Status.PASS, tuple(e for e, _ in shown[:3]))
    bare: list[tuple[Entry, re.Match[str]]] = []
    bound: list[tuple[Entry, re.Match[str]]] = []
    for entry, match in servers:
        (bound if match["acl"] else bare).append((entry, match))
    if bound and not bare:
        return judge_lists(device, bound, {})
    wrong = bare or servers
    return Outcome(Status.FAIL, tuple(e for e, _ in wrong), "SSH is open here with no list of sources", values=({},))


_XR_SERVER: Final = re.compile(
    r"ssh server (?!v2$|rate|session|log|dscp|algo|port|cap|netconf|rekey|trust|enable|disa|max|tos)"
    r"(?:vrf \S+)?(?:.*access-list (?P<acl>\S+).*)?$|ssh server(?P<none>)$"
)
_XR_MPP: Final = re.compile(r"control-plane management-plane .*interface .*allow (?:SSH|all) peer.*", re.I)


def sros_management_filter(device: Device, rule: Rule) -> Outcome:
    """SR OS denies management by default, in its management access filter or before its CPM."""
    shown = device.entries.find(_SR_MAF, _SR_CPM)
    if shown:
        return Outcome(Status.PASS, tuple(e for e, _ in shown[:2]))
    opened = device.entries.find(_SR_OPEN)
    say = "no management access filter and no CPM filter that denies by default"
    return Outcome(Status.FAIL, tuple(e for e, _ in opened), say, absence=not opened, values=({},))


_SR_MAF: Final = re.compile(
    r"configure system security management-access-filter .*default-action (?:deny|drop|reject)\S*"
)
_SR_CPM: Final = re.compile(r"configure system security cpm-filter(?: \S+)* default-action (?:drop|deny)")
_SR_OPEN: Final = re.compile(
    r"configure system security (?:management-access-filter|cpm-filter)(?: .*)? default-action (?:permit|accept)"
)


def eos_ssh_limited(device: Device, rule: Rule) -> Outcome:
    """EOS has a list on its SSH server, in each VRF where the server runs."""
    if device.entries.find(_EOS_OFF) and not device.entries.find(_EOS_VRF_ON):
        return NA
    bound = device.entries.find(_EOS_ACL)
    if not bound:
        held = [e for e, _ in device.entries.find(_EOS_SSH)][:1]
        return Outcome(Status.FAIL, tuple(held), "SSH takes logins from anywhere", absence=True, values=({},))
    return judge_lists(device, bound, {})


_EOS_SSH: Final = re.compile(r"management ssh$")
_EOS_OFF: Final = re.compile(r"management ssh shutdown$")
_EOS_VRF_ON: Final = re.compile(r"management ssh vrf \S+ no shutdown$")
_EOS_ACL: Final = re.compile(
    r"(?:management ssh (?:vrf \S+ )?|system control-plane )(?:ip|ipv6) access-group (?P<acl>\S+)(?: vrf \S+)? in"
)


def ios_console(device: Device, rule: Rule) -> Outcome:
    """The IOS console asks for a name: by its own lines, or because AAA's default list covers it."""
    outcome = each(rule, device)
    if outcome.status is not Status.UNKNOWN:
        return outcome
    if device.entries.find(_AAA):
        return Outcome(Status.PASS, tuple(e for e, _ in device.entries.find(_AAA)[:2]))
    say = "the console has neither `login` nor AAA"
    return Outcome(Status.FAIL, outcome.entries, say, absence=True, values=outcome.values)


_AAA: Final = re.compile(r"aaa new-model$|aaa authentication login default .*")


def _filters(device: Device) -> list[tuple[Entry, str]]:
    return [(e, m[1]) for e, m in device.entries.find(_RE_FILTER)]


_RE_FILTER: Final = re.compile(r"interfaces lo0 unit \d+ family inet6? filter (?:input|input-list) (\S+)")
_TERM: Final = re.compile(r"term (?P<term>\S+) (?P<what>.*)")


def _terms(device: Device, name: str) -> dict[str, list[Entry]]:
    terms: dict[str, list[Entry]] = {}
    for entry in named_list(device, name) or ():
        if found := _TERM.match(entry.path):
            below = Entry(entry.number, found["what"], entry.text, entry.inherited, entry.secrets)
            terms.setdefault(found["term"], []).append(below)
    return terms


def _accepts(lines: list[Entry]) -> bool:
    return any(re.match(r"then (?:.* )?accept", e.path) for e in lines)


_LIMITED: Final = re.compile(
    r"from (?:source-address|source-prefix-list|prefix-list|address) (?!0\.0\.0\.0/0$|::/0$)\S+"
)
_NOT_TCP: Final = re.compile(r"from (?:protocol|next-header) (?!tcp)\S+|from icmp")


def junos_re_filter(device: Device, rule: Rule) -> Outcome:
    """A filter stands before the Junos routing engine, does not end in accept, and limits who may come to `what`."""
    what = [str(one) for one in rule.args.get("what", ())]
    if what and not device.entries.find(_JUNOS_SERVICES):
        return NA
    filters = _filters(device)
    if not filters:
        return Outcome(Status.FAIL, (), "no input filter on lo0", absence=True, values=({},))
    outcomes = []
    for entry, name in filters:
        terms = _terms(device, name)
        if not terms:
            outcomes.append(Outcome(Status.FAIL, (entry,), f"filter {name} is not defined", absence=True, values=({},)))
            continue
        outcomes.append(_open_terms(entry, name, terms, what))
    return worst(outcomes)


_JUNOS_SERVICES: Final = re.compile(r"system services (?:ssh|telnet|netconf)(?: .*)?")


def _open_terms(entry: Entry, name: str, terms: dict[str, list[Entry]], what: list[str]) -> Outcome:
    for term, lines in terms.items():
        if not _accepts(lines):
            continue
        asks = [e for e in lines if e.path.startswith("from ")]
        if not asks:
            say = f"term {term} of filter {name} accepts everything"
            return Outcome(Status.FAIL, (*lines[:4], entry), say, values=({},))
        ports = {e.path.split()[-1] for e in asks if re.match(r"from (?:destination-)?port ", e.path)}
        meant = bool(ports.intersection(what)) if ports else not any(_NOT_TCP.match(e.path) for e in asks)
        if what and meant and not any(_LIMITED.match(e.path) for e in asks) and not _established(asks):
            say = f"term {term} of filter {name} accepts {' or '.join(sorted(ports) or what)} from any source"
            return Outcome(Status.FAIL, (*lines[:6], entry), say, values=({},))
    return Outcome(Status.PASS, (entry,))


def _established(asks: list[Entry]) -> bool:
    return any(re.match(r"from (?:tcp-established|tcp-flags|source-port|ttl)", e.path) for e in asks)


def junos_narrow(device: Device, rule: Rule) -> Outcome:
    """Sources that a Junos routing-engine filter lets in to SSH and SNMP are narrow."""
    wrong: list[Entry] = []
    seen: list[Entry] = []
    lists: dict[str, list[Entry]] = {}
    for entry, match in device.entries.find(_PREFIX_LIST):
        lists.setdefault(match["name"], []).append(entry)
    for _, name in _filters(device):
        for lines in _terms(device, name).values():
            ports = {e.path.split()[-1] for e in lines if re.match(r"from (?:destination-)?port ", e.path)}
            if not _accepts(lines) or not ports.intersection({"ssh", "22", "snmp", "161", "830", "443", "https"}):
                continue
            for one in _sources_of(lines, lists):
                seen.append(one)
                word = re.search(r"(\S+/\d+)", one.path)
                if word and _wide(device, word[1]):
                    wrong.append(one)
    if wrong:
        said = tuple({"line": e.path} for e in wrong)
        return Outcome(Status.FAIL, tuple(dict.fromkeys(wrong)), "management is open to a wide network", values=said)
    return Outcome(Status.PASS, tuple(dict.fromkeys(seen))[:5]) if seen else NA


_PREFIX_LIST: Final = re.compile(r"policy-options prefix-list (?P<name>\S+) (\S+)")


def _sources_of(lines: list[Entry], lists: dict[str, list[Entry]]) -> list[Entry]:
    found: list[Entry] = []
    for entry in lines:
        if match := re.match(r"from (?:source-prefix-list|prefix-list) (\S+)", entry.path):
            found += lists.get(match[1], ())
        elif re.match(r"from (?:source-address|address) \S+/\d+$", entry.path):
            found.append(entry)
    return found


def _wide(device: Device, text: str) -> str:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return ""
    near = managed_from(device, without=["lists"])
    return too_wide(device, Permit(device.entries.all[0], network if network.prefixlen else None), near)


def junos_idle(device: Device, rule: Rule) -> Outcome:
    """Every Junos login class in use has an idle limit; the built-in classes have none and cannot be given one."""
    used = device.entries.find(_CLASS_OF)
    if not used:
        return NA
    wrong = []
    for entry, match in used:
        name = match["class"]
        limit = device.entries.find(re.compile(rf"system login class {re.escape(name)} idle-timeout (\d+)"))
        if not limit or not 0 < int(limit[0][1][1]) <= 10:
            wrong.append((entry, match))
    if wrong:
        return failed(wrong, Rule(say="the class of this user has no idle limit of at most 10 minutes"), {})
    return Outcome(Status.PASS, tuple(e for e, _ in used[:3]))


_CLASS_OF: Final = re.compile(r"system login user (?P<user>\S+) class (?P<class>\S+)")


def asa_outside(device: Device, rule: Rule) -> Outcome:
    """No ASA management service on its least trusted interface."""
    levels = {}
    for _, lines in device.entries.sections(re.compile(r"interface \S+(?!\S)")).items():
        name = next((m[1] for e in lines if (m := re.match(r"nameif (\S+)", e.path))), "")
        level = next((int(m[1]) for e in lines if (m := re.match(r"security-level (\d+)", e.path))), None)
        if name and not re.search(r"mgmt|manage|oob|inside|failover", name, re.I):
            levels[name] = level if level is not None else (100 if name == "inside" else 0)
    lowest = min(levels.values(), default=0)
    outside = {name for name, level in levels.items() if level == lowest and (level < 100 or len(levels) == 1)}
    outside |= {name for name in ("outside", "internet", "untrust") if name in levels or not levels}
    found = [(e, m) for e, m in device.entries.find(_ASA_SERVICE) if m["if"] in outside]
    if found:
        return failed(found, Rule(say="management is open on the least trusted interface"), {})
    services = device.entries.find(_ASA_SERVICE)
    return Outcome(Status.PASS, tuple(e for e, _ in services[:3])) if services else Outcome(Status.PASS, absence=True)


_ASA_SERVICE: Final = re.compile(r"(?:ssh|http|telnet) (?:[\d.]+ [\d.]+|[\da-fA-F:]+/\d+) (?P<if>\S+)$")


def forti_outside(device: Device, rule: Rule) -> Outcome:
    """No FortiOS management service on interfaces that face outside."""
    wrong, seen = [], []
    for key, lines in device.entries.sections(_FORTI).items():
        found = _FORTI.match(key)
        assert found is not None
        outside = any(e.path == "role wan" for e in lines) or re.match(r"wan|ppp|isp|internet", found["name"], re.I)
        allowed = [e for e in lines if e.path.startswith("allowaccess")]
        seen += allowed
        open_ = [e for e in allowed if re.search(r"\b(?:https?|ssh|telnet|snmp|fgfm)\b", e.path)]
        if outside and open_:
            wrong += [(e, found) for e in open_]
    if wrong:
        return failed(wrong, Rule(say="management is open on an interface that faces outside"), {})
    return Outcome(Status.PASS, tuple(seen[:3])) if seen else NA


_FORTI: Final = re.compile(r"system interface (?P<name>\S+)(?!\S)")


def narrow_lists(device: Device, rule: Rule) -> Outcome:
    """Every permit of a list that guards management is narrow, and ours where the site file says what is."""
    patterns = [re.compile(rf"{one}(?!\S)", re.I) for one in rule.args["at"]]
    names = dict.fromkeys(match["acl"] for _, match in device.entries.find(*patterns))
    near = managed_from(device, without=["lists"])
    wrong: list[tuple[Entry, dict[str, str], str]] = []
    seen: list[Entry] = []
    for name in names:
        for permit in permits_of(device, named_list(device, name) or ()):
            seen.append(permit.entry)
            if why := too_wide(device, permit, near):
                wrong.append((permit.entry, {"line": permit.entry.path, "acl": name}, why))
    if wrong:
        said = "; ".join(dict.fromkeys(why for _, _, why in wrong[:4]))
        return Outcome(Status.FAIL, tuple(e for e, _, _ in wrong), said, values=tuple(v for _, v, _ in wrong))
    return Outcome(Status.PASS, tuple(seen[:5])) if seen else NA


def edge_list(device: Device, rule: Rule) -> Outcome:
    """Every interface that faces outside has an inbound list, and that list exists."""
    outcomes = []
    for name, lines in sections_of(rule, device).items():
        bound = Entries(lines).find(*rule.acl)
        values = ({"section": name},)
        missing = [e for e, m in bound if named_list(device, m["acl"]) is None]
        if missing:
            outcomes.append(
                Outcome(Status.FAIL, tuple(missing), "a list is bound here, but not defined", values=values)
            )
        elif bound:
            outcomes.append(Outcome(Status.PASS, (bound[0][0],)))
        else:
            outcomes.append(Outcome(Status.FAIL, tuple(lines[:1]), rule.say, absence=True, values=values))
    if outcomes and all(o.status is Status.PASS for o in outcomes):
        return worst(outcomes)
    everywhere = [(e, m) for e, m in device.entries.find(_BOUND) if named_list(device, m["acl"]) is None]
    if everywhere and device.whole:
        outcomes.append(failed(everywhere, Rule(say="a list is bound here, but not defined"), {}))
    return worst(outcomes) if outcomes else Outcome(rule.none, say=rule.note, absence=True)


_BOUND: Final = re.compile(r"interface \S+(?: \d\S*)? (?:ip|ipv[46]) access-group (?P<acl>\S+) (?:in|ingress)")


def eos_api(device: Device, rule: Rule) -> Outcome:
    """EOS answers its command API in no other VRF than the management one, or only to a list."""
    bound = device.entries.find(_API_ACL)
    if opened := device.entries.find(_API_DEFAULT):
        if any(m["vrf"] in (None, "default") for _, m in bound):
            return judge_lists(device, bound, {})
        return failed(opened, Rule(say="the API answers in the default VRF, to anybody"), {})
    return Outcome(Status.PASS, tuple(e for e, _ in device.entries.find(*rule.when)))


_API_DEFAULT: Final = re.compile(r"management api http-commands (?:vrf default )?no shutdown$")
_API_ACL: Final = re.compile(r"management api http-commands (?:vrf (?P<vrf>\S+) )?ip access-group (?P<acl>\S+)")
