from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from seawall.disk import segments
from seawall.disk.segments import LINES, MAGIC, Frame, Sender, frame, frames, sender_frame, sender_of

messages = st.lists(st.binary(max_size=40).map(lambda b: b.replace(b"\n", b"")), max_size=20)


def read(data: bytes) -> list[Frame]:
    return list(frames(io.BytesIO(data)))


@given(st.lists(messages, max_size=6))
def test_what_is_written_is_read_back(groups: list[list[bytes]]) -> None:
    payloads = [b"".join(m + b"\n" for m in group) for group in groups]
    data = MAGIC + b"".join(frame(LINES, 7, len(g), 5, p) for g, p in zip(groups, payloads, strict=True))
    found = read(data)
    assert [one.payload for one in found] == payloads
    assert all(one.sender == 7 and one.received_us == 5 and not one.fault for one in found)


@given(st.binary(max_size=400))
def test_any_bytes_give_frames_or_faults(data: bytes) -> None:
    for one in read(MAGIC + data):
        assert one.fault or one.type


@given(messages, st.integers(1, 200))
def test_a_torn_end_loses_the_torn_frame_alone(lines: list[bytes], kept: int) -> None:
    whole = frame(LINES, 1, 1, 0, b"first\n")
    torn = frame(LINES, 1, len(lines), 0, b"".join(m + b"\n" for m in lines))
    found = read(MAGIC + whole + torn[: min(kept, len(torn) - 1)])
    assert found[0].payload == b"first\n"
    assert len(found) == 2
    assert "cut short" in found[1].fault or "no frame" in found[1].fault


def test_reading_goes_on_behind_a_damaged_frame() -> None:
    damaged = bytearray(frame(LINES, 1, 1, 0, b"changed\n"))
    damaged[-2] ^= 1
    found = read(MAGIC + bytes(damaged) + frame(LINES, 1, 1, 0, b"whole\n"))
    assert [one.payload for one in found if not one.fault] == [b"whole\n"]
    assert any(one.fault for one in found)


def test_a_sender_and_a_document_come_back_as_they_were_told() -> None:
    sender = Sender("syslog-tls", "192.0.2.7", "authenticated", "certificate of core7")
    assert sender_of(read(MAGIC + sender_frame(3, sender, 9))[0]) == sender
    one = read(MAGIC + segments.document_frame(3, "a/ä.json", b"{}\n", 9))[0]
    assert segments.document_of(one.payload) == ("a/ä.json", b"{}\n")


@given(st.lists(st.binary(max_size=60), max_size=8))
def test_datagrams_come_back_one_by_one(datagrams: list[bytes]) -> None:
    assert segments.datagrams_of(segments.export_payload(datagrams), len(datagrams)) == datagrams
