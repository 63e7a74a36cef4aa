from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import exports as writer
from seawall.sources.exports import decoder as module
from seawall.sources.exports.decoder import Decoder
from tests.drills.render.reading import act

NOW = 1_795_298_400
DETAIL = {"to": "203.0.113.9", "port": "443"}


def v9(*sets: bytes, sequence: int = 1, domain: int = 7) -> bytes:
    return struct.pack(">HHIIII", 9, len(sets), 3_600_000, NOW, sequence, domain) + b"".join(sets)


def ipfix(*sets: bytes, sequence: int = 1, domain: int = 7) -> bytes:
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), NOW, sequence, domain) + body


def a_set(ident: int, content: bytes) -> bytes:
    return struct.pack(">HH", ident, 4 + len(content)) + content


def template(ident: int, *fields: tuple[int, int]) -> bytes:
    return struct.pack(">HH", ident, len(fields)) + b"".join(struct.pack(">HH", *field) for field in fields)


ENDS = ((8, 4), (12, 4), (1, 4), (2, 4))
RECORD = bytes([192, 0, 2, 1, 203, 0, 113, 9]) + struct.pack(">II", 600, 9)


def rows(decoder: Decoder) -> int:
    return sum(len(batch.rows().micros) for batch in decoder.close())


def why(decoder: Decoder) -> str:
    return " | ".join(what for _, what in decoder.rejects)


@pytest.mark.parametrize(
    ("form", "fields", "reason"),
    [
        pytest.param("v9", ((8, 0), (12, 0)), "without octets", id="all fields empty"),
        pytest.param("v9", ((8, 4), (12, 65_535)), "more than a datagram", id="a field of 65535"),
        pytest.param("ipfix", ((8, 60_000), (12, 60_000)), "more than a datagram", id="longer than any datagram"),
        pytest.param("v9", (), "without octets", id="no fields"),
    ],
)
def test_a_template_that_cannot_be_true_is_a_reject_with_its_reason(
    form: str, fields: tuple[tuple[int, int], ...], reason: str
) -> None:
    decoder = Decoder()
    if form == "v9":
        decoder.take(v9(a_set(0, template(256, *fields))))
    else:
        decoder.take(ipfix(a_set(2, template(256, *fields))))
    assert reason in why(decoder)


def test_a_set_that_lies_about_its_length_ends_its_datagram_and_no_other() -> None:
    decoder = Decoder()
    decoder.take(v9(a_set(0, template(256, *ENDS)), struct.pack(">HH", 256, 60_000) + RECORD))
    decoder.take(v9(struct.pack(">HH", 256, 2) + RECORD))
    assert "60000 octets of which" in why(decoder)
    assert "fewer than its header" in why(decoder)
    decoder.take(v9(a_set(256, RECORD * 3)))
    assert rows(decoder) == 3


def test_data_before_its_template_waits_for_it() -> None:
    decoder = Decoder()
    decoder.take(v9(a_set(256, RECORD)), received_us=NOW * 10**6)
    decoder.take(v9(a_set(0, template(256, *ENDS))), received_us=(NOW + 60) * 10**6)
    assert rows(decoder) == 1
    assert not decoder.rejects


def test_data_whose_template_comes_too_late_or_never_is_told() -> None:
    decoder = Decoder()
    decoder.take(v9(a_set(256, RECORD)), received_us=NOW * 10**6, place=1)
    decoder.take(v9(a_set(257, RECORD)), received_us=(NOW + module.HELD_S + 1) * 10**6, place=2)
    assert [place for place, _ in decoder.rejects] == [1]
    assert rows(decoder) == 0
    assert [place for place, _ in decoder.rejects] == [1, 2]
    assert "its template never came" in why(decoder)


def test_waiting_data_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_BYTES", 1_000)
    decoder = Decoder()
    for number in range(50):
        decoder.take(v9(a_set(256, RECORD), sequence=number))
    assert "no room is left" in why(decoder)
    decoder.take(v9(a_set(0, template(256, *ENDS))))
    assert rows(decoder) == 1_000 // (100 + len(RECORD))


