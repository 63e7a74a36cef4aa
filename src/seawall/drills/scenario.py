"""A scenario: an intrusion in stages, as YAML that analysts edit. Validated here; played by `play`.

A step (`do`) is an exec command; with `> ` in front a configuration line; `! doing key=value …` something a device
says by itself (`acts.DOING` names them all). Places in braces are filled from the cast: {actor}, {edge}, {edge.public},
{edge.loopback}, {edge.management}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final

from seawall.drills.acts import DOING
from seawall.errors import InputError
from seawall.model.validation import validated

MAX_BYTES: Final = 1 << 20


@dataclass(frozen=True)
class Part:
    """A device of the world that plays: the `index`-th of its role and platform."""

    role: str
    platform: str = ""
    index: int = 0


@dataclass(frozen=True)
class Step:
    """One act of a stage; what is not said is taken from the stage."""

    do: str
    after: float = 0  # seconds after the step before, jitter apart
    device: str = ""
    account: str = ""
    source: str = ""
    line: int = -1
    behaviours: tuple[str, ...] | None = None  # None = the stage's
    detail: dict[str, str] = field(default_factory=dict)
    repeat: int = 1  # how often, `after` apart


@dataclass(frozen=True)
class StageSpec:
    """One stage: what happens, when, and as which behaviours."""

    id: str
    name: str
    behaviours: tuple[str, ...]
    at: float  # minutes after the intrusion begins
    acts: tuple[Step, ...]
    device: str = ""
    account: str = ""
    source: str = ""
    line: int = 0


@dataclass(frozen=True)
class Leftover:
    """Configuration lines the intruder leaves on a device, as the last snapshot shows them."""

    device: str
    stage: str
    behaviours: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """A labelled intrusion and the time it needs around it."""

    id: str
    version: int
    title: str
    objective: str
    starts: date  # first day of the background, UTC
    days: int
    begins_day: int  # day of the intrusion, from 0
    begins_hour: float  # UTC
    cast: dict[str, Part]
    strangers: tuple[str, ...]  # names given to addresses nobody knows
    stages: tuple[StageSpec, ...]
    references: tuple[str, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    indicators: tuple[str, ...] = ()  # values a partner's list names
    jitter: float = 0.2  # share by which each `after` may differ


def builtin(name: str = "edge-to-mediation") -> Scenario:
    """A scenario that comes with Seawall."""
    with resources.as_file(resources.files("seawall") / "content" / "scenarios" / f"{name}.yaml") as path:
        return load_scenario(path)


def load_scenario(path: Path) -> Scenario:
    """Read and check a scenario file.

    Raises:
        InputError: it cannot be read, is no YAML, or names a key, device or doing that is unknown.
    """
    import yaml

    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("a scenario is at most 1 MiB", where=str(path), mend="split it into several drills")
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend="check the path") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InputError(" ".join(str(error).split()), where=str(path), mend="mend the YAML there") from error
    if not isinstance(raw, Mapping):
        raise InputError("a scenario is a mapping", where=str(path), mend="begin it with `id: ...`")
    return checked(dict(raw), where=str(path))


def checked(raw: dict[str, Any], *, where: str) -> Scenario:
    """A scenario from its YAML values. Raises InputError naming what does not fit."""
    scenario = validated(Scenario, raw, where=where)
    known = {*scenario.cast, ""}
    stages = {stage.id for stage in scenario.stages}
    if len(stages) < len(scenario.stages):
        raise InputError("two stages share an id", where=where, mend="give each stage its own id")
    for stage in scenario.stages:
        for step in stage.acts:
            if (step.device or stage.device) not in known:
                _refuse(f"stage {stage.id}: nobody in the cast is called {step.device or stage.device!r}", where, known)
            doing = step.do[2:].split(" ")[0] if step.do.startswith("! ") else "command"
            if doing not in DOING:
                _refuse(f"stage {stage.id}: no act is called {doing!r}", where, DOING)
    for leftover in scenario.leftovers:
        if leftover.device not in scenario.cast or leftover.stage not in stages:
            _refuse(f"a leftover names {leftover.device!r} and {leftover.stage!r}", where, known | stages)
    if not 0 <= scenario.begins_day < scenario.days:
        raise InputError("begins_day lies outside the days", where=where, mend=f"choose 0 to {scenario.days - 1}")
    return scenario


def _refuse(what: str, where: str, choices: Any) -> None:
    raise InputError(what, where=where, mend="choose one of " + ", ".join(sorted(filter(None, choices))))
