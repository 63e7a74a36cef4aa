from __future__ import annotations

import ipaddress
import json
import re
import struct
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import exports as writer
from seawall.sources import exports, recognise
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.drills.render.reading import act
from tests.sources.reading import Result, read_bytes


def _sample(*names: str) -> Result:
    folder = corpus_path("network", "logstash-netflow")
    return read_bytes(exports.SOURCE, b"".join((folder / name).read_bytes() for name in names), names[-1])


# Names in the expectations of logstash's decoder -> ours, and what a record must agree in.
_THEIRS = {
    "ipv4_src_addr": "src_ip", "ipv6_src_addr": "src_ip", "sourceIPv4Address": "src_ip", "sourceIPv6Address": "src_ip",
    "ipv4_dst_addr": "dst_ip", "ipv6_dst_addr": "dst_ip", "destinationIPv4Address": "dst_ip",
    "destinationIPv6Address": "dst_ip", "l4_src_port": "src_port", "sourceTransportPort": "src_port",
    "l4_dst_port": "dst_port", "destinationTransportPort": "dst_port", "in_bytes": "src_bytes",
    "octetDeltaCount": "src_bytes", "in_pkts": "src_pkts", "packetDeltaCount": "src_pkts", "protocol": "ip_proto",
    "protocolIdentifier": "ip_proto", "src_tos": "tos", "ipClassOfService": "tos", "input_snmp": "input_if",
    "output_snmp": "output_if", "ingressInterface": "input_if", "egressInterface": "output_if",
}  # fmt: skip
_CONTEXT = re.compile(r'^  context "([^"]+)"', re.MULTILINE)


def _expectations() -> list[tuple[str, list[str], list[dict[str, object]]]]:
    """What logstash's own tests expect: title, files in order, records."""
    spec = corpus_path("network", "logstash-netflow", "netflow_spec.rb").read_text(encoding="utf-8")
    parts = _CONTEXT.split(spec)[1:]
    found = []
    for title, body in zip(parts[::2], parts[1::2], strict=True):
        plain = re.sub(r"#\{[^}]*\}", "", body)
        records = []
        for text in re.findall(r"<<-END\n(.*?)END\n", plain, re.DOTALL):
            said = json.loads(text)
            records.append(said.get("netflow") or said.get("ipfix") or {})
        files = re.findall(r'"([\w.-]+\.dat)"', body)
        found.append((title, list(dict.fromkeys(files)), records))
    return found


def test_real_exports_come_to_the_records_their_first_decoder_expects() -> None:
    folder = corpus_path("network", "logstash-netflow")
    compared, differ = 0, []
    for title, files, records in _expectations():
        if not files or "missing templates" in title or not all((folder / name).is_file() for name in files):
            continue
        rows = _sample(*files).rows("flow_records")
        for record in records:
            wanted = {ours: record[name] for name, ours in _THEIRS.items() if record.get(name, "::") != "::"}
            if "src_ip" not in wanted or "dst_ip" not in wanted:
                continue
            wanted |= {name: str(wanted[name]) for name in ("input_if", "output_if") if name in wanted}
            wanted["src_ip"], wanted["dst_ip"] = (
                str(ipaddress.ip_address(str(wanted[side]))) for side in ("src_ip", "dst_ip")
            )
            compared += 1
            if not any(all(row[name] == value for name, value in wanted.items()) for row in rows):
                differ.append((title, wanted))
    assert not differ
    assert compared >= 20


def test_real_exports_of_thirty_vendors_are_read_without_a_reject_but_where_templates_are_missing() -> None:
    folder = corpus_path("network", "logstash-netflow")
    without = {}
    for file in sorted(folder.glob("*.dat")):
        stem = file.name.split("_data")[0]
        templates = sorted(folder.glob(f"{stem}_*tpl*.dat")) if "_data" in file.name else []
        result = read_bytes(exports.SOURCE, b"".join(f.read_bytes() for f in [*templates, file]))
        if result.rejected:
            without[file.name] = {reject.what.partition(" (")[0][-40:] for reject in result.rejects}
    assert set(without) <= {
        "ipfix_test_barracuda_data256.dat",  # an older layout of the same number
        "netflow9_test_iptnetflow_reduced_size_encoding_tpldata260.dat",  # two of its templates are elsewhere
    }


