"""Work on batches side by side, in order, with few of them in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final, Protocol

import pyarrow as pa

MAX_TASKS: Final = 2  # at once: each holds a batch and what it knows; more cores belong to a cluster


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))


def tasks_at_once() -> int:
    """How many tasks run at once: half the cores, for the lake's reader needs as many."""
    return max(1, min(MAX_TASKS, cores() // 2))


class Batch(Protocol):
    """Some rows."""

    @property
    def num_rows(self) -> int:
        """How many."""
        ...


def side_by_side(
    task: Callable[[Any], pa.RecordBatch], batches: Iterable[Batch], workers: int = 0
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """What `task` makes of each batch, in the order of the batches, with how many rows each had.

    `workers` threads, or `tasks_at_once()`; one batch more is read meanwhile. On a single core all is done in turn.
    What a task raises is raised here.
    """
    if not workers and cores() == 1:
        for batch in batches:
            yield batch.num_rows, task(batch)
        return
    workers = workers or tasks_at_once()
    waiting: deque[tuple[int, Future[pa.RecordBatch]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="batch") as pool:
        try:
            for batch in batches:
                if len(waiting) >= workers:
                    rows, answer = waiting.popleft()
                    yield rows, answer.result()
                waiting.append((batch.num_rows, pool.submit(task, batch)))
                del batch  # the task holds it as long as it runs
            while waiting:
                rows, answer = waiting.popleft()
                yield rows, answer.result()
        finally:
            for _, answer in waiting:
                answer.cancel()
