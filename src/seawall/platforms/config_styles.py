"""Which platform a configuration belongs to, told by words only that platform writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from seawall.platforms.snapshots import make_of

Style = Literal["indent", "brace", "set", "xml"]

LOOKED_AT: Final = 600  # lines
_SAID: Final = 93  # how sure a first line of RANCID makes
_LINE_CHARS: Final = 400  # of each
_JUNOS_ROOTS: Final = (
    "access|accounting-options|applications|apply-groups|apply-macro|bridge-domains|chassis|class-of-service|"
    "diameter|dynamic-profiles|ethernet-switching-options|event-options|fabric|firewall|forwarding-options|groups|"
    "interfaces|logical-systems|multi-chassis|multicast-snooping-options|poe|policy-options|protocols|"
    "routing-instances|routing-options|security|services|smtp|snmp|switch-options|system|tenants|unified-edge|"
    "virtual-chassis|vlans|wlan"
)
_PANOS_ROOTS: Final = (
    "address|address-group|application|application-group|application-filter|deviceconfig|device-group|devices|"
    "external-list|import|log-collector|log-settings|mgt-config|network|panorama|policy|pre-rulebase|"
    "post-rulebase|profiles|profile-group|readonly|rulebase|service|service-group|shared|tag|template|"
    "template-stack|vsys|zone|config"
)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a configuration seems to be."""

    platform: str  # ios, nxos, iosxr, eos, asa, junos, panos, sros, fortios, vrp, comware, routeros
    style: Style
    sure: int  # 0 to 100


def _patterns(*pairs: tuple[str, int]) -> tuple[tuple[re.Pattern[str], int], ...]:
    return tuple((re.compile(rf"^[ \t]*(?:{text})", re.I | re.M), weight) for text, weight in pairs)


