"""Several scenarios in one carrier, one after another, each with days of its own: they share one ordinary life.

One scenario alone is a programme of one, and keeps the days it asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Final

from seawall.drills.acts import Act, Deed, Label
from seawall.drills.cast import Cast, give_parts
from seawall.drills.conditions import Conditions
from seawall.drills.scenario import Scenario, StageSpec, Step, Twin
from seawall.drills.seeds import stream
from seawall.drills.world import World, build
from seawall.drills.world.machines import daily_noise
from seawall.drills.world.model import Ticket
from seawall.drills.world.people import daily_work
from seawall.drills.world.sessions import Seat, session, step_act
from seawall.drills.world.traffic import daily_traffic
from seawall.errors import InputError

LEAD_DAYS: Final = 2  # of ordinary life before the first of several scenarios begins
POLLED: Final = 0.5  # with less cover than this, hourly polling is left out
HOME: Final = {"engineer": "ssh", "noc": "ssh", "vendor": "ssh", "automation": "ssh", "intercept": "rdp"}


@dataclass(frozen=True, slots=True)
class Cue:
    """A scenario, who plays in it, and when it begins and has ended (UTC)."""

    scenario: Scenario
    cast: Cast
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Programme:
    """What is played, in which carrier, under what conditions."""

    world: World
    cues: tuple[Cue, ...]
    conditions: Conditions

    def deeds(self) -> Iterator[Deed]:
        """Everything that happens, everyday and not, in order of time; what falls out of the days is left out."""
        first = datetime.combine(self.world.starts, time(), UTC)
        last = first + timedelta(days=self.world.days)
        found = [
            deed
            for source in (self._cover(), *(self._played(cue) for cue in self.cues))
            for deed in source
            if first <= deed.act.time < last
        ]
        yield from sorted(found, key=lambda deed: deed.act.time)

    def _cover(self) -> Iterator[Deed]:
        """Ordinary life, thinned to the share asked for; planned changes are always there."""
        share, world = self.conditions.cover, self.world
        chance = stream(world.seed, "cover")
        if share < 1:
            some = (replace(w, sessions_a_day=max(1, round(w.sessions_a_day * share))) for w in world.workers)
            world = replace(world, workers=tuple(some))
        for deed in daily_work(world):
            if share >= POLLED or deed.label or deed.act.account != "svc-poll":
                yield deed
        for deed in (*daily_noise(world), *map(Deed, daily_traffic(world))):
            if share >= 1 or deed.label or chance.random() < share:
                yield deed

    def _played(self, cue: Cue) -> Iterator[Deed]:
        yield from intrusion(cue, self.world, self.conditions.speed)
        for number, twin in enumerate(cue.scenario.twins):
            yield from twin_deeds(cue, twin, number, self.world)
        if len(self.cues) > 1:
            yield from _mended(cue)


def plan(scenarios: Sequence[Scenario], seed: int, conditions: Conditions) -> Programme:
    """Scenarios laid into one carrier of this seed.

    Raises:
        InputError: a scenario asks for a device or for more strangers than the carrier has.
    """
    if len(scenarios) == 1:
        only = scenarios[0]
        days, begin_days = only.days, {only.id: only.begins_day}
    else:
        days, begin_days = _laid(scenarios)
    starts = scenarios[0].starts + timedelta(days=conditions.shift_days)
    world = build(seed, starts=starts, days=days)
    pools = _strangers(scenarios, world)
    cues = []
    for scenario in scenarios:
        cast = give_parts(scenario, world, pools.get(scenario.id, ()))
        begins = datetime.combine(starts, time(), UTC)
        begins += timedelta(days=begin_days[scenario.id], hours=scenario.begins_hour)
        cues.append(Cue(scenario, cast, begins, begins + timedelta(minutes=_lasts(scenario)[1])))
    tickets = [ticket for cue in cues for ticket in twin_tickets(cue, world)]
    return Programme(replace(world, tickets=(*world.tickets, *tickets)), tuple(cues), conditions)


def _lasts(scenario: Scenario) -> tuple[float, float]:
    """Minutes from the beginning to the earliest (negative or 0) and to the latest thing it does."""
    ends = [
        stage.at + sum(step.after * step.repeat for step in stage.acts) * (1 + scenario.jitter) / 60
        for stage in scenario.stages
    ]
    twins = [twin.at for twin in scenario.twins]
    return min(0.0, *(s.at for s in scenario.stages), *twins), max(*ends, *(t + 60 for t in twins), 1.0)


def _laid(scenarios: Iterable[Scenario]) -> tuple[int, dict[str, int]]:
    """How many days they need one after another, and the day each begins on."""
    day, begins = LEAD_DAYS, {}
    for scenario in scenarios:
        before, after = _lasts(scenario)
        day += math.floor(max(0.0, -(before + scenario.begins_hour * 60)) / 1440 + 0.999)
        begins[scenario.id] = day
        day += math.floor((scenario.begins_hour * 60 + after) / 1440) + 1
    return day + 1, begins


def _strangers(scenarios: Sequence[Scenario], world: World) -> dict[str, tuple[str, ...]]:
    """For several scenarios, addresses of its own for each; for one alone the world's serve."""
    if len(scenarios) == 1:
        return {}
    free = [f"203.0.113.{n}" for n in range(180, 250)] + [f"198.51.100.{n}" for n in range(160, 250)]
    stream(world.seed, "strangers").shuffle(free)
    pools: dict[str, tuple[str, ...]] = {}
    for scenario in scenarios:
        count = len(scenario.strangers)
        if count > len(free):
            raise InputError("too many strangers in all", where=f"scenario {scenario.id}", mend="run fewer at once")
        pools[scenario.id], free = tuple(free[:count]), free[count:]
    return pools


