"""Hunting a folder whole, for the tests of the pipeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from seawall import pipeline
from seawall.model.case import open_case
from seawall.model.clock import FixedClock

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def line(minute: int, command: str) -> str:
    return (
        f"<189>{minute}: edge7: 0000{minute:02d}: Nov 21 2026 22:{minute:02d}:00.000 UTC: "
        f"%HA_EM-6-LOG: catchall: {command}\n"
    )


def hunt(folder: Path, paths: Iterable[Path], **more: object) -> pipeline.Hunted:
    request = pipeline.HuntRequest(case=open_case(folder, CLOCK), paths=tuple(paths), clock=CLOCK, **more)  # type: ignore[arg-type]
    return next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
