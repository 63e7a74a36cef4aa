from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.dnstap import Exchange, write
from seawall.sources import dnstap
from seawall.sources.dnstap import MAX_FRAME, fields_of
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, 250_000, tzinfo=UTC)
ASKED = Exchange(AT, "192.0.2.9", 5321, "www.example.net")
FILE = write([ASKED, Exchange(AT, "192.0.2.9", 5321, "www.example.net", rcode="NOERROR", addresses=("203.0.113.7",))])


def test_a_file_is_known_by_its_start_frame_and_a_frame_by_its_number() -> None:
    assert recognised(FILE) == "dnstap"
    question, answer = read_bytes(dnstap.SOURCE, FILE).rows("dns_queries")
    has(question, origin="sample.log#1", message="query", query="www.example.net", src_ip="192.0.2.9", time=AT)
    has(answer, origin="sample.log#2", message="response", rcode="NOERROR", answers="203.0.113.7", observer="ns1")


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_file_that_grows_or_is_cut_is_read_as_far_as_it_goes(cut: int) -> None:
    result = read_bytes(dnstap.SOURCE, FILE[:-cut])
    assert 1 <= result.counts()["dns_queries"] <= 2
    assert result.rejected <= 1


def test_a_length_nobody_may_trust_ends_the_reading_and_says_so() -> None:
    result = read_bytes(dnstap.SOURCE, FILE[:-12] + (MAX_FRAME + 1).to_bytes(4, "big") + b"x" * 99)
    assert result.counts() == {"dns_queries": 2}
    assert "longer than any" in result.rejects[0].what


@pytest.mark.parametrize("data", [b"\x08", b"\xff" * 12, b"\x0a\x7fabc", b"\x0b", b"\x0d\x00"])
def test_a_message_cut_short_or_strange_is_an_error_of_value(data: bytes) -> None:
    with pytest.raises(ValueError, match="a "):
        fields_of(data)


@given(st.binary(max_size=400))
def test_any_frame_gives_a_row_or_a_reject(frame: bytes) -> None:
    result = read_bytes(dnstap.SOURCE, write([])[:-12] + len(frame).to_bytes(4, "big") + frame)
    assert result.rejected + result.counts().get("dns_queries", 0) == (1 if frame else 0)
    dnstap.sniff(evidence_from_bytes(frame, "x"))


@given(st.integers(0, len(FILE) - 1), st.integers(0, 255))
def test_any_byte_may_be_wrong(place: int, byte: int) -> None:
    read_bytes(dnstap.SOURCE, FILE[:place] + bytes([byte]) + FILE[place + 1 :])
