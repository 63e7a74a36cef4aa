from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.traffic.places import PRIVATE, pattern_of

ADDRESSES = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))


@st.composite
def networks(draw: st.DrawFn) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    address = draw(ADDRESSES)
    length = draw(
        st.integers(1, 32) if address.version == 4 else st.sampled_from((7, 28, 32, 40, 44, 48, 56, 64, 96, 128))
    )
    if address.version == 6:  # carriers' space begins with 2 or f
        address = ipaddress.IPv6Address((int(address) & ((1 << 124) - 1)) | (0x2 << 124))
    return ipaddress.ip_network((address, length), strict=False)


@given(networks(), st.data())
def test_a_pattern_matches_exactly_the_addresses_of_its_network(
    network: ipaddress.IPv4Network | ipaddress.IPv6Network, data: st.DataObject
) -> None:
    within = network[data.draw(st.integers(0, network.num_addresses - 1))]
    other = data.draw(st.ip_addresses(v=network.version))
    pattern = re.compile(pattern_of([str(network)]))
    for address in (within, other):
        if address.version == 6 and address.ipv4_mapped is not None:
            continue  # written with dots by some, kept apart by sources
        assert bool(pattern.search(str(address))) == (address in network), (pattern.pattern, address)


@pytest.mark.parametrize(
    ("address", "found"),
    [("10.1.2.3", True), ("100.64.0.1", True), ("100.128.0.1", False), ("172.32.0.1", False), ("fd00::1", True)],
)
def test_private_space_is_ours(address: str, found: bool) -> None:
    assert bool(re.search(pattern_of(PRIVATE), address)) is found


def test_nothing_is_in_no_network() -> None:
    assert not re.search(pattern_of([]), "10.0.0.1")