def test_empty_sets_of_unknown_templates_cost_no_memory_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_BYTES", 1_000)
    decoder = Decoder()
    for ident in range(256, 300):
        decoder.take(v9(a_set(ident, b"")))
    assert "no room is left" in why(decoder)


def test_templates_are_of_one_exporter_and_one_domain() -> None:
    decoder = Decoder()
    decoder.take(v9(a_set(0, template(256, *ENDS)), domain=1), "192.0.2.1")
    for exporter, domain in (("192.0.2.1", 2), ("192.0.2.2", 1)):
        decoder.take(v9(a_set(256, RECORD), domain=domain), exporter)
    assert rows(decoder) == 0
    assert len(decoder.rejects) == 2


def test_a_template_may_change_and_what_was_read_before_stays() -> None:
    decoder = Decoder()
    decoder.take(ipfix(a_set(2, template(256, *ENDS)), a_set(256, RECORD)))
    decoder.take(ipfix(a_set(2, template(256, *ENDS, (7, 2))), a_set(256, RECORD + b"\0\x16")))
    found = [batch.rows() for batch in decoder.close()]
    ports = [made.values["src_port"].to_pylist() if "src_port" in made.values else None for made in found]
    assert ports == [None, [22]]


def test_a_withdrawn_template_is_gone() -> None:
    decoder = Decoder()
    decoder.take(ipfix(a_set(2, template(256, *ENDS) + template(257, *ENDS))))
    decoder.take(ipfix(a_set(2, struct.pack(">HH", 256, 0)), a_set(256, RECORD), a_set(257, RECORD)))
    assert rows(decoder) == 1
    decoder.take(ipfix(a_set(2, struct.pack(">HH", 2, 0)), a_set(257, RECORD)))
    assert rows(decoder) == 0


def test_a_million_templates_cost_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TEMPLATES_EACH", 300)
    monkeypatch.setattr(module, "MAX_DOMAINS", 20)
    decoder = Decoder()
    for first in range(256, 2_000, 100):
        decoder.take(v9(a_set(0, b"".join(template(ident, *ENDS) for ident in range(first, first + 100)))))
    assert "one more than may be remembered" in why(decoder)
    for domain in range(100):
        decoder.take(v9(a_set(0, template(256, *ENDS)), domain=domain))
    assert "exporters and domains" in why(decoder)


def test_what_never_arrived_is_counted_by_each_formats_own_numbers() -> None:
    acts = [act("flow", detail=DETAIL)] * 300
    for form, kept, lost in (("netflow5", 30, 30), ("netflow9", 16, 1), ("ipfix", 16, 16), ("sflow5", 6, 1)):
        datagrams = writer.datagrams(acts, form)
        decoder = Decoder()
        for datagram in datagrams[:3] + datagrams[4:]:
            decoder.take(datagram, "192.0.2.1")
        assert rows(decoder) == 300 - kept, form
        assert list(decoder.sequences.lost().values()) == [lost], form
        decoder.take(datagrams[3], "192.0.2.1")  # it was only late
        assert rows(decoder) == kept
        assert not decoder.sequences.lost(), form


def test_options_that_name_themselves_without_end_are_bounded() -> None:
    options = struct.pack(">HHHHHHH", 256, 2, 1, 149, 1, 34, 1)
    decoder = Decoder()
    decoder.take(ipfix(a_set(3, options), a_set(256, bytes([1, 100]) * 20_000)))
    assert rows(decoder) == 0


def test_variable_fields_and_biflows_are_read() -> None:
    fields = struct.pack(">HH", 256, 6) + struct.pack(">HHHHHHHH", 8, 4, 12, 4, 1, 4, 371, 65_535)
    fields += struct.pack(">HHI", 0x8000 | 1, 4, 29_305) + struct.pack(">HHI", 0x8000 | 9, 65_535, 99_999)
    record = RECORD[:12] + b"\x03abc" + struct.pack(">I", 42) + b"\xff\x01\x00" + b"x" * 256
    decoder = Decoder()
    decoder.take(ipfix(a_set(2, fields), a_set(256, record * 2 + b"\0\0")))
    (batch,) = decoder.close()
    values = batch.rows().values
    assert values["dst_bytes"].to_pylist() == [42, 42]
    assert values["userName"].to_pylist() == ["abc", "abc"]
    assert values["pen99999_9"].to_pylist()[0] == "x" * 200


