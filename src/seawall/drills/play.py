"""Playing scenarios: one carrier's ordinary days with intrusions in them, written as evidence.

The truth goes to a file beside the evidence folder, never into it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from seawall.drills.acts import Label
from seawall.drills.conditions import Conditions
from seawall.drills.evidence import text_digest, write_logs, write_text
from seawall.drills.gather import AS_IT_IS, Gather
from seawall.drills.programme import Cue, Programme, plan
from seawall.drills.render import configs, indicators
from seawall.drills.scenario import Scenario
from seawall.drills.truth import Landed, Stage, Truth, write_truth
from seawall.errors import InputError

DECOYS: Final = 5  # scanners on the partner's list, with low confidence
COPIED_AT: Final = time(1)  # when the nightly copy of the configurations is taken, UTC


@dataclass(frozen=True, slots=True)
class Played:
    """What several scenarios left: all of it, and each one's share."""

    whole: Truth
    programme: Programme

    def of(self, scenario: Scenario) -> Truth:
        """The truth of one scenario; `lines` still counts everything."""
        return Truth(
            scenario=scenario.id,
            title=scenario.title,
            seed=self.whole.seed,
            lines=self.whole.lines,
            stages=_stages(scenario),
            landed=tuple(x for x in self.whole.landed if x.label.scenario == scenario.id),
        )


def play(
    scenario: Scenario, folder: Path, seed: int, *, truth: Path | None = None, conditions: Conditions = AS_IT_IS
) -> Truth:
    """Write the evidence of `scenario` below `folder`, its labels to `truth` (default: `<folder>.truth.jsonl`).

    The same scenario, seed and conditions give the same bytes. Beside the labels lies the carrier's
    `<folder>.site.toml`.

    Raises:
        InputError: the folder is not empty, or the labels would lie inside it.
    """
    return play_all([scenario], folder, seed, truth=truth, conditions=conditions).whole


def play_all(
    scenarios: Sequence[Scenario],
    folder: Path,
    seed: int,
    *,
    truth: Path | None = None,
    conditions: Conditions = AS_IT_IS,
) -> Played:
    """Write the evidence of scenarios one after another in one carrier; as `play` does for one."""
    truth = truth or folder.with_name(folder.name + ".truth.jsonl")
    if truth.resolve().is_relative_to(folder.resolve()):
        raise InputError("labels may not lie in the evidence", where=str(truth), mend="name a file outside it")
    if folder.exists() and any(folder.iterdir()):
        raise InputError("the evidence folder is not empty", where=str(folder), mend="name a new folder")
    programme = plan(scenarios, seed, conditions)
    gather = Gather(programme.world, conditions)
    for deed in programme.deeds():
        gather.add(deed)
    landed, lines = write_logs(folder, gather.logs())
    more, config_lines = _snapshots(programme, folder)
    lines += config_lines + _partner_list(programme, folder)
    whole = Truth(
        scenario=" ".join(scenario.id for scenario in scenarios),
        title="; ".join(scenario.title for scenario in scenarios),
        seed=seed,
        lines=lines,
        stages=tuple(stage for scenario in scenarios for stage in _stages(scenario)),
        landed=tuple(sorted([*landed, *more], key=lambda x: (x.time, x.file, x.line))),
    )
    write_truth(truth, whole)
    write_text(folder.with_name(folder.name + ".site.toml"), programme.world.site_toml())
    return Played(whole, programme)


def _stages(scenario: Scenario) -> tuple[Stage, ...]:
    return tuple(Stage(s.id, s.name, s.behaviours) for s in scenario.stages)


def _snapshots(programme: Programme, folder: Path) -> tuple[list[Landed], int]:
    """Configurations of IOS and Junos routers: the first night's of all, the last morning's of the devices touched."""
    if any(loss.telemetry == "configs" for loss in programme.conditions.losses):
        return [], 0
    world, lines = programme.world, 0
    landed: list[Landed] = []
    first = datetime.combine(world.starts, COPIED_AT, UTC)
    for node in (*world.role("edge"), *world.role("pe"), *world.role("bng")):
        lines += _snapshot(folder, first.date(), node.short, configs.write(node, world, first))
    left: dict[str, list[str]] = {}  # device -> lines left so far
    for cue in programme.cues:
        more, written = _left(cue, programme, folder, left)
        landed += more
        lines += written
    return landed, lines


def _left(cue: Cue, programme: Programme, folder: Path, left: dict[str, list[str]]) -> tuple[list[Landed], int]:
    """The copies that show what a scenario left, and the lines of earlier ones still there."""
    landed: list[Landed] = []
    lines, world = 0, programme.world
    taken = _copied(cue, programme)
    for name in sorted({leftover.device for leftover in cue.scenario.leftovers}):
        node = cue.cast.nodes[name]
        mine = [x for x in cue.scenario.leftovers if x.device == name]
        own = [cue.cast.fill(line) for x in mine for line in x.lines]
        before = left.setdefault(node.name, [])
        texts = configs.write(node, world, taken, [*before, *own])
        file = f"configs/{taken.date()}/{node.short}.cfg"
        number = texts.index((before + own)[0]) + len(before)
        before += own
        for leftover in mine:
            stage = next(s for s in cue.scenario.stages if s.id == leftover.stage)
            label = Label(stage.id, stage.name, "attack", leftover.behaviours, cue.scenario.id)
            for text in texts[number : number + len(leftover.lines)]:
                number += 1
                landed.append(Landed(label, taken, file, number, text_digest(text)))
        lines += _snapshot(folder, taken.date(), node.short, texts)
    return landed, lines


def _copied(cue: Cue, programme: Programme) -> datetime:
    """When a scenario's traces are copied: the last morning of a programme of one, else the night after it ended."""
    last = datetime.combine(programme.world.starts + timedelta(days=programme.world.days), time(), UTC)
    if len(programme.cues) == 1:
        return last - timedelta(minutes=1)
    night = datetime.combine(cue.ends.date(), COPIED_AT, UTC)
    return night if night > cue.ends else night + timedelta(days=1)


def _snapshot(folder: Path, day: date, short: str, texts: Sequence[str]) -> int:
    write_text(folder / "configs" / day.isoformat() / f"{short}.cfg", "\n".join(texts) + "\n")
    return len(texts)


def _partner_list(programme: Programme, folder: Path) -> int:
    """The partner's indicators: the scenarios' with high confidence, some scanners with low."""
    world = programme.world
    bad = [cue.cast.fill(value) for cue in programme.cues for value in cue.scenario.indicators]
    decoys = world.scanners[:DECOYS]
    texts = indicators.write(bad, world.starts) + indicators.write(decoys, world.starts, confidence="low")[1:]
    write_text(folder / "indicators" / "partner-exchange.csv", "\n".join(texts) + "\n")
    return len(texts)
