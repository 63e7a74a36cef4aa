"""A scenario: an intrusion in stages, as YAML that analysts edit. Validated here; checked by `check`, played by `play`.

A step (`do`) is an exec command; with `> ` in front a configuration line, with `? ` a statement given to a database;
`! doing key=value …` something a device says by itself (`acts.DOING` names them all). Places in braces are filled from
the cast: {actor}, {edge}, {edge.public}, {edge.loopback}, {edge.management}, and from what `vary` draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final, Literal

from seawall.drills import yaml_file
from seawall.drills.acts import DOING
from seawall.errors import InputError
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.validation import validated

NO_LINES: Final[yaml_file.Lines] = {}
Category = Literal["general", "tactic", "technique"]
Shows = Literal["at once", "flow", "nightly", "nowhere"]  # how soon the carrier's logs can show a stage


@dataclass(frozen=True)
class Part:
    """A device of the world that plays: the `index`-th of its role and platform."""

    role: str  # of the device, e.g. edge
    platform: str = ""  # e.g. ios; any, if not said
    index: int = 0  # which of them, from 0


@dataclass(frozen=True)
class Step:
    """One act of a stage; what is not said is taken from the stage."""

    do: str  # a command, `> ` and a configuration line, or `! ` and an act
    after: float = 0  # seconds after the step before, jitter apart
    device: str = ""  # a name of the cast
    account: str = ""  # who, e.g. {thief}
    source: str = ""  # address it comes from
    line: int = -1  # number of the terminal line
    behaviours: tuple[str, ...] | None = None  # None = the stage's
    detail: dict[str, str] = field(default_factory=dict)  # what the act holds more
    repeat: int = 1  # how often, `after` apart


@dataclass(frozen=True)
class Expect:
    """What the defence promises for a stage, said before it is played."""

    shows: Shows = "at once"
    within_s: float = 60  # of scenario time, from when the logs show it; later is late
    category: Category = "technique"  # at least, as ATT&CK Evaluations use the words
    detectors: tuple[str, ...] = ()  # one of these, where that matters; none named = any right one
    because: str = ""  # why it cannot show, where `shows` is nowhere


@dataclass(frozen=True)
class StageSpec:
    """One stage: what happens, when, and as which behaviours."""

    id: str  # e.g. s01-probe; stays while the stage means the same
    name: str  # what happens, as a sentence
    behaviours: tuple[str, ...]  # ids of docs/behaviours
    at: float  # minutes after the intrusion begins
    acts: tuple[Step, ...]  # in order of time
    device: str = ""  # of its acts, where they name none
    account: str = ""  # as device
    source: str = ""  # as device
    line: int = 0  # as device
    because_of: tuple[str, ...] = ()  # stages that must come before it
    breach: bool = False  # a crown jewel is touched
    tap: bool = False  # a rogue tap is set; what shows it is the intercept office's exports, kept apart
    expect: Expect = field(default_factory=Expect)  # what the defence promises


@dataclass(frozen=True)
class Twin:
    """Honest work that looks like a stage: by the right person, from the right place, in a change window."""

    name: str  # what is done, as a sentence
    like: str  # the stage it looks like
    by: str  # engineer, noc, vendor, automation, intercept
    device: str  # a name of the cast
    acts: tuple[Step, ...]  # without login and logout
    at: float = 0  # minutes after the intrusion begins; may lie before
    window: bool = True  # whether the site file has a change window for it


@dataclass(frozen=True)
class Leftover:
    """Configuration lines the intruder leaves on a device, as the last snapshot shows them."""

    device: str  # a name of the cast, IOS
    stage: str  # whose trace it is
    behaviours: tuple[str, ...]  # what it shows
    lines: tuple[str, ...]  # as the configuration has them


@dataclass(frozen=True)
class Inject:
    """Something told to people in a tabletop, and what is hoped for. HSEEP calls it a row of the MSEL."""

    at: float  # minutes after StartEx
    sender: str  # simulated
    to: str  # which player
    channel: str  # call, mail, chat, alert, news
    content: str  # what is told
    hoped: str = ""  # expected player action
    question: str = ""  # for the evaluator
    stage: str = ""  # the stage it tells of


@dataclass(frozen=True)
class Scenario:
    """A labelled intrusion and the time it needs around it."""

    id: str  # as the file is called
    version: int  # raised when verdicts may change
    title: str  # one line
    objective: str  # what the intruder wants
    starts: date  # first day of the background, UTC
    days: int  # of ordinary life
    begins_day: int  # day of the intrusion, from 0
    begins_hour: float  # UTC
    cast: dict[str, Part]  # the devices that play
    strangers: tuple[str, ...]  # names given to addresses nobody knows
    stages: tuple[StageSpec, ...]  # the intrusion
    references: tuple[str, ...] = ()  # public reports it follows
    leftovers: tuple[Leftover, ...] = ()  # what the last copy of a configuration shows
    indicators: tuple[str, ...] = ()  # values a partner's list names
    jitter: float = 0.2  # share by which each `after` may differ
    vary: dict[str, tuple[str, ...]] = field(default_factory=dict)  # a name, and the words the seed chooses from
    twins: tuple[Twin, ...] = ()  # honest look-alikes
    injects: tuple[Inject, ...] = ()  # for a tabletop; default: one per stage

    @property
    def lasts_min(self) -> float:
        """Minutes from the first to the last thing it does, before the intrusion begins included."""
        return max(s.at for s in self.stages) - min(0.0, *(s.at for s in self.stages))


def folder() -> Path:
    """Where the scenarios lie that come with Seawall."""
    with resources.as_file(resources.files("seawall") / "content" / "scenarios") as path:
        return path


def names() -> tuple[str, ...]:
    """The scenarios that come with Seawall."""
    return tuple(sorted(path.stem for path in folder().glob("*.yml")))


def builtin(name: str = "edge-to-mediation") -> Scenario:
    """A scenario that comes with Seawall. Raises InputError if there is none of that name."""
    if name not in names():
        raise InputError(f"no scenario is called {name}", mend="choose one of " + ", ".join(names()))
    return load_scenario(folder() / f"{name}.yml")


def load_scenario(path: Path) -> Scenario:
    """Read and check a scenario file.

    Raises:
        InputError: it cannot be read, is no YAML, or names a key, device, doing or behaviour that is unknown.
    """
    raw, lines = yaml_file.read(path)
    return checked(raw, where=str(path), lines=lines)


def checked(raw: dict[str, Any], *, where: str, lines: yaml_file.Lines = NO_LINES) -> Scenario:
    """A scenario from its YAML values. Raises InputError naming what does not fit, on which line, and the mend."""
    scenario = validated(Scenario, raw, where=where, lines=lines or None)
    complaint = next(_complaints(scenario), None)
    if complaint:
        at, what, mend = complaint
        raise InputError(what, where=place(where, at, lines), mend=mend)
    return scenario


def place(where: str, at: tuple[str | int, ...], lines: yaml_file.Lines) -> str:
    """`file:line` of a key path, or of the nearest one above it."""
    line = next((lines[at[:n]] for n in range(len(at), -1, -1) if at[:n] in lines), 0)
    return f"{where}:{line}" if line else where


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors."""
    from seawall.model.validation import schema

    return schema(Scenario)


