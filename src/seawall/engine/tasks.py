"""Work on batches side by side, in order, with few of them in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import pyarrow as pa

MAX_TASKS: Final = 4  # batches in memory at once; more cores belong to a cluster


def side_by_side(
    task: Callable[[pa.RecordBatch], pa.RecordBatch], batches: Iterable[pa.RecordBatch], workers: int = 0
) -> Iterator[tuple[int, pa.RecordBatch]]:
    """What `task` makes of each batch, in the order of the batches, with how many rows each had.

    `workers` threads, or one for each core this process may use, up to `MAX_TASKS`. What a task raises is raised here.
    """
    workers = workers or min(MAX_TASKS, len(os.sched_getaffinity(0)))
    if workers == 1:
        for batch in batches:
            yield batch.num_rows, task(batch)
        return
    waiting: deque[tuple[int, Future[pa.RecordBatch]]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="batch") as pool:
        try:
            for batch in batches:
                waiting.append((batch.num_rows, pool.submit(task, batch)))
                if len(waiting) > workers:
                    rows, answer = waiting.popleft()
                    yield rows, answer.result()
            while waiting:
                rows, answer = waiting.popleft()
                yield rows, answer.result()
        finally:
            for _, answer in waiting:
                answer.cancel()
