from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.vault.identifiers.addresses import ancestors, blocks
from seawall.vault.identifiers.normalise import normalise


@pytest.mark.parametrize(
    ("form", "value", "kind", "canonical", "width"),
    [
        ("IPv4CIDR", "203.0.113.71/24", "ipv4", "203.0.113.0/24", "/24"),
        ("IPv4CIDR", "203.0.113.0/255.255.255.0", "ipv4", "203.0.113.0/24", "/24"),
        ("IPv4CIDR", "203.0.113.0-203.0.113.255", "ipv4", "203.0.113.0/24", "/24"),
        ("IPv4CIDR", "203.0.113.5-203.0.113.9", "ipv4", "203.0.113.5-203.0.113.9", "5 addresses"),
        ("IPv6CIDR", "2001:DB8:0:0::/48", "ipv6", "2001:db8::/48", "/48"),
        ("IPv6Address", "::ffff:203.0.113.7", "ipv4", "203.0.113.7/32", "/32"),
        ("MACAddress", "0A-0b-0C-0d-0E-0f", "mac", "0a0b0c0d0e0f", "single"),
        ("eui64", "0a:0b:0c:01:02:0d:0e:0f", "eui64", "0a0b0c01020d0e0f", "single"),
    ],
)
def test_an_address_has_one_spelling_and_a_width(form: str, value: str, kind: str, canonical: str, width: str) -> None:
    found = normalise(form, value)
    assert (found.kind, found.value, found.width) == (kind, canonical, width)


@pytest.mark.parametrize(
    "value",
    ["203.0.113.07", "203.0.113.300", "1", "2001:db8::/200", "203.0.113.9-203.0.113.5", "203.0.113.1-::1", "0x1.2.3.4"],
)
def test_what_is_no_address_is_marked(value: str) -> None:
    assert not normalise("IPv4CIDR", value).normal


@pytest.mark.parametrize("value", ["00:11:22:33:44", "00112233445g", "001122334455667"])
def test_what_is_no_link_layer_address_is_marked(value: str) -> None:
    assert not normalise("MACAddress", value).normal


@given(st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_a_prefix_is_among_the_ancestors_of_what_lies_in_it(one: int, long: int, other: int, short: int) -> None:
    inner = ipaddress.ip_network((one, long), strict=False)
    outer = ipaddress.ip_network((other, short), strict=False)
    (block,), (wide,) = blocks(str(inner)), blocks(str(outer))
    assert (wide == block or wide in ancestors(block, 32)) == inner.subnet_of(outer)
