"""Where traffic and copies of it go: mirrors, tunnels, VPN peers, strangers in lists, intercept delivery."""

from __future__ import annotations

import re
from typing import Final

from seawall.detect.audit.base import NA, PASS, Outcome, Rule
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entries, Entry
from seawall.detect.audit.judge import failed, sections_of, worst
from seawall.detect.audit.learned import guarding_lists, managed_from
from seawall.detect.audit.lists import permits_of
from seawall.detect.audit.places import address_of, is_public, judge_addresses, known_places, within
from seawall.detect.audit.predicates.servers import intercept_views
from seawall.model.audit import Status


def mirror_ends(device: Device, rule: Rule) -> Outcome:
    """A mirror that leaves the device goes to an approved end; without a list of such, none is."""
    found = device.entries.find(*rule.address)
    others = device.entries.find(*rule.fail)
    if not found and not others:
        return Outcome(Status.PASS, absence=True)
    listed = known_places(device.site, rule.known)
    ours = [a for _, m in found if (a := address_of(m["a"])) is not None and within(a, listed)]
    if found and len(ours) == len(found):
        return Outcome(Status.PASS, tuple(e for e, _ in found))
    reason = "an end no site file approves" if not listed else f"not among {rule.known.replace('+', ' or ')}"
    return failed([*found, *others], Rule(say=f"copies of traffic leave the device to {reason}"), {})


def tunnel_ends(device: Device, rule: Rule) -> Outcome:
    """Every tunnel ends at an approved place; a public end that no list names fails."""
    outcomes = []
    for key, lines in sections_of(rule, device).items():
        within_ = Entries(lines)
        if within_.has(_TE):
            continue  # MPLS traffic engineering is no tunnel to elsewhere
        values = {"section": key}
        ends = within_.find(*rule.address)
        at = lines[0] if lines[0].path == "" else (ends[0][0] if ends else lines[0])
        if not ends:
            if any(e.path.startswith(("tunnel ", "ip nhrp", "unit", "tunnel-protocol")) for e in lines):
                say = "a tunnel without a fixed end (multipoint, or secured by IPsec): see that it is yours"
                state = Status.FAIL if device.site.known and not device.site.tunnel_ends else Status.UNKNOWN
                outcomes.append(Outcome(state, (at,), say, values=(values,)))
            continue
        one = judge_addresses(device, ends, rule.known, values)
        if one.status is Status.UNKNOWN and device.site.known:
            one = Outcome(Status.FAIL, one.entries, "the site file approves no tunnel ends", values=(values,))
        outcomes.append(Outcome(one.status, (at, *one.entries), one.say, values=one.values))
    return worst(outcomes) if outcomes else Outcome(Status.PASS, absence=True)


_TE: Final = re.compile(r"tunnel mode mpls.*|tunnel mpls.*|tunnel-protocol mpls.*")


def vpn_peers(device: Device, rule: Rule) -> Outcome:
    """Every peer is an approved end."""
    found = [(e, m) for e, m in device.entries.find(*rule.address) if m["a"] not in ("0.0.0.0", "0.0.0.0/0")]  # noqa: S104
    return judge_addresses(device, found, rule.known, {}) if found else Outcome(Status.PASS, absence=True)


def list_strangers(device: Device, rule: Rule) -> Outcome:
    """No list that guards management permits an address outside our own networks."""
    ours = known_places(device.site, "management_networks+jump_hosts+nms_servers")
    near = () if ours else managed_from(device, without=["lists"])
    wrong: list[tuple[Entry, dict[str, str]]] = []
    doubtful: list[Entry] = []
    fine: list[Entry] = []
    for name, lines in guarding_lists(device).items():
        permits = [p for p in permits_of(device, lines) if p.source is not None]
        private = any(not is_public(p.source.network_address) for p in permits if p.source)
        for permit in permits:
            assert permit.source is not None
            address = permit.source.network_address
            if within(address, ours or near):
                fine.append(permit.entry)
            elif ours or (is_public(address) and (private or near or permit.source.is_global)):
                wrong.append((permit.entry, {"line": permit.entry.path, "acl": name}))
            else:
                doubtful.append(permit.entry)
    if wrong:
        say = "an address that is none of ours may manage the device"
        return Outcome(Status.FAIL, tuple(e for e, _ in wrong), say, values=tuple(v for _, v in wrong))
    if doubtful:
        say = "list your own under management_networks and jump_hosts in site.toml (--site)"
        return Outcome(Status.UNKNOWN, tuple(doubtful), say)
    return Outcome(Status.PASS, tuple(fine[:5])) if fine else NA


