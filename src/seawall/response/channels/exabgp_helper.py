"""Runs inside ExaBGP: takes one command for each connection of a UNIX socket, and gives back what ExaBGP answers.

Standard library only, and run by its path: `python3 exabgp_helper.py SOCKET`. A socket and no FIFO: a helper left from
an earlier run would eat commands there. It ends when its standard input does, which is when ExaBGP does.
"""

from __future__ import annotations

import os
import selectors
import socket
import sys
from typing import Final

MAX_LINE: Final = 8_192
ANSWER_S: Final = 10.0
_ENDS: Final = ("done", "error", "shutdown")


def main(path: str) -> None:
    """Serve until ExaBGP ends."""
    if os.path.exists(path):
        os.unlink(path)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    os.umask(0o077)
    server.bind(path)
    server.listen(8)
    waiting = selectors.DefaultSelector()
    waiting.register(server, selectors.EVENT_READ)
    waiting.register(sys.stdin.fileno(), selectors.EVENT_READ)
    reader = _Lines(sys.stdin.fileno())
    while not reader.ended:
        for key, _ in waiting.select():
            if key.fileobj is server:
                connection, _ = server.accept()
                with connection:
                    _serve(connection, reader)
            else:
                reader.take()
                reader.lines.clear()  # nobody asked


class _Lines:
    """Lines of a descriptor, as they come."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor, self.lines, self.ended, self._rest = descriptor, [], False, b""  # type: ignore[var-annotated]

    def take(self) -> None:
        piece = os.read(self.descriptor, 65_536)
        self.ended = not piece
        *whole, self._rest = (self._rest + piece).split(b"\n")
        self.lines += [line.decode("utf-8", "replace") for line in whole]


def _serve(connection: socket.socket, reader: _Lines) -> None:
    connection.settimeout(ANSWER_S)
    try:
        asked = connection.makefile("r", encoding="utf-8").readline(MAX_LINE).strip()
        if not asked:
            return
        sys.stdout.write(asked + "\n")
        sys.stdout.flush()
        connection.sendall(("\n".join(_answer(reader)) + "\n").encode())
    except OSError:  # whoever asked has left
        return


def _answer(reader: _Lines) -> list[str]:
    ready = selectors.DefaultSelector()
    ready.register(reader.descriptor, selectors.EVENT_READ)
    said: list[str] = []
    while ready.select(ANSWER_S):
        reader.take()
        while reader.lines:
            said.append(reader.lines.pop(0))
            if said[-1].strip() in _ENDS:
                return said
        if reader.ended:
            break
    return [*said, "no answer"]


if __name__ == "__main__":
    main(sys.argv[1])
