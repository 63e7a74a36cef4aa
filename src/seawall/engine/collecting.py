"""Python's search for cycles, made rare while many plain objects are built.

Reading makes millions of dictionaries that never form cycles; looking through them over and over for some costs up to
a third of the time. Memory is freed as before, by counting references; only cycles live a little longer.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_OBJECTS: Final = 200_000  # new ones between two searches; Python's own number is 700


@contextmanager
def rarely() -> Iterator[None]:
    """Search rarely for cycles until the end of the block; blocks within blocks do no harm."""
    before = gc.get_threshold()
    if before[0] and before[0] < _OBJECTS:
        gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
