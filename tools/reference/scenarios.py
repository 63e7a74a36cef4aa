"""The page of the scenario language: every key, every act, and what a platform has words for."""

from __future__ import annotations

from seawall.drills import acts, render, scenario
from seawall.drills.world import names
from tools.reference.fields import fields_of
from tools.reference.markdown import cell, code, page, table

_KINDS = (
    scenario.Scenario, scenario.Part, scenario.StageSpec, scenario.Step, scenario.Expect, scenario.Twin,
    scenario.Leftover, scenario.Inject,
)  # fmt: skip


def write() -> str:
    """Every key of a scenario file, and the words it may use."""
    intro = (
        "What may stand in a scenario file; [Drill](../how-to/drills.md) shows how one is written. Unknown keys are "
        "refused with their line. `seawall drill check --schema` prints the same as JSON Schema."
    )
    return page("Scenarios", intro, *map(_keys, _KINDS), _acts(), _parts())


def _keys(kind: type) -> str:
    rows = [(code(f.name), cell(f.kind), code(f.default), cell(f.doc)) for f in fields_of(kind)]
    first = (kind.__doc__ or "").strip().splitlines()[0]
    return f"## {kind.__name__}\n\n{first}\n\n" + table(("key", "type", "default", "meaning"), rows)


def _acts() -> str:
    rows = [(code(f"! {doing}"), cell(meaning)) for doing, meaning in acts.DOING.items() if doing != "config"]
    text = (
        "What a step may `do` beside a command, and a configuration line after `> `. Windows and flows have their own."
    )
    return f"## Acts\n\n{text}\n\n" + table(("act", "meaning"), rows)


def _parts() -> str:
    rows = [(code(role), code(platform), str(count)) for role, platform, count, _, _ in names.ROUTERS]
    rows += [(code(role), code(platform), "1 each") for _, role, platform, _ in names.SERVERS]
    text = f"Roles and platforms the drills' carrier has. Platforms with log writers: {', '.join(sorted(render.LOGS))}."
    return f"## Parts\n\n{text}\n\n" + table(("role", "platform", "how many"), sorted(set(rows)))
