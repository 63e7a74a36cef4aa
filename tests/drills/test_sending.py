"""A drill reaches a collector on this host, and nothing else."""

from __future__ import annotations

import socket
import threading

import pytest

from seawall.drills.sending import send
from seawall.errors import InputError, PeerError

TOLD = [(30.0, "marker 1", "line 1"), (0.0, "marker 2", "line 2")]


def test_every_line_follows_its_marker_after_its_pause() -> None:
    pauses: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        got: list[bytes] = []

        def collect() -> None:
            taken, _ = server.accept()
            with taken, taken.makefile("rb") as lines:
                got.extend(lines)

        collector = threading.Thread(target=collect)
        collector.start()
        count = send(iter(TOLD), "127.0.0.1", server.getsockname()[1], speed=10, wait=pauses.append)
        collector.join(timeout=20)
    assert (count, pauses) == (2, [3.0])
    assert got == [b"marker 1\n", b"line 1\n", b"marker 2\n", b"line 2\n"]


@pytest.mark.parametrize("host", ["192.0.2.7", "collector.example.net", "0.0.0.0", "::", ""])
def test_another_host_is_refused_before_a_line_is_made(host: str) -> None:
    told = iter(TOLD)
    with pytest.raises(InputError, match="this host alone"):
        send(told, host, 514, speed=1, wait=lambda _: None)
    assert list(told) == TOLD


def test_where_nobody_listens_it_says_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(PeerError, match="does not take it"):
            send(iter(TOLD), "127.0.0.1", port, speed=1, wait=lambda _: None)