# Each line adds a pattern's weight once a file. Weight 3: only this platform writes it; 1: it often does.
_INDENT: Final[dict[str, tuple[tuple[re.Pattern[str], int], ...]]] = {
    "ios": _patterns(
        (r"version 1[0-9]\.\d+\s*$", 3),
        (r"!?\s*(last configuration change|nvram config last updated) at", 2),
        (
            r"(boot-start-marker|service timestamps (log|debug)|building configuration\.\.\."
            r"|current configuration :)",
            3,
        ),
        (
            r"interface (fastethernet|gigabitethernet|tengigabitethernet|serial|ethernet|dialer|tunnel"
            r"|vlan)\s*\d+",
            1,
        ),
        (
            r"(line (con|aux|vty) \d|ip cef|no ip domain.lookup|enable secret|ip (http|ssh"
            r"|forward-protocol) )",
            1,
        ),
        (
            r"(username|hostname|ip route|access-list|aaa|snmp-server|logging|ntp|router|crypto|banner"
            r"|ip access-list"
            r"|route-map|tacacs|radius|spanning-tree|vlan|vrf|class-map|policy-map|monitor session"
            r"|clock|archive|vtp"
            r"|ip community-list|ip prefix-list|ip nat|ipv6 route|ip domain|ip vrf|standby|track"
            r"|event manager|zone) ?\S*",
            1,
        ),
    ),
    "nxos": _patterns(
        (r"!command: show (running|startup)", 3),
        (
            r"(feature (bgp|ospf|vpc|lacp|interface-vlan|tacacs\+|bash-shell|nxapi|hsrp|pim|eigrp|isis"
            r"|lldp|nv|dhcp|telnet|\w+)\s*$)",
            2,
        ),
        (
            r"(vrf context \S|vdc \S+ id|boot nxos|boot (kickstart|system) bootflash|cfs |switchname "
            r"|vpc domain)",
            3,
        ),
        (r"(interface (mgmt0|nve\d)|version \d+\.\d+\(\w+\))", 3),
        (r"!.*nx-?os\b", 2),
        (r"!rancid-content-type: cisco-nx", 5),
    ),
    "iosxr": _patterns(
        (r"!! ios xr|!+\s*ios xr|!rancid-content-type: cisco-xr", 5),
        (
            r"interface (mgmteth|bundle-ether|(gig|tengig|twentyfivegig|fortygig|hundredgig"
            r"|fourhundredgig)e\w*\d+/\d+/\d+/)",
            3,
        ),
        (r"(end-policy|end-set|route-policy \S+|prefix-set |community-set |as-path-set )", 3),
        (
            r"(ipv4 access-list|router static|ssh server v2|taskgroup|usergroup|rp/\d+/|l2vpn"
            r"|ipv4 virtual address|line default|vty-pool |control-plane$\n management-plane"
            r"|tacacs-server host \S+ port)",
            2,
        ),
        (
            r"( ipv4 address [\d.]+[/ ]|ssh server vrf |telnet vrf |logging [\d.]+ vrf "
            r"|ntp$\n +(server|peer|source) )",
            3,
        ),
    ),
    "eos": _patterns(
        (r"! device: .*eos|! command: show running-config", 3),
        (r"!rancid-content-type: arista", 5),
        (
            r"(transceiver qsfp default-mode|service routing protocols model|vlan internal order"
            r"|no aaa root|daemon terminattr)",
            3,
        ),
        (
            r"(management (api|ssh|console|telnet|security|cvx)|interface management\d"
            r"|switchport default mode routed)",
            3,
        ),
        (
            r"(router l2 vpn|interface vxlan\d|mlag configuration|peer-filter |queue-monitor"
            r"|hardware counter|event-handler)",
            2,
        ),
        (r"(interface (ethernet\d|port-channel\d|loopback\d|vlan\d)|vrf instance \S)", 1),
        (r"interface eth(ernet)?\d+(\.\d+)?$\n( {3}\S| +no switchport$| +ip address [\d.]+/)", 3),
        (r"!? ?boot system flash:?/?\S*(eos|arista)\S*", 3),
    ),
    "asa": _patterns(
        (r":?\s*(asa|pix) version \d|: saved|!rancid-content-type: cisco-asa", 5),
        (
            r"(nameif |security-level \d|object(-group)? (network|service)|same-security-traffic"
            r"|failover |names$)",
            3,
        ),
        (
            r"(access-group \S+ (in|out|global)|threat-detection|service-policy global"
            r"|policy-map global_policy)",
            2,
        ),
        (r"(aaa-server \S+ (protocol|\()|logging (asdm|host [a-z]\S* \d)|aaa authentication \S+ console )", 3),
    ),
    "sros": _patterns(
        (
            r"# timos|exit all\s*$|/?configure (system|port|router|service|log|qos|filter|lag|card"
            r"|policy-options) ",
            5,
        ),
        (r"configure\s*$", 3),
        (r'echo ".* configuration"', 3),
    ),
    "vrp": _patterns(
        (r"!software version v\d+r\d+", 5),
        (r"(sysname \S)", 2),
        (
            r"(snmp-agent|user-interface (vty|con)|local-user|hwtacacs|stelnet server|info-center"
            r"|ssh user|undo \S|bgp \d|ospf \d)",
            1,
        ),
    ),
    "comware": _patterns(
        (r"sysname \S", 2),
        (r"\s*version \d\.\d+(\.\d+)?, (release|ess|feature)", 5),
        (
            r"(irf |lldp global|stp global enable|dhcp server ip-pool|domain (system|default)"
            r"|line class|undo |port link-)",
            2,
        ),
    ),
    "fortios": _patterns(
        (r"#config-version=", 5),
        (
            r"config (system|router|firewall|user|vpn|log|wireless-controller|switch-controller|vdom"
            r"|global|antivirus|ips)\b",
            3,
        ),
        (r"(edit \S|next\s*$|set \S+ |end\s*$)", 1),
    ),
    "routeros": _patterns(
        (r"# .*by routeros", 5),
        (
            r"/(interface|ip|ipv6|system|routing|user|snmp|tool|queue|certificate|radius|ppp|port|mpls"
            r"|bridge)\b",
            3,
        ),
    ),
}
_HOSTNAME: Final = re.compile(r"(hostname|switchname) \S+$")
_PROSE: Final = re.compile(r"[A-Z\"'(]?[a-z]+ .*[a-z]{2}[.!?]$")  # a sentence
_DATED: Final = re.compile(r"(<\d+>|\*?[A-Z][a-z]{2} +\d+ \d+:|\d{4}-\d\d-\d\d[T ]\d\d:|\d+: )")
_BRACE: Final = re.compile(r"[{};]\s*(##.*|/\*.*\*/\s*)?$")
_SET: Final = re.compile(r"(set|deactivate|activate|delete|protect|annotate|insert|rename|edit) +([A-Za-z][\w-]*)")
_JUNOS: Final = re.compile(rf"(?:inactive: |replace: |protect: )?({_JUNOS_ROOTS}|version)\b[^={{]*[{{;]|version \S+;")
_PANOS: Final = re.compile(rf"({_PANOS_ROOTS})\b[^={{]*{{")
_SROS_MD: Final = re.compile(r"configure \{|persistent-indices \{")
_FOREIGN: Final = re.compile(r'\s*("[^"]*"\s*:|<[?!/a-zA-Z])')  # JSON, XML


