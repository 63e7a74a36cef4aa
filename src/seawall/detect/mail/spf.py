"""SPF worked out of saved records (RFC 7208): addresses and includes; what needs a name service stays unknown."""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from seawall.detect.mail.facts import Facts

MAX_LOOKUPS: Final = 10  # RFC 7208, 4.6.4
_CLIENT: Final = re.compile(r"[\[(](?:IPv6:)?([0-9A-Fa-f.:]{3,45})[\])]")
_WORDS: Final = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


def check_spf(facts: Facts, keys: dict[str, str]) -> str:
    """Result for the server that handed the message to ours; empty where a record is missing or not enough."""
    domain = facts.bounce.host or facts.sender.host
    if not domain or domain not in keys:
        return ""
    client = _client(facts)
    return _evaluate(domain, client, keys, [MAX_LOOKUPS]) if client is not None else ""


def _client(facts: Facts) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Address of the first public server in the Received lines, from the top: whoever spoke to our gateway."""
    for hop in facts.mail.all("received")[:6]:
        if (found := _CLIENT.search(hop)) is None:
            continue
        try:
            address = ipaddress.ip_address(found[1])
        except ValueError:
            continue
        named = re.search(r"\bfrom\s+([\w.-]+)", hop)
        own = named is not None and any(named[1].lower().endswith(f".{name}") for name in facts.world.own)
        if not own and not (address.is_loopback or address.is_link_local):
            return address
    return None


def _evaluate(
    domain: str, client: ipaddress.IPv4Address | ipaddress.IPv6Address, keys: dict[str, str], left: list[int]
) -> str:
    record = keys.get(domain, "")
    if not record.lower().startswith("v=spf1"):
        return ""
    redirect = ""
    for term in record.split()[1:60]:
        sign, word = (term[0], term[1:]) if term[0] in _WORDS else ("+", term)
        name, _, value = word.partition(":")
        if name.lower() == "all":
            return _WORDS[sign]
        if name.lower() in ("ip4", "ip6"):
            if _within(client, value):
                return _WORDS[sign]
        elif name.lower() == "include":
            left[0] -= 1
            inner = _evaluate(value.lower(), client, keys, left) if left[0] >= 0 else ""
            if not inner:
                return ""  # unknown: the record it names was not saved
            if inner == "pass":
                return _WORDS[sign]
        elif word.lower().startswith("redirect="):
            redirect = word.partition("=")[2].lower()
        else:
            return ""  # a, mx, exists, ptr: cannot be known without a name service
    if redirect:
        left[0] -= 1
        return _evaluate(redirect, client, keys, left) if left[0] >= 0 else ""
    return "neutral"


def _within(client: ipaddress.IPv4Address | ipaddress.IPv6Address, network: str) -> bool:
    try:
        net = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
    return client.version == net.version and client in net
