"""Reads files by several processes, and gives their steps back in the order of the files, as one process would.

The order is what makes a run with many workers the same as a run with one: the first of two equal records wins.
Workers read ahead within their credit; the file whose turn it is is never held up. A worker that dies is said, its
file is read again by another, and given up if that one dies too.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import TracebackType
from typing import Final

from seawall.errors import SeawallError
from seawall.sources.base import Evidence, Place, Reading, Reject
from seawall.sources.spool import Spool
from seawall.sources.steps import Again, Failed, Step
from seawall.sources.worker import Sent, Setup

SMALL: Final = 256 << 10  # bytes; files up to this size are handed out together
BATCH_FILES: Final = 64
BATCH_BYTES: Final = 4 << 20
AHEAD_BYTES: Final = 1 << 30  # of unpacked members waiting for a worker or being read
TRIES: Final = 2  # processes that may die over one file
_STILLBORN: Final = 3
_MAIN: Final = "from seawall.sources.worker import main; main()"


@dataclass(slots=True)
class _Task:
    """Files handed out together, and what came back of each."""

    places: tuple[Place, ...] = ()
    said: list[deque[tuple[Sent, _Hand | None]]] = field(default_factory=list)
    base: int = 0  # the first file the present worker was given
    done: int = 0  # files of which everything has come back
    deaths: int = 0  # over the file that is being read

    def add(self, place: Place) -> int:
        """Take one more file; returns its number."""
        self.places = (*self.places, place)
        self.said.append(deque())
        return len(self.said) - 1


@dataclass(slots=True, eq=False)
class _Hand:
    """A worker process."""

    process: subprocess.Popen[bytes]
    peer: Connection
    task: _Task | None = None
    lives: bool = False  # whether it has said a word
    gone: bool = False


Reads = tuple[Evidence | Reject, Iterator[Step]]


@dataclass(slots=True)
class Workers:
    """A context in which `read` works; leaving it ends the processes."""

    reading: Reading
    known: frozenset[str]
    jobs: int
    spool: Spool
    _hands: list[_Hand] = field(default_factory=list)
    _waiting: deque[_Task] = field(default_factory=deque)  # not yet handed out
    _order: deque[tuple[Evidence | Reject, _Task | None, int]] = field(default_factory=deque)
    _batch: list[Place] = field(default_factory=list)
    _open: _Task | None = None  # the task that still takes small files
    _ahead: int = 0  # bytes of members put by, not yet read
    _stillborn: int = 0  # workers that never said a word, one after another

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            for hand in self._hands:
                stack.callback(_end, hand)
            self._order.clear()  # and with them what was put by for tasks nobody will take up
            self._waiting.clear()
            self._open = None

    def read(self, items: Iterable[Evidence | Reject]) -> Iterator[Reads]:
        """Each item, in order, with its steps; draw the steps before asking for the next."""
        source = iter(items)
        while self._fill(source) or self._order:
            if not self._order:
                continue
            item, task, index = self._order.popleft()
            if task is None:
                yield item, iter(())
                continue
            yield item, self._steps(source, task, index)
            self._ahead -= _cost(task.places[index])
            read = replace(task.places[index], keep=None, content=b"")  # lets go of what was put by
            task.places = (*task.places[:index], read, *task.places[index + 1 :])

    def _fill(self, source: Iterator[Evidence | Reject]) -> bool:
        """Find work until every hand has some and one task waits; false when there is no more to find."""
        while len(self._waiting) < 2 and self._ahead < AHEAD_BYTES:
            item = next(source, None)
            if item is None:
                self._close_batch()
                self._hand_out()
                return False
            self._take(item)
            self._hand_out()
        return True

    def _take(self, item: Evidence | Reject) -> None:
        if isinstance(item, Reject) or item.place is None:
            self._order.append((item, None, 0))
            return
        self._ahead += _cost(item.place)
        if item.place.size > SMALL:
            self._close_batch()
            task = _Task()
            self._order.append((replace(item, place=None), task, task.add(item.place)))
            self._waiting.append(task)
            return
        if self._open is None:
            self._open = _Task()
        task = self._open
        self._order.append((replace(item, place=None), task, task.add(item.place)))
        if len(task.places) >= BATCH_FILES or sum(place.size for place in task.places) >= BATCH_BYTES:
            self._close_batch()

    def _close_batch(self) -> None:
        if self._open is not None:
            self._waiting.append(self._open)
            self._open = None

    def _hand_out(self) -> None:
        while self._waiting:
            hand = next((hand for hand in self._hands if hand.task is None and not hand.gone), None)
            if hand is None:
                if sum(not hand.gone for hand in self._hands) >= self.jobs:
                    return
                hand = self._start()
            task = self._waiting.popleft()
            self._give(hand, task)

    def _give(self, hand: _Hand, task: _Task) -> None:
        hand.task, task.base = task, task.done
        try:
            hand.peer.send(tuple(replace(place, keep=None) for place in task.places[task.base :]))
        except OSError:
            self._bury(hand)

    def _start(self) -> _Hand:
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own program, by its own interpreter
                [sys.executable, "-c", _MAIN, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": _python_path()},
            )
        hand = _Hand(process, Connection(ours.detach()))
        self._hands.append(hand)
        try:
            hand.peer.send(Setup(self.reading, self.known, self.spool.folder))
        except OSError:
            self._bury(hand)
        return hand

    def _steps(self, source: Iterator[Evidence | Reject], task: _Task, index: int) -> Iterator[Step]:
        """The steps of one file, as they come; meanwhile the other hands are kept busy."""
        while True:
            while not task.said[index]:
                if task is self._open:
                    self._close_batch()
                self._hand_out()
                self._listen()
                self._fill(source)
            sent, hand = task.said[index].popleft()
            step = sent.whole()
            if sent.cost and hand is not None:
                self._credit(hand, sent.cost)
            if step is None:
                return
            yield step

    def _credit(self, hand: _Hand, cost: int) -> None:
        if not hand.gone:
            try:
                hand.peer.send(cost)
            except OSError:
                self._bury(hand)

    def _listen(self) -> None:
        """Take in what at least one worker has to say."""
        peers = {hand.peer: hand for hand in self._hands if not hand.gone}
        for peer in wait(list(peers)):
            assert isinstance(peer, Connection)
            hand = peers[peer]
            try:
                self._heard(hand, peer.recv())
            except (EOFError, OSError):
                self._bury(hand)

    def _heard(self, hand: _Hand, sent: Sent | str) -> None:
        task = hand.task
        if isinstance(sent, str):
            hand.lives, self._stillborn = True, 0
            return
        assert task is not None
        task.said[task.base + sent.index].append((sent, hand))
        if sent.step is None:
            task.done, task.deaths = task.base + sent.index + 1, 0
            if task.done == len(task.places):
                hand.task = None

    def _bury(self, hand: _Hand) -> None:
        """A worker died: what it was reading is read again, or given up.

        Raises:
            SeawallError: no worker lives long enough to say a word.
        """
        if hand.gone:
            return
        hand.gone = True
        hand.peer.close()
        hand.process.kill()
        ended = hand.process.wait()
        if not hand.lives:
            self._stillborn += 1
            if self._stillborn > _STILLBORN:
                raise SeawallError(f"reading processes do not start (they end with {ended})", mend="try --jobs 1")
        task, hand.task = hand.task, None
        if task is None:
            return
        why = f"the process reading it was ended by signal {-ended}" if ended < 0 else f"its process ended with {ended}"
        said = task.said[task.done]
        for sent, _ in said:
            sent.drop()
        said.clear()
        if hand.lives:
            task.deaths += 1
        if task.deaths < TRIES:
            said.append((Sent(0, Again(f"{why}; it was read again")), None))
        else:
            what = f"{why}, {TRIES} times over; if memory is short, try --jobs 1"
            said += [(Sent(0, Failed(what)), None), (Sent(0, None), None)]
            task.done, task.deaths = task.done + 1, 0
        if task.done < len(task.places):
            self._waiting.appendleft(task)


def _cost(place: Place) -> int:
    """Bytes that lie around until the file is read."""
    return place.size if place.keep is not None else 0


def _python_path() -> str:
    """Where the child finds this very package."""
    package = str(Path(__file__).parents[2])
    return os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH"))))


def _end(hand: _Hand) -> None:
    """Let a worker go, whatever it is doing."""
    hand.task = None
    if not hand.gone:
        hand.gone = True
        hand.peer.close()
        hand.process.kill()
        hand.process.wait()


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