Complaint = tuple[tuple[str | int, ...], str, str]  # key path, what, mend


def _complaints(scenario: Scenario) -> Iterator[Complaint]:
    yield from _stage_complaints(scenario)
    stages = {stage.id: stage for stage in scenario.stages}
    for number, leftover in enumerate(scenario.leftovers):
        if leftover.device not in scenario.cast or leftover.stage not in stages:
            what = f"a leftover names {leftover.device!r} and {leftover.stage!r}"
            yield ("leftovers", number), what, _choices({*scenario.cast, *stages})
        yield from _unknown_behaviours(leftover.behaviours, ("leftovers", number, "behaviours"))
    for number, twin in enumerate(scenario.twins):
        if twin.like not in stages:
            yield ("twins", number, "like"), f"no stage is called {twin.like!r}", _choices(stages)
        if twin.device not in scenario.cast:
            yield ("twins", number, "device"), f"nobody in the cast is called {twin.device!r}", _choices(scenario.cast)
        yield from _step_complaints(twin.acts, twin.device, {*scenario.cast, ""}, ("twins", number), f"twin {number}")
    for number, inject in enumerate(scenario.injects):
        if inject.stage not in {*stages, ""}:
            yield ("injects", number, "stage"), f"no stage is called {inject.stage!r}", _choices(stages)
    if not 0 <= scenario.begins_day < scenario.days:
        yield ("begins_day",), "begins_day lies outside the days", f"choose 0 to {scenario.days - 1}"


