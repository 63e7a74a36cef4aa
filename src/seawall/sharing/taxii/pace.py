"""How often somebody may ask: a bucket for each, that fills steadily and holds a minute's worth."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MOST: Final = 10_000  # buckets; the one not asked for longest goes


class Pace:
    """So many a minute, for each name; none at all is no limit. May be shared by threads."""

    def __init__(self, per_minute: int, tick: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._tick = per_minute, tick
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, name: str, *, take: bool = True) -> int:
        """0, and one is taken; or the whole seconds after which asking is worth while again."""
        if not self._per_minute:
            return 0
        now = self._tick()
        with self._lock:
            left, then = self._buckets.pop(name, (float(self._per_minute), now))
            left = min(self._per_minute, left + (now - then) * self._per_minute / 60)
            enough = left >= 1
            self._buckets[name] = (left - 1 if enough and take else left, now)
            while len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
        return 0 if enough else math.ceil((1 - left) * 60 / self._per_minute)
