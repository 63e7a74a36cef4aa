"""How the vault and its clients speak: a Unix socket, each message 4 bytes of length and JSON, both bounded."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson

MAX_MESSAGE_BYTES: Final = 4 << 20
_MAX_SOCKET_PATH: Final = 100  # sun_path holds 108


class BadMessageError(ValueError):
    """The other side does not speak this protocol. Quotes nothing."""


def encode(message: dict[str, Any]) -> bytes:
    """A message with its length in front. Raises BadMessageError if it is too long, or no JSON."""
    try:
        body = orjson.dumps(message)
    except orjson.JSONEncodeError:
        raise BadMessageError("a text that is no Unicode") from None
    if len(body) > MAX_MESSAGE_BYTES:
        raise BadMessageError(f"longer than {MAX_MESSAGE_BYTES} bytes")
    return len(body).to_bytes(4, "big") + body


def body_length(head: bytes) -> int:
    """How long a message is, from its first 4 bytes. Raises BadMessageError on an absurd length."""
    length = int.from_bytes(head, "big")
    if not 2 <= length <= MAX_MESSAGE_BYTES:
        raise BadMessageError("an absurd length")
    return length


def decode(body: bytes) -> dict[str, Any]:
    """A message. Raises BadMessageError if it is none."""
    try:
        message = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadMessageError("no JSON") from None
    if not isinstance(message, dict):
        raise BadMessageError("no object")
    return message


def receive(connection: socket.socket) -> dict[str, Any]:
    """One message from a blocking socket. Raises BadMessageError, or OSError; EOFError if the other side is gone."""
    return decode(_exactly(connection, body_length(_exactly(connection, 4))))


def _exactly(connection: socket.socket, count: int) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        part = connection.recv(min(count - len(parts), 1 << 16))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """A name for a socket that fits into a socket address, however deep its folder lies."""
    if len(os.fsencode(path)) < _MAX_SOCKET_PATH:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
