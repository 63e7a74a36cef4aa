from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.exports import _framed, _packed, written
from seawall.sources import pcaps
from seawall.sources.pcaps import names
from tests.corpus import corpus_path
from tests.sources.reading import Result, read_bytes, read_path

CLIENT, SERVER = "192.0.2.7", "192.0.2.53"
AT = 1_790_000_000 * 10**6
Datagram = tuple[int, str, int, str, int, bytes]


def question(name: str, number: int = 7, qtype: int = 1) -> bytes:
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", qtype, 1)


def answer(name: str, number: int = 7, address: str = "203.0.113.9") -> bytes:
    asked = question(name, number)
    data = bytes(int(part) for part in address.split("."))
    return asked[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + asked[12:] + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + data


def sent(at: float, wire: bytes, port: int = 40_000) -> Datagram:
    return AT + int(at * 10**6), CLIENT, port, SERVER, 53, wire


def got(at: float, wire: bytes, port: int = 40_000) -> Datagram:
    return AT + int(at * 10**6), SERVER, 53, CLIENT, port, wire


def read(*datagrams: Datagram) -> Result:
    frames = []
    for at, src, sport, dst, dport, wire in datagrams:
        head = struct.pack(">HHHH", sport, dport, 8 + len(wire), 0)
        frames.append((at, _framed(_packed(src), _packed(dst), 17, head + wire)))
    return read_bytes(pcaps.SOURCE, written(frames))


def told(result: Result) -> list[tuple[object, ...]]:
    rows = result.rows(names.KIND)
    return [(r["message"], r["query"], r["answers"], r["src_ip"], r["dst_ip"]) for r in rows]


def test_a_question_and_its_answer_are_one_row_and_both_are_flows_too() -> None:
    result = read(sent(0, question("www.example.net")), got(0.1, answer("WWW.example.net")))
    assert told(result) == [("response", "www.example.net", "203.0.113.9", CLIENT, SERVER)]
    assert len(result.rows("flow_records")) == 1


@pytest.mark.parametrize(
    ("datagrams", "messages"),
    [
        pytest.param([sent(0, question("a.example"))], ["query"], id="never answered"),
        pytest.param([got(0, answer("a.example"))], ["response"], id="question not seen"),
        pytest.param(
            [sent(0, question("a.example")), got(1, answer("b.example"))], ["response", "query"], id="answer to another"
        ),
        pytest.param(
            [sent(0, question("a.example")), sent(1, question("a.example")), got(2, answer("a.example"))],
            ["query", "response"],
            id="asked again",
        ),
        pytest.param(
            [sent(0, question("a.example")), got(1, answer("a.example", number=8))],
            ["response", "query"],
            id="another number",
        ),
    ],
)
def test_what_has_no_other_half_is_told_as_well(datagrams: list[Datagram], messages: list[str]) -> None:
    assert [row[0] for row in told(read(*datagrams))] == messages


def test_what_is_no_dns_message_on_its_port_is_counted() -> None:
    result = read(sent(0, b"\x07" * 11), sent(1, question("a.example")[:-3]))
    assert told(result) == []
    assert "2 packets of UDP port 53 are no DNS messages, or cut short" in " ".join(result.notes)


def test_questions_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MAX_OPEN", 3)
    result = read(*(sent(n, question("a.example", number=n)) for n in range(9)))
    assert [row[0] for row in told(result)] == ["query"] * 9


@given(wire=st.binary(max_size=80))
def test_whatever_stands_in_a_datagram_it_is_a_row_or_counted(wire: bytes) -> None:
    result = read(sent(0, wire))
    assert len(told(result)) + len(result.notes) == 1


@pytest.mark.corpus
@pytest.mark.parametrize(("name", "count"), [("dns-exf", 1), ("dns-tunnel-iodine", 222), ("dns", 3), ("dns_doh", 0)])
def test_public_captures_have_the_names_that_other_tools_see(name: str, count: int) -> None:
    assert len(told(read_path(corpus_path("network", "ndpi", f"{name}.pcap")))) == count
