from __future__ import annotations

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.vault import wire

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20), lambda c: st.lists(c, max_size=3)
)


@given(st.dictionaries(st.text(max_size=9), json_values, max_size=5))
def test_what_is_sent_is_received(message: dict[str, object]) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(wire.encode(message))
        assert wire.receive(other) == message


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_a_clear_error(noise: bytes) -> None:
    one, other = socket.socketpair()
    with one, other:
        one.sendall(noise)
        one.close()
        with pytest.raises((wire.BadMessageError, EOFError)):
            raise wire.BadMessageError(str(wire.receive(other)))


def test_absurd_messages_are_neither_sent_nor_waited_for() -> None:
    with pytest.raises(wire.BadMessageError):
        wire.encode({"x": "y" * wire.MAX_MESSAGE_BYTES})
    with pytest.raises(wire.BadMessageError):
        wire.encode({"x": "\ud800"})
    for head in (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1"):
        with pytest.raises(wire.BadMessageError):
            wire.body_length(head)
