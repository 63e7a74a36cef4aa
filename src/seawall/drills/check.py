"""Checking a scenario as far as it can be checked without hunting: it is laid into a carrier, and every act is written.

What no writer has words for is found here, before a drill calls it missed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seawall.drills import yaml_file
from seawall.drills.conditions import Conditions
from seawall.drills.gather import Gather
from seawall.drills.programme import intrusion, plan, twin_deeds
from seawall.drills.scenario import Scenario, checked, place
from seawall.errors import InputError

CONFIGS: Final = ("ios", "junos")  # platforms whose configurations can be written
_SEED: Final = 1


@dataclass(frozen=True, slots=True)
class Sound:
    """A scenario without faults, in figures."""

    scenario: Scenario
    lines: int  # its own lines of evidence
    behaviours: tuple[str, ...]
    platforms: tuple[str, ...]


def check(path: Path) -> Sound:
    """Check a scenario file.

    Raises:
        InputError: the first thing wrong with it, its line, and the mend.
    """
    raw, lines = yaml_file.read(path)
    return sound(checked(raw, where=str(path), lines=lines), where=str(path), lines=lines)


def sound(scenario: Scenario, *, where: str, lines: yaml_file.Lines) -> Sound:
    """A scenario whose acts all leave what they promise. Raises InputError otherwise."""
    try:
        programme = plan([scenario], _SEED, Conditions())
    except InputError as error:
        raise InputError(error.what, where=place(where, ("cast",), lines), mend=error.mend) from error
    cue, world = programme.cues[0], programme.world
    gather = Gather(world)
    left: dict[str, int] = {}
    steps = [
        (stage, at, number)
        for number, stage in enumerate(scenario.stages)
        for at, step in enumerate(stage.acts)
        for _ in range(step.repeat)
    ]
    try:
        deeds = list(intrusion(cue, world))
        for twin_number, twin in enumerate(scenario.twins):
            for deed in twin_deeds(cue, twin, twin_number, world):
                gather.add(deed)
        for leftover in scenario.leftovers:
            cue.cast.fill(" ".join(leftover.lines))
    except InputError as error:
        raise InputError(error.what, where=where, mend=error.mend) from error
    for (stage, at, number), deed in zip(steps, deeds, strict=True):
        here = place(where, ("stages", number, "acts", at), lines)
        try:
            wrote = gather.add(deed)
        except (KeyError, ValueError) as error:
            what = f"stage {stage.id}: {deed.act.doing} lacks or mistakes {error}"
            raise InputError(
                what, where=here, mend="see what each act's `detail` holds: docs/how-to/drills.md"
            ) from error
        left[stage.id] = left.get(stage.id, 0) + wrote
        if not wrote and not _said_of(stage.id, scenario) and deed.act.device:
            node = world.node(deed.act.device)
            if deed.act.doing not in ("command", "logout", "restarted") and deed.act.device not in gather.quiet:
                what = f"stage {stage.id}: no {node.platform} device has words for {deed.act.doing!r}"
                raise InputError(what, where=here, mend="choose another platform in `cast`, or an act it can show")
    for number, stage in enumerate(scenario.stages):
        copied = stage.tap or any(leftover.stage == stage.id for leftover in scenario.leftovers)
        if not left.get(stage.id) and not copied and stage.expect.shows != "nowhere":
            what = f"stage {stage.id} leaves no line anywhere"
            mend = "say so: `expect: {shows: nowhere, because: ...}`, or add what shows it"
            raise InputError(what, where=place(where, ("stages", number), lines), mend=mend)
    for number, leftover in enumerate(scenario.leftovers):
        node = cue.cast.nodes[leftover.device]
        if node.platform not in CONFIGS:
            what = f"configurations of {node.platform} cannot be written"
            mend = "leave something on one of: " + ", ".join(CONFIGS)
            raise InputError(what, where=place(where, ("leftovers", number), lines), mend=mend)
    return Sound(
        scenario,
        sum(left.values()),
        tuple(sorted({b for stage in scenario.stages for b in stage.behaviours})),
        tuple(sorted({node.platform for node in cue.cast.nodes.values()})),
    )


def _said_of(stage_id: str, scenario: Scenario) -> bool:
    return any(s.id == stage_id and s.expect.shows == "nowhere" for s in scenario.stages)
