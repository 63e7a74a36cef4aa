"""Reads files by several processes, and gives their steps back in the order of the files, as one process would.

The order is what makes a run with many workers the same as a run with one: the first of two equal records wins.
Workers read ahead within their credit; the file whose turn it is is never held up. A worker that dies is said, its
file is read again by another, and given up if that one dies too.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Final

from seawall.errors import InputError, SeawallError
from seawall.sources.base import Chunk, Cut, Evidence, Place, Reading, Reject
from seawall.sources.hands import Hand, Shards, Task, end, start
from seawall.sources.shards import Plan, plan
from seawall.sources.spool import Spool
from seawall.sources.steps import Again, Begun, Failed, Step, guarded
from seawall.sources.worker import Sent, Setup

SMALL: Final = 256 << 10  # bytes; files up to this size are handed out together
BATCH_FILES: Final = 64
BATCH_BYTES: Final = 4 << 20
AHEAD_BYTES: Final = 1 << 30  # of unpacked members waiting for a worker or being read
TRIES: Final = 2  # processes that may die over one file
_STILLBORN: Final = 3


Reads = tuple[Evidence | Reject, Iterator[Step]]


@dataclass(slots=True)
class Workers:
    """A context in which `read` works; leaving it ends the processes."""

    reading: Reading
    known: frozenset[str]
    jobs: int
    spool: Spool
    _hands: list[Hand] = field(default_factory=list)
    _waiting: deque[Task] = field(default_factory=deque)  # not yet handed out
    _order: deque[tuple[Evidence | Reject, Task | Shards | None, int]] = field(default_factory=deque)
    _batch: list[Place] = field(default_factory=list)
    _open: Task | None = None  # the task that still takes small files
    _ahead: int = 0  # bytes of members put by, not yet read
    _stillborn: int = 0  # workers that never said a word, one after another

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with ExitStack() as stack:
            for hand in self._hands:
                stack.callback(end, hand)
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
            if isinstance(task, Shards):
                assert isinstance(item, Evidence), "only evidence is cut up"
                yield item, guarded(self._sharded(source, item, task))
                self._drop(task)
                self._ahead -= index
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
        if self.jobs > 1 and (cut_up := plan(item, self.reading.maps)) is not None:
            self._close_batch()
            self._hand_shards(item, item.place, cut_up)
            return
        if item.place.size > SMALL:
            self._close_batch()
            task = Task()
            self._order.append((replace(item, place=None), task, task.add(item.place)))
            self._waiting.append(task)
            return
        if self._open is None:
            self._open = Task()
        task = self._open
        self._order.append((replace(item, place=None), task, task.add(item.place)))
        if len(task.places) >= BATCH_FILES or sum(place.size for place in task.places) >= BATCH_BYTES:
            self._close_batch()

    def _hand_shards(self, item: Evidence, place: Place, cut_up: Plan) -> None:
        """Hand a file out in shards; the third of the row is what it takes of the room for members."""
        shards = () if cut_up.digest in self.known else cut_up.shards
        tasks = [Task() for _ in shards]
        for task, shard in zip(tasks, shards, strict=True):
            task.add(replace(place, shard=(cut_up.source.name, shard)))
        self._order.append((item, Shards(cut_up, tasks), _cost(place)))
        self._waiting += tasks

    def _sharded(self, source: Iterator[Evidence | Reject], item: Evidence, shards: Shards) -> Iterator[Step]:
        """The steps of a file read in shards: what each process cut, settled in order."""
        about = shards.plan.source
        assert about.sharding is not None, "only sources that can be cut are"
        if shards.plan.digest in self.known:
            yield Begun(shards.plan.digest, known=True)
            return
        yield Begun(shards.plan.digest, about.name, about.title)
        again: list[str] = []
        yield from about.sharding.settle(item.origin, self.reading, self._cuts(source, shards, again))
        troubles, notes = tuple(item.troubles), (*item.remarks, *dict.fromkeys(again))
        if troubles or notes:
            yield Chunk(rejects=troubles, rejected=len(troubles), notes=notes)

    def _cuts(self, source: Iterator[Evidence | Reject], shards: Shards, again: list[str]) -> Iterator[Cut]:
        """All cuts of a file in order. A shard is taken when all of it is there: its process may die until then.

        Raises:
            InputError: a shard could not be read.
        """
        for task in shards.tasks:
            while not task.done:
                self._hand_out()
                self._listen()
                self._take_credit(task)
                self._fill(source)
            self._take_credit(task)
            said = task.said[0]
            while said:
                step = said.popleft()[0].whole()
                if isinstance(step, Failed):
                    raise InputError(step.what)
                if isinstance(step, Again):
                    again.append(step.why)
                elif isinstance(step, Cut):
                    yield step

    def _take_credit(self, task: Task) -> None:
        """Give the credit back for what has come of a shard: its process must never wait for itself."""
        said = task.said[0]
        for place, (sent, hand) in enumerate(said):
            if hand is not None:
                said[place] = (sent, None)
                if sent.cost:
                    self._credit(hand, sent.cost)

    def _drop(self, shards: Shards) -> None:
        """Nobody wants what is left of a file."""
        for task in shards.tasks:
            task.dropped = True
            if task in self._waiting:
                self._waiting.remove(task)
            self._take_credit(task)
            for sent, _ in task.said[0]:
                sent.drop()
            task.said[0].clear()
            task.places = tuple(replace(place, keep=None) for place in task.places)

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

    def _give(self, hand: Hand, task: Task) -> None:
        hand.task, task.base = task, task.done
        try:
            hand.peer.send(tuple(replace(place, keep=None) for place in task.places[task.base :]))
        except OSError:
            self._bury(hand)

    def _start(self) -> Hand:
        hand = start()
        self._hands.append(hand)
        try:
            hand.peer.send(Setup(self.reading, self.known, self.spool.folder))
        except OSError:
            self._bury(hand)
        return hand

    def _steps(self, source: Iterator[Evidence | Reject], task: Task, index: int) -> Iterator[Step]:
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

    def _credit(self, hand: Hand, cost: int) -> None:
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

    def _heard(self, hand: Hand, sent: Sent | str) -> None:
        task = hand.task
        if isinstance(sent, str):
            hand.lives, self._stillborn = True, 0
            return
        assert task is not None
        if task.dropped:
            sent.drop()
            if sent.cost:
                self._credit(hand, sent.cost)
        else:
            task.said[task.base + sent.index].append((sent, hand))
        if sent.step is None:
            task.done, task.deaths = task.base + sent.index + 1, 0
            if task.done == len(task.places):
                hand.task = None

    def _bury(self, hand: Hand) -> None:
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
        if task.done < len(task.places) and not task.dropped:
            self._waiting.appendleft(task)


def _cost(place: Place) -> int:
    """Bytes that lie around until the file is read."""
    return place.size if place.keep is not None else 0
