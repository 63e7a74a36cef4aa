import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.response.addresses import literals, network
from seawall.response.safelist import safelist_of

from .world import SITE, World

SAFE = safelist_of(SITE, own=("203.0.113.128/28",), emergency=("198.51.100.112",))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("192.0.2.1", id="a device"),
        pytest.param("192.0.2.0/24", id="holds a device"),
        pytest.param("192.0.2.1/25", id="host bits"),
        pytest.param("203.0.113.130", id="inside the safelist"),
        pytest.param("203.0.113.0/24", id="holds the safelist"),
        pytest.param("::ffff:192.0.2.1", id="v4-mapped"),
        pytest.param("::ffff:c000:201", id="v4-mapped in hex"),
        pytest.param("::ffff:192.0.2.0/120", id="v4-mapped network"),
        pytest.param("64:ff9b::192.0.2.1", id="NAT64"),
        pytest.param("2002:c000:201::1", id="6to4"),
        pytest.param("192.0.2.0 0.0.0.255", id="wildcard"),
        pytest.param("192.0.2.0 255.255.255.0", id="netmask"),
        pytest.param("198.51.100.112", id="emergency calls"),
        pytest.param("203.0.113.240", id="an agency"),
        pytest.param("192.0.2.112", id="emergency by role"),
        pytest.param("0.0.0.0/0", id="everything"),
        pytest.param("::/0", id="everything in v6"),
        pytest.param("0.0.0.0 255.255.255.255", id="everything by wildcard"),
        pytest.param("224.0.0.5", id="OSPF's own group"),
        pytest.param("10.1.2.3", id="private space"),
        pytest.param("198.51.100.0/20", id="too wide"),
    ],
)
def test_a_protected_address_is_found_however_it_is_written(text: str) -> None:
    assert SAFE.refusals(f"deny ip {text} any;")


@pytest.mark.parametrize("text", ["198.51.100.7", "198.51.100.0/26", "2001:db8:bad::1", "version 15.2.4.1"])
def test_what_is_not_protected_passes(text: str) -> None:
    assert SAFE.refusals(f"deny ip {text} any;") == []


@pytest.mark.parametrize("text", ["fe80::1%eth0", "198.51.100.7/24", "198.51.100.256", "", "x", "198.51.100.7 any"])
def test_an_address_that_is_none_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(InputError) as refused:
        network(text)
    assert refused.value.mend


def test_an_address_written_as_another_family_is_what_it_means() -> None:
    assert str(network("::ffff:198.51.100.7")) == "198.51.100.7/32"


@given(st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_no_block_is_written_that_touches_what_is_protected(number: int, bits: int) -> None:
    world = World()
    wanted = ipaddress.ip_network((number, bits), strict=False)
    try:
        action = world.block(str(wanted))
    except InputError:
        return
    touched = any(
        k.network.version == 4 and k.network.overlaps(wanted)
        for k in (*world.guard.safelist.never, *world.guard.safelist.own)
    )  # type: ignore[arg-type]
    assert bool(list(world.guard.written_wrong(action))) == (touched or bits < 24)


@given(st.ip_addresses())
def test_every_address_is_found_in_text(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    assert any(address in n for n in literals(f"match {address}; end") if n.version == address.version)
