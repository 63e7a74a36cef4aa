"""A process that reads files for another: places come in, steps go out.

Tables travel as Arrow IPC: small ones in the message, larger ones in a file of the spool, LZ4-compressed. A worker
that is further ahead than its credit waits until the other side has taken something.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from seawall.engine import collecting
from seawall.sources.base import Chunk, Cut, Place, Reading, Reject
from seawall.sources.opening import open_place
from seawall.sources.steps import Failed, Step, cuts, steps
from seawall.sources.together import steps_together

IN_MESSAGE: Final = 1 << 18  # bytes of a table; larger ones go through a file
READY: Final = "ready"  # the first word of a worker that lives
CREDIT_BYTES: Final = 512 << 20  # of such files, made by one worker and not yet taken


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker is told once."""

    reading: Reading
    known: frozenset[str]  # digests of what is not read again
    folder: Path  # for files between the two, and everything temporary


@dataclass(frozen=True, slots=True)
class Packed:
    """A table on its way."""

    data: bytes = b""
    path: str = ""

    def table(self) -> pa.Table:
        """The table; a file it came in is removed."""
        if not self.path:
            return pa.ipc.open_stream(self.data).read_all()
        try:
            with pa.OSFile(self.path) as file:
                return pa.ipc.open_stream(file).read_all()
        finally:
            os.unlink(self.path)


@dataclass(frozen=True, slots=True)
class Sent:
    """One step of one file of a task; `step` is None at the end of the file."""

    index: int  # of the place among those handed out
    step: Step | None
    tables: tuple[tuple[str, Packed], ...] = ()
    cost: int = 0  # credit it takes until it is taken

    def drop(self) -> None:
        """Never mind: remove what it came in."""
        for _, packed in self.tables:
            if packed.path:
                Path(packed.path).unlink(missing_ok=True)

    def whole(self) -> Step | None:
        """The step with its tables."""
        if not self.tables:
            return self.step
        chunk = self.step.chunk if isinstance(self.step, Cut) else self.step
        assert isinstance(chunk, Chunk), "only pieces have tables"
        chunk = replace(chunk, tables={kind: packed.table() for kind, packed in self.tables})
        return replace(self.step, chunk=chunk) if isinstance(self.step, Cut) else chunk


class _Worker:
    def __init__(self, peer: Connection, setup: Setup) -> None:
        self._peer, self._setup = peer, setup
        self._owed = 0
        self._made = 0

    def credit(self, given: int) -> None:
        """Something was taken."""
        self._owed -= given

    def work(self, places: tuple[Place, ...]) -> None:
        """Read the places of one task, one after another."""
        together = steps_together(places, self._setup.reading, self._setup.known)
        for index, place in enumerate(places):
            for step in together.pop(index, None) or self._steps(place):
                self._send(index, step)
            self._peer.send(Sent(index, None))

    def _steps(self, place: Place) -> Iterator[Step]:
        if place.shard is not None:
            yield from cuts(place, self._setup.reading)
            return
        evidence = open_place(place)
        if isinstance(evidence, Reject):
            yield Failed(evidence.what)
        else:
            yield from steps(evidence, self._setup.reading, self._setup.known)

    def _send(self, index: int, step: Step) -> None:
        while self._owed > CREDIT_BYTES or (self._owed and self._peer.poll()):
            self._owed -= self._peer.recv()
        chunk = step.chunk if isinstance(step, Cut) else step
        if not isinstance(chunk, Chunk) or not chunk.tables:
            self._peer.send(Sent(index, step))
            return
        packed = tuple((kind, self._packed(table)) for kind, table in chunk.tables.items())
        cost = sum(os.stat(p.path).st_size for _, p in packed if p.path)
        self._owed += cost
        bare = replace(chunk, tables={})
        self._peer.send(Sent(index, replace(step, chunk=bare) if isinstance(step, Cut) else bare, packed, cost))

    def _packed(self, table: pa.Table) -> Packed:
        if table.nbytes <= IN_MESSAGE:
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
            return Packed(data=sink.getvalue().to_pybytes())
        self._made += 1
        path = self._setup.folder / f"{os.getpid()}-{self._made:08d}.arrow"
        with pa.ipc.new_stream(str(path), table.schema, options=_LZ4) as writer:
            writer.write_table(table)
        return Packed(path=str(path))


_LZ4: Final = pa.ipc.IpcWriteOptions(compression="lz4")


def serve(peer: Connection) -> None:
    """Answer until the other side has no more, or is gone."""
    try:
        setup: Setup = peer.recv()
        tempfile.tempdir = str(setup.folder)  # what a killed worker leaves is removed with it
        worker = _Worker(peer, setup)
        peer.send(READY)
        with collecting.rarely():
            while (message := peer.recv()) is not None:
                if isinstance(message, int):  # credit that came after the last step of a task
                    worker.credit(message)
                else:
                    worker.work(message)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # nobody is left who would want to hear


def main() -> None:
    """Serve on the descriptor named by the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started us decides when to stop
    os.umask(0o077)
    peer: Any = Connection(int(sys.argv[1]))
    serve(peer)
