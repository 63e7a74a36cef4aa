"""How collectors write: frames gathered, senders numbered, nothing dropped while the disk is full."""

from __future__ import annotations

import time
from typing import Final

from seawall.disk.segments import Sender, frame, loss_frame, sender_frame
from seawall.service.spool import SegmentWriter, Spool, SpoolFullError

MAX_SENDERS: Final = 65_536  # of one segment; those beyond are written as one
_MANY: Final = Sender("any", "", "spoofable", "more senders than are told apart")
_LOOK_S: Final = 0.25  # how often a full spool is looked at


class Pen:
    """Gathers frames and writes them together. `written` False: they wait, and nobody may be told they are taken."""

    def __init__(self, spool: Spool, writer: SegmentWriter) -> None:
        self._spool, self._writer = spool, writer
        self._numbers: dict[Sender, int] = {}
        self._last = 0  # number given last in this segment
        self._frames: list[bytes] = []
        self._looked = 0.0
        self.why_full = ""  # why nothing is taken in at the moment; empty: it is

    def number(self, sender: Sender) -> int:
        """The number of a sender in this segment, told first if need be."""
        found = self._numbers.get(sender)
        if found is None:
            if len(self._numbers) >= MAX_SENDERS and sender != _MANY:
                return self.number(_MANY)
            self._last += 1
            found = self._numbers[sender] = self._last
            self._frames.append(sender_frame(found, sender, now_us()))
        return found

    def is_new(self, sender: Sender) -> bool:
        """Whether this segment has nothing of a sender yet."""
        return sender not in self._numbers

    def add(self, type_: int, sender: int, messages: int, payload: bytes, received_us: int) -> None:
        """Put a frame with those to be written."""
        self._frames.append(frame(type_, sender, messages, received_us, payload))

    def add_loss(self, sender: Sender, lost: int, why: str) -> None:
        """Put it on record that something was lost."""
        number = self.number(sender)
        self._frames.append(loss_frame(number, f"{sender.transport} {sender.address}", lost, why, now_us()))

    def add_frame(self, made: bytes) -> None:
        """Put a finished frame with those to be written."""
        self._frames.append(made)

    def may_take(self) -> bool:
        """Whether more may be taken in: there is room, and nothing waits to be written."""
        now = time.monotonic()
        if now - self._looked >= _LOOK_S:
            self._looked = now
            self.why_full = self._spool.full()
        return not self.why_full and not self._frames

    def write(self) -> bool:
        """Write what was gathered; False if the disk does not take it, and it waits."""
        if not self._frames:
            return True
        try:
            self._writer.write(self._frames)
        except SpoolFullError as error:
            self.why_full, self._looked = f"the disk takes nothing: {error}", time.monotonic()
            return False
        self._frames = []
        return True

    def forget(self) -> None:
        """Let go of what could not be written, because whoever brought it will bring it again."""
        self._frames, self._numbers = [], {}  # senders are told anew, under numbers not used before

    def seal_if_due(self) -> None:
        """Hand the open segment to the detector when it is large or old enough."""
        if self._writer.due() and not self._frames:
            self.seal()

    def seal(self) -> None:
        """Hand the open segment to the detector now."""
        try:
            self._writer.seal()
        except (SpoolFullError, OSError) as error:
            self.why_full = f"the disk takes nothing: {error}"
        self._numbers, self._last = {}, 0

    def sync(self) -> bool:
        """Wait until what was written is on the disk; False if it does not get there."""
        try:
            self._writer.sync()
        except SpoolFullError as error:
            self.why_full = f"the disk takes nothing: {error}"
            return False
        return True


def now_us() -> int:
    """Microseconds UTC since 1970: when something was taken in. The collectors' own stamp, beside what records say."""
    return time.time_ns() // 1000