def guess(lines: Sequence[str]) -> Guess | None:
    """The platform and style of a configuration; None if these lines are none."""
    telling = [line[:_LINE_CHARS].rstrip() for line in lines[:LOOKED_AT] if line.strip()]
    if not telling:
        return None
    foreign = sum(1 for line in telling if _FOREIGN.match(line))
    dated = sum(1 for line in telling if _DATED.match(line))
    if (foreign + dated) * 4 > len(telling) or _FOREIGN.match(telling[0]):
        return None
    return _brace(telling) or _set(telling) or _indent(telling)


def _brace(lines: list[str]) -> Guess | None:
    said = [line for line in lines if not line.lstrip().startswith(("#", "/*", "*", "!"))]
    if any(_SROS_MD.match(line) for line in said):  # its statements end with the line
        return Guess("sros", "brace", 95)
    closing = sum(1 for line in said if _BRACE.search(line))
    if not said or closing * 10 < len(said) * 7 or not any("{" in line for line in said):
        return None
    tops = [line.strip() for line in said if not line.startswith((" ", "\t"))]
    shallow = tops if len(tops) > 1 else [line.strip() for line in said]
    votes = {
        "sros": 3 * sum(1 for line in shallow if _SROS_MD.match(line)),
        "junos": sum(1 for line in shallow if _JUNOS.match(line)),
        "panos": sum(1 for line in said if _PANOS.match(line.strip())),
    }
    if any(re.match(r"(mgt-config|deviceconfig|config) *\{", line.strip()) for line in said):
        votes["panos"] += 5
    platform = max(votes, key=lambda name: votes[name])
    return Guess(platform, "brace", min(95, 70 + 10 * votes[platform])) if votes[platform] else None


def _set(lines: list[str]) -> Guess | None:
    said = [line for line in lines if not line.lstrip().startswith(("#", "!", "/*"))]
    found = [match for line in said if (match := _SET.match(line))]
    if len(found) < 2 or len(found) * 3 < len(said):  # banners may spread over many lines
        return None
    roots = [match[2].lower() for match in found]
    junos = sum(1 for root in roots if re.fullmatch(rf"{_JUNOS_ROOTS}|version", root))
    panos = sum(1 for root in roots if re.fullmatch(_PANOS_ROOTS, root))
    if max(junos, panos) * 2 < len(found):
        return None
    return Guess("junos" if junos >= panos else "panos", "set", min(95, 65 + 5 * len(found)))


def _indent(lines: list[str]) -> Guess | None:
    text = "\n".join(lines)
    points = {
        platform: sum(weight for pattern, weight in patterns if pattern.search(text))
        for platform, patterns in _INDENT.items()
    }
    plain = [line for line in lines if not line.startswith((" ", "\t", "!", "#"))]
    common = sum(1 for line in plain if _INDENT["ios"][-1][0].match(line) or _INDENT["ios"][3][0].match(line))
    platform = max(points, key=lambda name: points[name])
    prose = sum(1 for line in plain if _PROSE.match(line))
    if prose * 5 > len(plain) + 4:
        return None
    framed = any(line == "!" for line in lines) and any(_HOSTNAME.match(line) for line in plain)
    if not framed and points[platform] < 2 and common < 2:
        return None
    if not framed and len(lines) > 20 and common * 8 < len(plain) and points[platform] < 3:
        return None  # one word of ours in a long text of another kind
    return Guess(platform, "indent", min(92, 50 + 6 * points[platform] + min(20, 2 * common)))


def guess_of(lines: Sequence[str]) -> Guess | None:
    """Platform and style of a configuration; where RANCID wrote the make down, it is the make."""
    found, made = guess(lines), make_of(lines)
    if made is None:
        return found
    if found and found.platform == made[0]:
        return Guess(found.platform, found.style, max(found.sure, _SAID))
    return Guess(made[0], found.style if found else "indent", _SAID)