def test_a_file_of_datagrams_is_known_by_its_content() -> None:
    for name in (
        "netflow5_test_microtik.dat",
        "ipfix_test_ixia_tpldata271.dat",
        "netflow9_test_softflowd_tpl_data.dat",
    ):
        content = corpus_path("network", "logstash-netflow", name).read_bytes()
        assert recognise(evidence_from_bytes(content, "x.log")) is exports.SOURCE
        for order in (">H", ">I", "<I"):
            framed = struct.pack(order, len(content)) + content
            assert recognise(evidence_from_bytes(framed, "x.log")) is exports.SOURCE
            assert read_bytes(exports.SOURCE, framed * 2).counts()["flow_records"] == 2 * len(
                read_bytes(exports.SOURCE, content).rows("flow_records")
            )


@given(st.binary(max_size=400), st.sampled_from([b"\0\5\0\2", b"\0\x09\0\2", b"\0\x0a\1\0", b"\0\0\0\5\0\0\0\1", b""]))
def test_any_bytes_give_rows_and_rejects(content: bytes, version: bytes) -> None:
    read_bytes(exports.SOURCE, version + content)


@given(st.binary(min_size=1, max_size=60), st.integers(0, 460))
def test_damage_inside_real_datagrams_gives_rows_and_rejects(noise: bytes, at: int) -> None:
    content = bytearray(corpus_path("network", "logstash-netflow", "netflow9_test_softflowd_tpl_data.dat").read_bytes())
    content[at : at + len(noise)] = noise
    read_bytes(exports.SOURCE, bytes(content) * 2)


def test_the_same_record_has_the_same_id_from_another_folder_and_beside_others(tmp_path: Path) -> None:
    content = corpus_path("network", "logstash-netflow", "netflow5.dat").read_bytes()
    other = corpus_path("network", "logstash-netflow", "netflow5_test_microtik.dat").read_bytes()
    alone = [row["event_id"] for row in read_bytes(exports.SOURCE, content, "a.dat").rows("flow_records")]
    beside = [row["event_id"] for row in read_bytes(exports.SOURCE, content + other, "b/c.dat").rows("flow_records")]
    assert alone == beside[: len(alone)]
    assert len(set(beside)) == len(beside)


def test_real_options_give_applications_their_names() -> None:
    rows = _sample(
        "netflow9_test_cisco_nbar_opttpl260.dat", "netflow9_test_cisco_nbar_tpl262.dat",
        "netflow9_test_cisco_nbar_data262.dat",
    ).rows("flow_records")  # fmt: skip
    assert {row["app"] for row in rows} >= {"icmp"}


def test_records_filled_up_with_zeros_are_no_flows() -> None:
    result = _sample(
        "netflow9_test_paloalto_81_tpl256-263.dat",
        "netflow9_test_paloalto_81_data257_1flowset_in_large_zerofilled_packet.dat",
    )
    (row,) = result.rows("flow_records")
    assert (row["src_ip"], row["dst_port"], row["action"]) == ("134.220.2.6", 50_234, "delete")


def test_an_ipfix_file_is_read_with_what_it_says_of_itself() -> None:
    """RFC 5655: messages one behind the other, options that tell of the file among them."""
    about = struct.pack(">HHHHHHHHH", 300, 3, 1, 149, 4, 161, 8, 160, 8)
    told = struct.pack(">IQQ", 7, 1_795_298_400_000, 1_795_298_399_000)
    sets = b"".join(struct.pack(">HH", ident, 4 + len(body)) + body for ident, body in ((3, about), (300, told)))
    meta = struct.pack(">HHIII", 10, 16 + len(sets), 1_795_298_400, 0, 7) + sets
    detail = {"to": "203.0.113.9", "port": "443"}
    messages = writer.datagrams([act("flow", detail=detail)] * 40, "ipfix")
    result = read_bytes(exports.SOURCE, meta + b"".join(messages), "flows.ipfix")
    assert (result.counts(), result.rejects) == ({"flow_records": 40}, [])
