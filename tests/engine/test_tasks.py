"""Batches worked on side by side: in order, each once, and an error reaches the one who asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pyarrow as pa
import pytest

from seawall.engine.tasks import side_by_side


def batches(count: int) -> Iterator[pa.RecordBatch]:
    for number in range(count):
        yield pa.RecordBatch.from_pydict({"n": [number] * (number + 1)})


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_answers_come_in_order(workers: int) -> None:
    found = list(side_by_side(lambda batch: batch.slice(0, 1), batches(9), workers))
    assert [rows for rows, _ in found] == list(range(1, 10))
    assert [answer.column("n")[0].as_py() for _, answer in found] == list(range(9))


def test_two_tasks_run_at_once() -> None:
    both = threading.Barrier(2, timeout=30)  # neither goes on before the other has come

    def task(batch: pa.RecordBatch) -> pa.RecordBatch:
        both.wait()
        return batch

    assert len(list(side_by_side(task, batches(4), 2))) == 4


def test_few_batches_are_taken_ahead() -> None:
    taken = []

    def counted() -> Iterator[pa.RecordBatch]:
        for batch in batches(20):
            taken.append(batch)
            yield batch

    steps = side_by_side(lambda batch: batch, counted(), 2)
    next(steps)
    assert len(taken) == 3
    steps.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_is_raised(workers: int) -> None:
    def task(batch: pa.RecordBatch) -> pa.RecordBatch:
        raise ValueError(f"batch of {batch.num_rows}")

    with pytest.raises(ValueError, match="batch of 1"):
        list(side_by_side(task, batches(5), workers))