def test_an_uptime_that_wrapped_gives_the_time_before_it() -> None:
    head = struct.pack(">HHIIIIBBH", 5, 1, 5_000, NOW, 0, 1, 0, 0, 0)  # five seconds after it wrapped
    record = (
        RECORD[:8]
        + bytes(4)
        + struct.pack(">HHIIIIHHxBBBHHBBxx", 1, 2, 9, 600, (1 << 32) - 5_000, 1_000, 1, 2, 0, 6, 0, 0, 0, 0, 0)
    )
    decoder = Decoder()
    decoder.take(head + record)
    (batch,) = decoder.close()
    made = batch.rows()
    assert made.micros.tolist() == [(NOW - 10) * 10**6]
    assert made.values["duration"].to_pylist() == [6.0]


@given(st.lists(st.tuples(st.sampled_from([5, 9, 10]), st.binary(max_size=200)), max_size=6))
def test_any_datagrams_give_flows_and_rejects(datagrams: list[tuple[int, bytes]]) -> None:
    decoder = Decoder()
    for version, content in datagrams:
        decoder.take(version.to_bytes(2, "big") + content, "192.0.2.1")
    rows(decoder)


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 65_535)), max_size=12), st.binary(max_size=120))
def test_any_template_gives_flows_and_rejects(fields: list[tuple[int, int]], content: bytes) -> None:
    for make, ident in ((v9, 0), (ipfix, 2)):
        decoder = Decoder()
        decoder.take(make(a_set(ident, template(256, *ENDS, *fields)), a_set(256, RECORD + content)))
        rows(decoder)


def test_ipv4_inside_ipv6_is_the_ipv4_address_it_is() -> None:
    mapped = bytes(10) + b"\xff\xff"
    record = (
        mapped + bytes([192, 0, 2, 1]) + bytes.fromhex("20010db8") + bytes(11) + b"\x09" + struct.pack(">II", 600, 9)
    )
    decoder = Decoder()
    decoder.take(ipfix(a_set(2, template(256, (27, 16), (28, 16), (1, 4), (2, 4))), a_set(256, record)))
    (batch,) = decoder.close()
    values = batch.rows().values
    assert [values[name].to_pylist() for name in ("src_ip", "dst_ip")] == [["192.0.2.1"], ["2001:db8::9"]]


V5 = struct.pack(">HHIIIIBBH", 5, 3, 5_000, NOW, 0, 1, 0, 0, 0) + 3 * (
    RECORD[:8] + bytes(4) + struct.pack(">HHIIIIHHxBBBHHBBxx", 1, 2, 9, 600, 1_000, 2_000, 1, 2, 0, 6, 0, 0, 0, 0, 0)
)


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(V5, id="v5"),
        pytest.param(v9(a_set(0, template(256, *ENDS)), a_set(256, RECORD * 3)), id="v9"),
        pytest.param(ipfix(a_set(2, template(256, *ENDS)), a_set(256, RECORD * 3)), id="ipfix"),
    ],
)
def test_a_datagram_cut_anywhere_gives_fewer_flows_and_never_in_silence(whole: bytes) -> None:
    # Version 9 names no length, and vendors count records or sets in its head: a cut between sets shows nothing.
    unseen = (44,) if whole[:2] == b"\0\x09" else ()
    for length in sorted({*range(1, len(whole))} - {*unseen}):
        decoder = Decoder()
        decoder.take(whole[:length])
        assert rows(decoder) < 3
        assert why(decoder), f"cut after {length} octets"
    decoder = Decoder()
    decoder.take(whole)
    assert (rows(decoder), why(decoder)) == (3, "")
