"""Reading processes, what they are given, and what came back of it; `workers` decides who reads what."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from seawall.sources.base import Place
from seawall.sources.shards import Plan
from seawall.sources.worker import Sent

_MAIN: Final = "from seawall.sources.worker import main; main()"


@dataclass(slots=True, eq=False)
class Task:
    """Files handed out together, and what came back of each."""

    places: tuple[Place, ...] = ()
    said: list[deque[tuple[Sent, Hand | None]]] = field(default_factory=list)
    base: int = 0  # the first file the present worker was given
    done: int = 0  # files of which everything has come back
    deaths: int = 0  # over the file that is being read
    dropped: bool = False  # nobody wants it any more

    def add(self, place: Place) -> int:
        """Take one more file; returns its number."""
        self.places = (*self.places, place)
        self.said.append(deque())
        return len(self.said) - 1


@dataclass(slots=True)
class Shards:
    """A file handed out in shards, each a task of its own."""

    plan: Plan
    tasks: list[Task]


@dataclass(slots=True, eq=False)
class Hand:
    """A worker process."""

    process: subprocess.Popen[bytes]
    peer: Connection
    task: Task | None = None
    lives: bool = False  # whether it has said a word
    gone: bool = False


def start() -> Hand:
    """A new process; it waits for its setup."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own program, by its own interpreter
            [sys.executable, "-c", _MAIN, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": _python_path()},
        )
    return Hand(process, Connection(ours.detach()))


def end(hand: Hand) -> None:
    """Let a worker go, whatever it is doing."""
    hand.task = None
    if not hand.gone:
        hand.gone = True
        hand.peer.close()
        hand.process.kill()
        hand.process.wait()


def _python_path() -> str:
    """Where the child finds this very package."""
    package = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))


def jobs_for(files: int, stored_bytes: int, asked: int = 0) -> int:
    """How many workers a run is worth: `asked` (0: one per core, two at most, for the memory's sake), fewer if little
    is to be read. 1 means none: the process itself reads.
    """
    most = asked or min(len(os.sched_getaffinity(0)), MOST_UNASKED)
    worth = max(stored_bytes // _WORTH_BYTES, files // _WORTH_FILES)
    return max(1, min(most, worth))


MOST_UNASKED: Final = 2
_WORTH_BYTES: Final = 4 << 20  # less is read sooner than a process starts
_WORTH_FILES: Final = 150
