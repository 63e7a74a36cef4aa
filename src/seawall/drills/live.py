"""Writing a month of operator life as evidence, a day at a time: memory holds one day, however long the month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from seawall.drills.evidence import write_text
from seawall.drills.gather import Gather
from seawall.drills.world.life import carrier, live
from seawall.drills.world.model import World
from seawall.errors import InputError


@dataclass(frozen=True, slots=True)
class Lived:
    """One day, written."""

    day: date
    lines: int
    files: int


def write_life(folder: Path, seed: int, *, days: int = 30, devices: int = 200, traffic: bool = True) -> Iterator[Lived]:
    """Write the evidence of a carrier's ordinary days below `folder`, and its `<folder>.site.toml`; yields each day.

    The same seed and size give the same bytes.

    Raises:
        InputError: the folder is not empty.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError("the evidence folder is not empty", where=str(folder), mend="name a new folder")
    world = carrier(seed, days=days, devices=devices)
    write_text(folder.with_name(folder.name + ".site.toml"), world.site_toml())
    yield from _written(folder, world, traffic=traffic)


def _written(folder: Path, world: World, *, traffic: bool) -> Iterator[Lived]:
    gather = Gather(world)
    for day, deeds in live(world, traffic=traffic):
        for deed in deeds:
            gather.add(deed)
        logs = gather.take()
        lines = 0
        for log in logs:
            texts = list(log.head(log.lines[0][0])) if log.head else []
            texts += [line.text for line in log.lines]
            texts += log.tail(log.lines[-1][0]) if log.tail else ()
            lines += len(log.lines)
            write_text(folder / log.file_name(day, last=False), "\n".join(texts) + "\n")
        yield Lived(day, lines, len(logs))
