# ruff: noqa: E501 - one rule is one line
"""What is defined and where it is used: an access list that nothing binds protects nothing, one that is bound but not
defined permits everything on IOS.

Kinds: `acl` (Junos and SR OS filters as well), `prefix-list`, `policy` (route-map, route-policy, policy-statement),
`class-map`, `policy-map`, `community-list`, `as-path`, `aaa-group`, `view`, `key-chain`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from seawall.platforms.config.statement import Node, Statement

Role = Literal["defined", "used"]
_N: Final = r"(?P<n>[^\s,;()]+)"


class _Rule(NamedTuple):
    kind: str
    role: Role
    pattern: re.Pattern[str]


def _rules(text: str, *, ends: bool) -> dict[str, list[_Rule]]:
    """Rules by the word they need; a line is kind, role, word, pattern; `$` stands for the name."""
    rules: dict[str, list[_Rule]] = {}
    for line in text.strip().splitlines():
        kind, role, words, pattern = line.split(None, 3)
        compiled = re.compile(f"(?:^|(?<= )){pattern.replace('$', _N)}{'$' if ends else r'(?=[ ,;)]|$)'}", re.I)
        for word in words.split("|"):
            rules.setdefault(word, []).append(_Rule(kind, "defined" if role == "def" else "used", compiled))
    return rules


_LINES: Final = _rules(
    r"""
