from __future__ import annotations

from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.sources.interface_names import interface_names

NAMED = """SNMPv2-MIB::sysName.0 = STRING: pe1.example.net
IP-MIB::ipAdEntAddr.192.0.2.1 = IpAddress: 192.0.2.1
IF-MIB::ifDescr.501 = STRING: xe-0/0/1
IF-MIB::ifName.501 = STRING: xe-0/0/1
IF-MIB::ifAlias.501 = STRING: to AS64500
IF-MIB::ifInOctets.501 = Counter32: 77
"""
NUMBERED = """.1.3.6.1.2.1.1.5.0 = STRING: "pe1.example.net"
.1.3.6.1.2.1.4.20.1.1.192.0.2.1 = IpAddress: 192.0.2.1
.1.3.6.1.2.1.31.1.1.1.1.501 = STRING: "xe-0/0/1"
iso.3.6.1.2.1.31.1.1.1.18.501 = STRING: "to AS64500"
"""
QUICK = "sysName.0 pe1.example.net\nipAdEntAddr.192.0.2.1 192.0.2.1\nifName.501 xe-0/0/1\nifAlias.501 to AS64500\n"


@pytest.mark.parametrize("walk", [NAMED, NUMBERED, QUICK])
def test_a_walk_names_interfaces_under_every_name_of_its_device(tmp_path: Path, walk: str) -> None:
    (tmp_path / "walk").write_text(walk, encoding="utf-8")
    found = interface_names([tmp_path / "walk"])
    assert set(found.values()) == {"xe-0/0/1 (to AS64500)"}
    assert {exporter for exporter, _ in found} == {"pe1.example.net", "pe1", "192.0.2.1"}


@pytest.mark.parametrize(
    ("printed", "index", "name"),
    [
        ("GigabitEthernet0/0/1: Ifindex = 3\nNull0: Ifindex = 9\n", "3", "GigabitEthernet0/0/1"),
        ("Ethernet1/1                 436207616  (0x1a000000)\n", "436207616", "Ethernet1/1"),
        ("ifDescr.501 = ge-0/0/0\n", "501", "ge-0/0/0"),
    ],
    ids=["ios", "nxos", "junos"],
)
def test_what_routers_print_belongs_to_the_device_of_the_file(
    tmp_path: Path, printed: str, index: str, name: str
) -> None:
    (tmp_path / "PE1.example.net.txt").write_text(printed, encoding="utf-8")
    found = interface_names([tmp_path / "PE1.example.net.txt"])
    assert found["pe1.example.net", index] == found["pe1", index] == name


def test_a_table_is_read_by_its_header_and_comes_before_later_files(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("exporter;ifIndex;ifName\n192.0.2.1;007;ae1\n192.0.2.1;x;bad\n;;\n", encoding="utf-8")
    other.write_text("host,index,name\n192.0.2.1,7,late\n192.0.2.1,8,ae2\n", encoding="utf-8")
    assert interface_names([one, other]) == {("192.0.2.1", "7"): "ae1", ("192.0.2.1", "8"): "ae2"}


def test_a_file_without_interfaces_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\x00 nothing\n" * 9)
    with pytest.raises(InputError, match="names no interface"):
        interface_names([tmp_path / "x"])
    with pytest.raises(InputError, match="no file"):
        interface_names([tmp_path / "gone"])