def intrusion(cue: Cue, world: World, speed: float = 1.0) -> Iterator[Deed]:
    """The acts of the scenario's stages, labelled, with their times jittered by the world's seed."""
    scenario = cue.scenario
    for stage in scenario.stages:
        chance = stream(world.seed, "stage", scenario.id, stage.id)
        now = cue.begins + timedelta(minutes=stage.at / speed)
        for step in stage.acts:
            behaviours = stage.behaviours if step.behaviours is None else step.behaviours
            label = Label(stage.id, stage.name, "attack", behaviours, scenario.id)
            for _ in range(step.repeat):
                now += timedelta(seconds=step.after * _jitter(scenario, chance) / speed)
                yield Deed(_act(stage, step, now, cue.cast), label)


def _jitter(scenario: Scenario, chance: Random) -> float:
    return chance.uniform(1 - scenario.jitter, 1 + scenario.jitter)


def _act(stage: StageSpec, step: Step, now: datetime, cast: Cast) -> Act:
    seat = Seat(
        account=cast.fill(step.account or stage.account),
        source=cast.fill(step.source or stage.source),
        line=stage.line if step.line < 0 else step.line,
    )
    name = step.device or stage.device
    return filled(step, now, cast.nodes[name].name if name else "", seat, cast)


def filled(step: Step, now: datetime, device: str, seat: Seat, cast: Cast) -> Act:
    """A step as an act, its places filled."""
    act = step_act(cast.fill(step.do), now, device, seat)
    return replace(act, detail={**act.detail, **{key: cast.fill(value) for key, value in step.detail.items()}})


def _honest(cue: Cue, twin: Twin, number: int, world: World) -> tuple[str, str]:
    """Who does a twin's work, and from where."""
    able = world.kind(twin.by)
    if not able:
        kinds = ", ".join(sorted({w.kind for w in world.workers}))
        raise InputError(f"nobody here is a {twin.by}", where=f"scenario {cue.scenario.id}", mend=f"choose {kinds}")
    worker = stream(world.seed, "twin", cue.scenario.id, number).choice(able)
    return worker.account, worker.sources[0]


def twin_tickets(cue: Cue, world: World) -> Iterator[Ticket]:
    """The change windows of a scenario's twins."""
    for number, twin in enumerate(cue.scenario.twins):
        if twin.window:
            account, source = _honest(cue, twin, number, world)
            start = cue.begins + timedelta(minutes=twin.at - 15)
            ticket = f"CHG{stream(world.seed, 'ticket', cue.scenario.id, number).randrange(10_000, 99_999)}"
            device = cue.cast.nodes[twin.device].name
            yield Ticket(ticket, "", device, account, source, start, start + timedelta(hours=2))


def twin_deeds(cue: Cue, twin: Twin, number: int, world: World) -> Iterator[Deed]:
    """A twin's session, labelled."""
    account, source = _honest(cue, twin, number, world)
    stage = next(s for s in cue.scenario.stages if s.id == twin.like)
    label = Label(twin.like, twin.name, "twin", stage.behaviours, cue.scenario.id)
    chance = stream(world.seed, "twin-acts", cue.scenario.id, number)
    seat = Seat(account, source, chance.randint(0, 4), HOME.get(twin.by, "ssh"), (5, 45))
    node = cue.cast.nodes[twin.device]
    start = cue.begins + timedelta(minutes=twin.at)
    steps = [step for step in twin.acts for _ in range(step.repeat)]
    told: dict[tuple[str, str], list[dict[str, str]]] = {}
    for step in steps:
        bare = step_act(cue.cast.fill(step.do), start, node.name, seat)
        told.setdefault((bare.doing, bare.command), []).append(step.detail)
    for act in session(start, node, seat, [cue.cast.fill(step.do) for step in steps], chance):
        waiting = told.get((act.doing, act.command))
        detail = {key: cue.cast.fill(value) for key, value in (waiting.pop(0) if waiting else {}).items()}
        if act.doing == "flow":
            act = replace(act, source=detail.pop("source", source))
        yield Deed(replace(act, detail={**act.detail, **detail}), label)


def _mended(cue: Cue) -> Iterator[Deed]:
    """After a scenario, log forwarding that the intruder stopped is switched on again: the next one needs it."""
    stopped = {
        cue.cast.nodes[step.device or stage.device].name
        for stage in cue.scenario.stages
        for step in stage.acts
        if step.do.startswith("! log_host") and "state=stopped" in step.do
    }
    for device in sorted(stopped):
        detail = {"host": cue.cast.fill("{log}"), "state": "started"}
        yield Deed(Act(cue.ends + timedelta(hours=1), device, "log_host", detail=detail))