acl def access-list ^(?:ip|ipv4|ipv6|mac|arp) access-list (?:(?:standard|extended|resequence|role-based|ext) )?$
acl def access-list ^access-list $
acl def acl ^acl (?:(?:number|name|basic|advanced|mac|ipv6|user-defined|ipv4) )*$
acl use access-class (?:ip |ipv6 |ipv4 )?access-class (?:ipv4 |ipv6 |egress |ingress )?$
acl use access-group (?:ip|ipv4|ipv6|mac) access-group (?:name |common )?$
acl use access-group ^access-group $
acl use access-group match (?:not )?access-group (?:name |ipv4 |ipv6 )?$
acl use access-group ntp access-group (?:(?:ipv4|ipv6|vrf \S+) )*(?:peer|serve|serve-only|query-only) $
acl use access-list ssh server .*\b(?:ipv4|ipv6) access-list $
acl use access-list (?:restconf|netconf-yang ssh|gnxi|netconf) .*\baccess-list name $
acl use access-list (?:ipv4|ipv6) access-list $(?= (?:ingress|egress|in|out)\b)
acl use access-list ^match access-list (?:name )?$
acl use community ^snmp-server community \S+(?: view \S+)?(?: (?:ro|rw|sdrowner|systemowner))+(?: ipv6 \S+)?(?: ipv4)? (?!ipv4|ipv6|view)$
acl use community ^snmp-server community \S+(?: view \S+)?(?: (?:ro|rw|sdrowner|systemowner))* ipv4 $
acl use use-ipv4acl|use-ipv6acl use-ipv[46]acl $
acl use access ^snmp-server (?:group|user) .*\baccess (?:ipv6 )?$
acl use ip match ip address (?!prefix-list)$
acl use list nat inside (?:source|destination) list $
acl use address ^(?:crypto map \S+ \d+ )?match address (?!prefix-list)$
acl use distribute-list distribute-list (?!prefix|route-map|gateway)$
acl use vpn-filter vpn-filter value $
acl use acl ^acl (?:ipv6 )?(?:number |name )?$(?= (?:inbound|outbound))
acl use acl (?:traffic-filter|packet-filter|traffic-policy|if-match|snmp-agent|ssh|telnet|http|ftp|stelnet|snetconf|rule) .*\bacl (?:ipv6 |number |name |ipv4 )*$
acl use ntp-service ^ntp-service access (?:peer|server|synchronization|query|limited) (?:ipv6 )?$
acl use filter ^(?:ip|ipv6) traffic-filter $
acl use ssh ^ssh server (?:acl|ipv6 acl) $
prefix-list def prefix-list ^(?:ip|ipv6) prefix-list (?!sequence-number)$
prefix-list def prefix-set ^prefix-set $
prefix-list def ip-prefix|ipv6-prefix ^ip (?:ip-prefix|ipv6-prefix|prefix-list) $
prefix-list use prefix-list match (?:ip|ipv6|ipv4) (?:address|next-hop|route-source) prefix-list $
prefix-list use prefix-list (?:neighbor|peer) \S+ prefix-list $
prefix-list use prefix-list ^prefix-list $(?= (?:in|out)\b)
prefix-list use ip-prefix|ipv6-prefix (?:peer \S+|if-match|filter-policy) (?:.* )?ip(?:v6)?-prefix $
prefix-list use in destination in (?!\()$
policy def route-map ^route-map $
policy def route-policy ^route-policy (?!pass)$(?! (?:in|out|import|export)\b)
policy use route-map (?:neighbor|peer|redistribute|network|aggregate-address|policy|import|export|default-originate|distribute-list|originate|inherit|dampening|advertise-map|map) .*\broute-map $
policy use route-map ^route-map $(?= (?:in|out)\b)
policy use route-policy ^(?:neighbor \S+ |peer \S+ )route-policy $
policy use route-policy ^route-policy $(?= (?:in|out|import|export)\b)
policy use route-policy ^(?:redistribute|network|import-route|default-route|table-policy|aggregate-address|retain|default-originate|dampening) .*\broute-policy $
policy use apply ^apply (?!as-path|community|cost|local-preference|preferred)$
class-map def class-map ^class-map (?:(?:type \S+|match-any|match-all) )*$
class-map use class ^class (?:type \S+ )?(?!class-default)$
class-map def classifier ^traffic classifier $
class-map use classifier ^classifier $
policy-map def policy-map ^policy-map (?:type \S+ (?:control \S+ )?)?$
policy-map use service-policy ^service-policy (?:type \S+ )?(?:(?:input|output|in|out) )?$
community-list def community-list ^ip (?:large-|ext)?community-list (?:standard |expanded )?$
community-list def community-set|extcommunity-set ^(?:ext)?community-set (?:(?:rt|soo|opaque|cost) )?$
community-list use community match (?:ext|large-)?community $
as-path def access-list ^ip as-path access-list $
as-path def as-path-set ^as-path-set $
as-path use as-path match as-path $
aaa-group def group ^aaa group server (?:tacacs\+|radius|ldap) $
aaa-group def aaa-server ^aaa-server $(?= protocol)
aaa-group use group ^aaa (?:authentication|authorization|accounting) .*?\bgroup (?!tacacs\+|radius)$
aaa-group use console ^aaa (?:authentication|authorization|accounting) \S+ console $
view def view ^(?:snmp-server|snmp) view $
view use community ^snmp-server community \S+ .*?\bview $
view use group ^snmp-server group .*?\b(?:read|write|notify) $
view use mib-view ^snmp-agent .*\bmib-view $
key-chain def chain ^key chain $
key-chain def keychain ^keychain $(?= mode)
key-chain use key-chain key-chain (?:name )?$
key-chain use keychain keychain (?!mode)$
""",
    ends=False,
)
_PATHS: Final = _rules(
    r"""
acl def filter ^(?:logical-systems \S+ )?firewall (?:family \S+ )?filter $
acl def ip-filter|ipv6-filter ^configure filter ip(?:v6)?-filter $
acl use input|output|input-list|output-list interfaces .*\bfilter (?:input|output|input-list|output-list) $
acl use filter (?:forwarding-options|routing-instances) .*\bfilter (?!input|output)$
acl use ip|ipv6 configure .*\bfilter ip(?:v6)? $
prefix-list def prefix-list ^(?:configure router |configure |logical-systems \S+ )?policy-options prefix-list $
prefix-list use prefix-list|source-prefix-list|destination-prefix-list|prefix-list-filter .* (?:from|route-filter|then|term \S+|snmp|clients|to|client-list-name) .*?(?:source-|destination-)?prefix-list(?:-filter)? $
policy def policy-statement ^.*policy-options policy-statement $
policy use import|export|policy .*\b(?:import|export|import policy|export policy|vrf-import|vrf-export|instance-import) (?!policy)$
community-list def community ^.*policy-options community $
community-list use community .*policy-options policy-statement .*\bcommunity (?!add|set|delete|expression)$
community-list use add|set|delete .*policy-options policy-statement .*\bcommunity (?:add|set|delete) $
as-path def as-path ^.*policy-options as-path $
as-path use as-path .*policy-options policy-statement .*\bas-path $
view def view ^snmp view $
view use view snmp (?:community|v3) .*\bview $
key-chain def key-chain ^security authentication-key-chains key-chain $
key-chain use authentication-key-chain|key-chain (?:protocols|ntp|bgp) .*\b(?:authentication-)?key-chain $
""",
    ends=True,
)


class References:
    """The definitions and uses in one configuration, found in one pass."""

    def __init__(self, top: Node) -> None:
        self._found: dict[tuple[str, Role], dict[str, list[Statement]]] = {}
        for one in top.walk():
            if not one.negated:
                for kind, role, name in _of(one):
                    self._found.setdefault((kind, role), {}).setdefault(name, []).append(one)

    def names(self, kind: str, role: Role) -> dict[str, list[Statement]]:
        """Statements by the name they define or use."""
        return self._found.get((kind, role), {})


def _of(one: Statement) -> Iterator[tuple[str, Role, str]]:
    if one.wordwise:
        parent = one.parent
        if parent is None or not (rules := _PATHS.get(parent.key[0])):
            return
        path = one.path
        text = " ".join(path)
    else:
        rules = [rule for word in one.key for rule in _LINES.get(word, ())]
        if not rules:
            return
        text = " ".join(one.words)
    for rule in rules:
        if found := rule.pattern.search(text):
            yield rule.kind, rule.role, found["n"]


def entries(defining: list[Statement], name: str) -> list[tuple[tuple[str, ...], Statement]]:
    """The entries of a list: its section's lines, or the lines that name it, each without its sequence number."""
    found: list[tuple[tuple[str, ...], Statement]] = []
    for one in defining:
        lines = [(child.words, child) for child in one.children if not child.negated]
        if not lines and name in one.words:
            lines = [(one.words[one.words.index(name) + 1 :], one)]
        for words, line in lines:
            found.append((_from_action(words), line))
    return [pair for pair in found if pair[0]]


def _from_action(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and (
        words[at].isdigit() or words[at].lower() in ("seq", "rule", "extended", "line", "index")
    ):
        at += 1
    return words[at:]
