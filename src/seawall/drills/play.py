"""Playing a scenario: one carrier's ordinary days with an intrusion in them, written as evidence.

The truth goes to a file beside the evidence folder, never into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from seawall.drills.acts import Act, Deed, Label
from seawall.drills.cast import Cast, give_parts
from seawall.drills.evidence import text_digest, write_logs, write_text
from seawall.drills.gather import Gather
from seawall.drills.render import configs, indicators
from seawall.drills.scenario import Scenario, StageSpec, Step
from seawall.drills.seeds import stream
from seawall.drills.truth import Landed, Stage, Truth, write_truth
from seawall.drills.world import World, build
from seawall.drills.world.machines import daily_noise
from seawall.drills.world.people import daily_work
from seawall.drills.world.sessions import Seat, step_act
from seawall.drills.world.traffic import daily_traffic
from seawall.errors import InputError

DECOYS: Final = 5  # scanners on the partner's list, with low confidence


def play(scenario: Scenario, folder: Path, seed: int, *, truth: Path | None = None) -> Truth:
    """Write the evidence of `scenario` below `folder`, its labels to `truth` (default: `<folder>.truth.jsonl`).

    The same scenario and seed give the same bytes. Beside the labels lies the carrier's `<folder>.site.toml`.

    Raises:
        InputError: the folder is not empty, or the labels would lie inside it.
    """
    truth = truth or folder.with_name(folder.name + ".truth.jsonl")
    if truth.resolve().is_relative_to(folder.resolve()):
        raise InputError("labels may not lie in the evidence", where=str(truth), mend="name a file outside it")
    if folder.exists() and any(folder.iterdir()):
        raise InputError("the evidence folder is not empty", where=str(folder), mend="name a new folder")
    world = build(seed, starts=scenario.starts, days=scenario.days)
    cast = give_parts(scenario, world)
    gather = Gather(world)
    for deed in sorted(_deeds(scenario, world, cast), key=lambda deed: deed.act.time):
        gather.add(deed)
    landed, lines = write_logs(folder, gather.logs())
    more, config_lines = _snapshots(scenario, world, cast, folder)
    lines += config_lines + _partner_list(scenario, world, cast, folder)
    played = Truth(
        scenario=scenario.id,
        title=scenario.title,
        seed=seed,
        lines=lines,
        stages=tuple(Stage(s.id, s.name, s.behaviours) for s in scenario.stages),
        landed=tuple(sorted([*landed, *more], key=lambda x: (x.time, x.file, x.line))),
    )
    write_truth(truth, played)
    write_text(folder.with_name(folder.name + ".site.toml"), world.site_toml())
    return played


def _deeds(scenario: Scenario, world: World, cast: Cast) -> Iterator[Deed]:
    """Everything that happens, everyday and not, in no order; what falls out of the world's days is left out."""
    first = datetime.combine(world.starts, time(), UTC)
    last = first + timedelta(days=world.days)
    for source in (
        daily_work(world),
        daily_noise(world),
        map(Deed, daily_traffic(world)),
        intrusion(scenario, world, cast),
    ):
        yield from (deed for deed in source if first <= deed.act.time < last)


def intrusion(scenario: Scenario, world: World, cast: Cast) -> Iterator[Deed]:
    """The acts of the scenario's stages, labelled, with their times jittered by the world's seed."""
    begin = datetime.combine(world.starts, time(), UTC)
    begin += timedelta(days=scenario.begins_day, hours=scenario.begins_hour)
    for stage in scenario.stages:
        chance = stream(world.seed, "stage", scenario.id, stage.id)
        now = begin + timedelta(minutes=stage.at)
        for step in stage.acts:
            for _ in range(step.repeat):
                now += timedelta(seconds=step.after * chance.uniform(1 - scenario.jitter, 1 + scenario.jitter))
                label = Label(
                    stage.id, stage.name, "attack", stage.behaviours if step.behaviours is None else step.behaviours
                )
                yield Deed(_act(stage, step, now, cast), label)


def _act(stage: StageSpec, step: Step, now: datetime, cast: Cast) -> Act:
    seat = Seat(
        account=cast.fill(step.account or stage.account),
        source=cast.fill(step.source or stage.source),
        line=stage.line if step.line < 0 else step.line,
    )
    name = step.device or stage.device
    device = cast.nodes[name].name if name else ""
    act = step_act(cast.fill(step.do), now, device, seat)
    return replace(act, detail={**act.detail, **{key: cast.fill(value) for key, value in step.detail.items()}})


def _snapshots(scenario: Scenario, world: World, cast: Cast, folder: Path) -> tuple[list[Landed], int]:
    """Configurations of IOS and Junos routers: the first night's of all, the last morning's of the devices touched."""
    lines = 0
    landed: list[Landed] = []
    first = datetime.combine(world.starts, time(1), UTC)
    for node in (*world.role("edge"), *world.role("pe"), *world.role("bng")):
        lines += _snapshot(folder, first.date(), node.short, configs.write(node, world, first))
    last = datetime.combine(world.starts + timedelta(days=world.days), time(), UTC) - timedelta(minutes=1)
    for name in sorted({leftover.device for leftover in scenario.leftovers}):
        left = [x for x in scenario.leftovers if x.device == name]
        extra = [cast.fill(line) for x in left for line in x.lines]
        texts = configs.write(cast.nodes[name], world, last, extra)
        file = f"configs/{last.date()}/{cast.nodes[name].short}.cfg"
        number = texts.index(extra[0]) if extra else 0
        for leftover in left:
            stage = next(s for s in scenario.stages if s.id == leftover.stage)
            label = Label(stage.id, stage.name, "attack", leftover.behaviours)
            for text in texts[number : number + len(leftover.lines)]:
                number += 1
                landed.append(Landed(label, last, file, number, text_digest(text)))
        lines += _snapshot(folder, last.date(), cast.nodes[name].short, texts)
    return landed, lines


def _snapshot(folder: Path, day: date, short: str, texts: Sequence[str]) -> int:
    write_text(folder / "configs" / day.isoformat() / f"{short}.cfg", "\n".join(texts) + "\n")
    return len(texts)


def _partner_list(scenario: Scenario, world: World, cast: Cast, folder: Path) -> int:
    """The partner's indicators: the scenario's with high confidence, some scanners with low."""
    bad = [cast.fill(value) for value in scenario.indicators]
    decoys = world.scanners[:DECOYS]
    texts = indicators.write(bad, world.starts) + indicators.write(decoys, world.starts, confidence="low")[1:]
    write_text(folder / "indicators" / "partner-exchange.csv", "\n".join(texts) + "\n")
    return len(texts)
