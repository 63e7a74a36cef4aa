"""The witness's door: two addresses, bounded in everything."""

from __future__ import annotations

import contextlib
import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from seawall.ledger import witness_server
from seawall.ledger.witness import MAX_REQUEST_BYTES
from tests.ledger.making import fill, opened
from tests.ledger.serving import served
from tests.ledger.witnesses import witness_for


@pytest.fixture
def address(tmp_path: Path) -> Iterator[tuple[str, int]]:
    with opened(tmp_path / "case") as ledger:
        fill(ledger, 3)
        witness = witness_for(tmp_path / "w", ledger)
    with served(witness) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        yield host, int(port)
    witness.close()


def ask(address: tuple[str, int], method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(*address, timeout=10)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/add-checkpoint", 404),
        ("GET", f"/{'0' * 64}/checkpoint", 404),
        ("GET", "/../../etc/passwd", 404),
        ("POST", "/", 404),
        ("POST", "/add-checkpoint", 400),
        ("PUT", "/add-checkpoint", 501),
    ],
)
def test_there_are_two_addresses_and_no_third(address: tuple[str, int], method: str, path: str, status: int) -> None:
    assert ask(address, method, path, b"x" if method != "GET" else None)[0] == status


def test_a_body_without_length_or_too_long_is_refused_unread(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=10) as wire:
        wire.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        assert wire.recv(100).startswith(b"HTTP/1.1 411")
    with socket.create_connection(address, timeout=10) as wire:
        wire.sendall(f"POST /add-checkpoint HTTP/1.1\r\nContent-Length: {MAX_REQUEST_BYTES + 1}\r\n\r\n".encode())
        assert wire.recv(100).startswith(b"HTTP/1.1 413")


def test_garbage_does_not_stop_it(address: tuple[str, int]) -> None:
    for raw in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"A" * 70_000 + b"\r\n\r\n",
        b"POST /add-checkpoint HTTP/1.1\r\n",
    ):
        with socket.create_connection(address, timeout=10) as wire:
            wire.sendall(raw)
            wire.shutdown(socket.SHUT_WR)
            while wire.recv(4096):
                pass
    assert ask(address, "GET", "/")[0] == 404


def test_one_connection_serves_many_requests(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address, timeout=10)
    for _ in range(5):
        connection.request("POST", "/add-checkpoint", b"old 0\n")
        answer = connection.getresponse()
        assert answer.status == 400
        answer.read()
    connection.close()


def test_more_callers_than_there_is_room_for_are_turned_away(address: tuple[str, int]) -> None:
    held = [socket.create_connection(address, timeout=10) for _ in range(witness_server.CALLERS)]
    try:
        for wire in held:
            wire.sendall(b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 6\r\n\r\n")
        with socket.create_connection(address, timeout=10) as one_more:
            one_more.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with contextlib.suppress(ConnectionResetError):  # turned away as well
                assert one_more.recv(100) == b""
    finally:
        for wire in held:
            wire.sendall(b"old 0\n")
            assert wire.recv(100).startswith(b"HTTP/1.1 400")
            wire.close()
