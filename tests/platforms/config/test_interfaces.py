# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import pytest

from seawall.platforms.config import read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "hostname r1\ninterface GigabitEthernet0/1\n vrf forwarding M\n ip address 192.0.2.1 255.255.255.0\n shutdown\n",
            "GigabitEthernet0/1",
        ),
        (
            "set system host-name j\nset interfaces ge-0/0/1 unit 0 family inet address 192.0.2.1/24\nset interfaces ge-0/0/1 disable\nset routing-instances M interface ge-0/0/1.0\n",
            "ge-0/0/1.0",
        ),
        (
            '# TiMOS-C-22.7.R1\nconfigure {\n    service {\n        vprn "M" {\n            interface "i" {\n                admin-state disable\n                ipv4 {\n                    primary {\n                        address 192.0.2.1\n                        prefix-length 24\n                    }\n                }\n            }\n        }\n    }\n}\n',
            "i",
        ),
    ],
)
def test_address_vrf_and_state_are_told_alike(text: str, name: str) -> None:
    (config,) = read(text)
    (one,) = config.interfaces()
    assert (one.name, one.vrf, [str(address) for address in one.addresses], one.shut) == (
        name,
        "M",
        ["192.0.2.1/24"],
        True,
    )


def test_ranges_are_written_out() -> None:
    (config,) = read("hostname r1\ninterface range GigabitEthernet0/1 - 3 , GigabitEthernet0/9\n shutdown\n")
    assert [one.name[-1] for one in config.interfaces()] == ["1", "2", "3", "9"]
