"""The garbage collector kept still while a block of records is read.

Reading makes many small objects and no cycles; a collector that walks them all again and again costs a third of the
time. It is awake between blocks, whose size is bounded.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection while inside; whoever had it switched off keeps it so."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