def mediation(device: Device, rule: Rule) -> Outcome:
    """What intercept delivers to is a mediation host the site file names."""
    if device.family in ("ios", "iosxr") and not intercept_views(device):
        return NA
    if device.platform == "sros" and not device.entries.has(_SROS_LI):
        return NA
    found = device.entries.find(*rule.address)
    return judge_addresses(device, found, rule.known, {}) if found else NA


_SROS_LI: Final = re.compile(r"(?:configure )?li(?: .*)?")


def li_view(device: Device, rule: Rule) -> Outcome:
    """Where intercept views exist, an `li-view` keeps them from ordinary administrators."""
    shown = device.entries.find(_LI_VIEW)
    if shown:
        return Outcome(Status.PASS, tuple(e for e, _ in shown))
    if held := intercept_views(device):
        return Outcome(Status.FAIL, tuple(held), "intercept views, and no li-view", absence=True, values=({},))
    return NA


_LI_VIEW: Final = re.compile(r"li-view .*")


def sros_li_roles(device: Device, rule: Rule) -> Outcome:
    """On SR OS no administrator holds intercept as well, and the administrative profile denies it."""
    if not device.entries.has(_SROS_LI):
        return NA
    both: dict[str, list[Entry]] = {}
    for entry, match in device.entries.find(_SROS_USER):
        kind = "li" if re.search(r"access (?:.* )?li(?!\S)", entry.path) else ""
        kind = "admin" if "administrative" in entry.path else kind
        if kind:
            both.setdefault(match["user"], []).append(entry)
    for lines in both.values():
        said = " ".join(e.path for e in lines)
        if "administrative" in said and re.search(r"access (?:.* )?li(?!\S)", said):
            say = "an administrator holds intercept rights as well"
            return Outcome(Status.FAIL, tuple(lines), say, values=({},))
    if device.entries.has(_SROS_DENY):
        return PASS
    return Outcome(
        Status.FAIL, (), "the administrative profile does not deny `configure li`", absence=True, values=({},)
    )


_SROS_USER: Final = re.compile(r"configure system security (?:user-params local-user )?user (?P<user>\S+) .*")
_SROS_DENY: Final = re.compile(
    r"configure system security (?:aaa local-profiles )?profile .*match .*li(?!\S).*|bof li-separate.*"
)


def li_way(device: Device, rule: Rule) -> Outcome:
    """The list of the mediation device is not the one of general management."""
    groups = [(e, m) for e, m in device.entries.find(_LI_GROUP) if m["view"] in intercept_names(device)]
    if not groups:
        return NA
    shared = guarding_lists(device)
    wrong = [(e, m) for e, m in groups if m["acl"] in shared]
    if wrong:
        return failed(wrong, Rule(say="intercept and general management share one list"), {})
    return Outcome(Status.PASS, tuple(e for e, _ in groups))


_LI_GROUP: Final = re.compile(
    r"snmp-server group \S+ v3 \S+ .*?(?:read|write) (?P<view>\S+) .*access (?:ipv[46] )?(?P<acl>\S+)"
)


def intercept_names(device: Device) -> set[str]:
    """Names of views over the intercept MIBs."""
    return {entry.path.split()[2] for entry in intercept_views(device)}


def junos_wildcard_key(device: Device, rule: Rule) -> Outcome:
    """No Junos gateway takes any peer by a pre-shared key."""
    keyed = {m[1] for _, m in device.entries.find(_PSK)}
    policies = {m[1]: m[2] for _, m in device.entries.find(_GATEWAY)}
    wrong = [(e, m) for e, m in device.entries.find(_DYNAMIC) if policies.get(m["name"]) in keyed]
    return failed(wrong, Rule(say="any peer that knows the key"), {}) if wrong else Outcome(Status.PASS, absence=True)


_PSK: Final = re.compile(r"security ike policy (\S+) pre-shared-key .*")
_GATEWAY: Final = re.compile(r"security ike gateway (\S+) ike-policy (\S+)")
_DYNAMIC: Final = re.compile(r"security ike gateway (?P<name>\S+) dynamic .*")
