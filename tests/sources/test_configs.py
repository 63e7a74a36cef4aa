from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.model.events import event_id
from seawall.sources import configs
from seawall.sources.base import Evidence
from seawall.sources.discover import find
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import read_bytes, read_evidence

IOS = b"""!
version 15.4
hostname edge-1
!
username ops privilege 15 secret 5 $1$abcd$abcdefghijklmnopqrstu.
!
interface Tunnel7
 description uplink
 ip address 192.0.2.1 255.255.255.252
 service-policy output Q
!
snmp-server community s3cretword RW
line vty 0 4
 transport input telnet
end
"""


def test_every_line_is_an_event_that_knows_its_section() -> None:
    rows = read_bytes(configs.SOURCE, IOS, "edge-1.cfg").rows("config_lines")
    by_text = {r["text"]: r for r in rows}
    line = by_text["ip address 192.0.2.1 255.255.255.252"]
    assert (line["section"], line["depth"], line["number"]) == ("interface Tunnel7", 1, 9)
    assert (line["device"], line["observer"], line["platform"]) == ("edge-1", "edge-1", "ios")
    assert line["origin"] == "edge-1.cfg:9"
    assert line["snapshot"] == hashlib.sha256(IOS).hexdigest()
    assert line["event_id"] == event_id("config_lines", "edge-1", hashlib.sha256(IOS).digest() + (9).to_bytes(8, "big"))
    assert by_text["transport input telnet"]["section"] == "line vty 0 4"


def test_secrets_never_become_rows() -> None:
    table = read_bytes(configs.SOURCE, IOS).tables["config_lines"]
    text = str(table.to_pylist())
    assert "s3cretword" not in text
    assert "$1$abcd$" not in text
    assert "snmp-server community <masked> RW" in text


def test_a_configuration_without_a_name_says_so() -> None:
    result = read_bytes(configs.SOURCE, IOS.replace(b"hostname edge-1\n", b""), "running-config.txt")
    assert result.rows("config_lines")[0]["device"] is None
    assert "does not name its device" in result.notes[0]


def test_windows_line_ends_latin1_and_bom_are_read() -> None:
    raw = b"\xef\xbb\xbf" + IOS.replace(b"\n", b"\r\n").replace(b"uplink", b"Z\xfcrich")
    texts = [r["text"] for r in read_bytes(configs.SOURCE, raw).rows("config_lines")]
    assert texts[1] == "version 15.4"
    assert any(str(t).startswith("description Z") for t in texts)


@pytest.mark.parametrize(
    "text",
    [
        b"<189>Mar  1 10:00:00 r1 17: %SYS-5-CONFIG_I: Configured from console\n" * 5,
        b"Mar  1 10:00:00 r1 17: %SYS-5-CONFIG_I: Configured from console\n" * 5,
        b'{"hostname": "r1",\n "interface": {\n  "Gi0": 1\n }\n}\n',
        b"user = admin {\n  login = cleartext x\n}\n",
        b"server {\n  listen 80;\n  location / {\n    root x;\n  }\n}\n",
        b"# Reading notes\n\nThe interface was down. Router and clock were fine.\nhostname changed.\n" * 8,
        b"time,hostname,interface\n1,r1,Gi0\n",
    ],
)
def test_what_is_no_configuration_is_not_taken_for_one(text: bytes) -> None:
    assert sources.recognise(evidence_from_bytes(text, "r1.cfg")) is not configs.SOURCE


FOLDERS = {  # folder of the corpus → platforms its files may be told as
    "arista-eos": {"eos", "ios"},
    "cisco-asa": {"asa", "ios"},
    "cisco-ios": {"ios", "asa", "iosxr", "eos"},
    "cisco-iosxe": {"ios"},
    "cisco-iosxr": {"iosxr", "ios"},
    "cisco-nxos": {"nxos"},
    "juniper-junos": {"junos"},
    "fortinet-fortios": {"fortios"},
    "huawei-vrp": {"vrp"},
    "hp-comware": {"comware", "vrp"},
    "mikrotik-routeros": {"routeros"},
    "nokia-sros": {"sros"},
    "paloalto-panos": {"panos"},
}


@pytest.mark.corpus
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_known_configuration_gives_all_its_lines(folder: str) -> None:
    told: Counter[str] = Counter()
    for evidence in find([corpus_path("device-configs", folder)]):
        assert isinstance(evidence, Evidence)
        assert sources.recognise(evidence) is configs.SOURCE, evidence.origin
        result = read_evidence(configs.SOURCE, evidence)
        rows = result.rows("config_lines")
        with evidence.open() as stream:
            lines = stream.read().replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        assert [r["number"] for r in rows] == [n for n, line in enumerate(lines, 1) if line.decode("latin-1").strip()]
        assert result.rejected == 0
        told[str(rows[0]["platform"])] += 1
    assert set(told) <= FOLDERS[folder]
    assert told.most_common(1)[0][0] in folder.replace("iosxe", "ios").replace("-", " ").split()


@given(st.binary(max_size=400))
def test_any_bytes_give_lines(content: bytes) -> None:
    for start in (b"", b"hostname r1\n!\n", b"system {\n", b"set system x\n", b"banner motd ^C\n"):
        read_bytes(configs.SOURCE, start + content)
        sources.recognise(evidence_from_bytes(start + content, "x"))


def test_a_rancid_file_is_known_by_its_first_line_whatever_the_make() -> None:
    content = b"!RANCID-CONTENT-TYPE: foundry\n!\n! Chassis 5\nver 8.0.95\nglobal-protocol-vlan\n"
    assert sources.recognise(evidence_from_bytes(content, "x")) is configs.SOURCE
    result = read_bytes(configs.SOURCE, content, "core/configs/agg3.example.net")
    rows = result.rows("config_lines")
    assert {(r["platform"], r["device"], r["observer"]) for r in rows} == {("foundry", "agg3.example.net", None)}
    assert "agg3.example.net" in result.notes[-1]


def test_a_dated_snapshot_says_when_it_was_taken_and_changed_and_a_new_name_changes_no_id() -> None:
    content = (
        b"! Last configuration change at 19:57:05 UTC Fri Nov 13 2026 by ana\nversion 17.9\nhostname edge1\nip cef\n"
    )
    first = read_bytes(configs.SOURCE, content, "2026-11-21/edge1.cfg").rows("config_lines")
    second = read_bytes(configs.SOURCE, content, "2026-11-22/other.cfg").rows("config_lines")
    assert [r["event_id"] for r in first] == [r["event_id"] for r in second]
    assert {str(r["taken"])[:10] for r in first} == {"2026-11-21"}
    assert {str(r["changed"])[:19] for r in first} == {"2026-11-13 19:57:05"}
    assert {r["device"] for r in second} == {"edge1"}