def _stage_complaints(scenario: Scenario) -> Iterator[Complaint]:
    known = {*scenario.cast, ""}
    times: dict[str, float] = {}
    if not scenario.stages:
        yield ("stages",), "a scenario has no stage", "write at least one"
    for number, stage in enumerate(scenario.stages):
        at = ("stages", number)
        if stage.id in times:
            yield (*at, "id"), f"two stages share an id: {stage.id}", "give each stage its own id"
        times[stage.id] = stage.at
    for number, stage in enumerate(scenario.stages):
        at = ("stages", number)
        yield from _unknown_behaviours(stage.behaviours, (*at, "behaviours"))
        yield from _step_complaints(stage.acts, stage.device, known, at, f"stage {stage.id}")
        for cause in stage.because_of:
            if cause not in times:
                yield (*at, "because_of"), f"stage {stage.id}: no stage is called {cause!r}", _choices(times)
            elif times[cause] >= stage.at:
                what = f"stage {stage.id} at minute {stage.at:g} comes before its cause {cause} at {times[cause]:g}"
                yield (*at, "at"), what, f"write `at` later than {times[cause]:g}, or name another cause"
        if stage.expect.shows == "nowhere" and not stage.expect.because:
            yield (*at, "expect"), f"stage {stage.id} shows nowhere, and nothing says why", "say it in `because`"


def _step_complaints(
    steps: tuple[Step, ...], device: str, known: set[str], at: tuple[str | int, ...], who: str
) -> Iterator[Complaint]:
    for number, step in enumerate(steps):
        here = (*at, "acts", number)
        if (step.device or device) not in known:
            yield here, f"{who}: nobody in the cast is called {step.device or device!r}", _choices(known)
        doing = step.do[2:].split(" ")[0] if step.do.startswith(("! ", "? ")) else "command"
        doing = "query" if step.do.startswith("? ") else doing
        if doing not in DOING:
            yield here, f"{who}: no act is called {doing!r}", _choices(DOING)
        elif step.do.startswith("! ") and not all("=" in pair for pair in step.do[2:].split(" ")[1:]):
            yield here, f"{who}: {step.do!r} has a word that is no key=value", "write `detail: {key: value}` instead"
        if not 1 <= step.repeat <= 10_000:
            yield here, f"{who}: repeat is {step.repeat}", "choose 1 to 10000"
        yield from _unknown_behaviours(step.behaviours or (), (*here, "behaviours"))


def _unknown_behaviours(behaviours: tuple[str, ...], at: tuple[str | int, ...]) -> Iterator[Complaint]:
    for behaviour in behaviours:
        if behaviour not in BEHAVIOURS:
            near = [b for b in BEHAVIOURS if b[:1] == behaviour[:1]] or sorted({b[0] + "-01" for b in BEHAVIOURS})
            yield (
                at,
                f"no behaviour is called {behaviour!r}",
                f"choose one of {near[0]} to {near[-1]} (docs/behaviours)",
            )


def _choices(choices: Iterable[str]) -> str:
    return "choose one of " + ", ".join(sorted(filter(None, choices)))
