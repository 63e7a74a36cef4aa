"""Between playbooks and plans: a plan becomes a CACAO playbook others can follow, a playbook a plan people can sign."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError
from seawall.model.action import Action
from seawall.response.actions import BY_NAME, kind_of
from seawall.response.cacao import EXTENSION, Playbook, filled, parse, variables_of
from seawall.response.plans import Plan

_SPACE: Final = uuid.UUID("6f1c9a52-7c4e-4f0b-9d35-2f2f0c5d8a11")
_COMMAND: Final = {"router": "ssh", "sessions": "ssh", "nft": "bash", "bgp": "bash"}


def built_in() -> Iterator[tuple[str, Playbook]]:
    """The playbooks Seawall brings, by name."""
    folder = resources.files("seawall").joinpath("content", "playbooks")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".json"):
            yield file.name.removesuffix(".json"), parse(file.read_bytes(), where=file.name)


def exported(plan: Plan) -> Playbook:
    """A plan as a CACAO playbook: an approval, then each action; where one fails, its undo, then the end."""
    made = plan.made[:23] + "Z"
    agent, people = _id("individual", plan.id, "people"), _id("individual", plan.id, "approvers")
    start, end, approval = (_id(kind, plan.id, kind) for kind in ("start", "end", "action"))
    steps: dict[str, Any] = {}
    ids = [_id("action", plan.id, action.id) for action in plan.actions]
    for action, id_, after in zip(plan.actions, ids, [*ids[1:], end], strict=True):
        steps |= _steps_of(plan, action, id_, after, end, agent)
    steps[start] = {"type": "start", "name": "Start", "on_completion": approval}
    steps[end] = {"type": "end", "name": "End"}
    steps[approval] = {
        "type": "action",
        "name": "Two people sign the exact change",
        "commands": [{"type": "manual", "command": f"seawall respond approve {plan.id[:8]}"}],
        "agent": people,
        "on_completion": ids[0] if ids else end,
    }
    document = {
        "type": "playbook",
        "spec_version": "cacao-2.0",
        "id": _id("playbook", plan.id, "playbook"),
        "name": plan.title[:200],
        "description": plan.purpose,
        "playbook_types": ["mitigation"],
        "created_by": _id("identity", plan.id, "seawall"),
        "created": made,
        "modified": made,
        "workflow_start": start,
        "workflow": steps,
        "agent_definitions": {
            agent: {"type": "individual", "name": "the responder"},
            people: {"type": "individual", "name": "two different people, neither the requester"},
        },
        "extension_definitions": {
            EXTENSION: {
                "type": "extension-definition",
                "name": "Seawall actions",
                "description": "Which action of Seawall a step is, its target, and the values it is written from",
                "created_by": _id("identity", plan.id, "seawall"),
                "schema": "docs/how-to/respond.md",
                "version": "1.0.0",
            }
        },
    }
    import json

    return parse(json.dumps(document).encode(), where=plan.id)


def _steps_of(
    plan: Plan, action: Action, id_: str, after: str, end: str, agent: str
) -> Iterator[tuple[str, Any]] | Any:
    kind = kind_of(action.kind)
    values = {name: value for name, value in action.values.items() if name != "id"}
    step: dict[str, Any] = {
        "type": "action",
        "name": f"{kind.title} on {action.target}",
        "description": action.reason[:2_000],
        "commands": [{"type": _COMMAND.get(kind.door, "manual"), "command": action.do}],
        "agent": agent,
        "step_extensions": {EXTENSION: {"kind": action.kind, "target": action.target, "values": values}},
    }
    if not action.undo:
        return {id_: step | {"on_completion": after}}
    back = _id("action", plan.id, f"{action.id} undo")
    undo = {
        "type": "action",
        "name": f"Undo: {kind.title.lower()} on {action.target}",
        "commands": [{"type": _COMMAND.get(kind.door, "manual"), "command": action.undo}],
        "agent": agent,
        "on_completion": end,
    }
    return {id_: step | {"on_success": after, "on_failure": back}, back: undo}


def planned(
    playbook: Playbook, given: Mapping[str, str], *, requester: str, purpose: str, made: str, hours: float
) -> Plan:
    """A playbook as a plan: steps that name an action of ours become it, all others a question to a person.

    Raises:
        InputError: a variable has no value, or an action cannot be written from what was given.
    """
    variables_of(playbook, given)
    actions: list[Action] = []
    for step in playbook.steps.values():
        if step["type"] != "action" or "seawall respond approve" in str(step["commands"]):
            continue
        if str(step.get("name", "")).startswith("Undo: "):
            continue  # each action of ours knows its own way back
        actions.append(_action(playbook, step, variables_of(playbook, given, step), hours))
    acts = [at for at, action in enumerate(actions) if action.lasting != "ask"]
    first = (
        acts[0] if acts else 0
    )  # what a person does before anything is changed, such as saving evidence, stays first
    actions[first:] = sorted(actions[first:], key=lambda action: kind_of(action.kind).order)
    return Plan(
        secrets.token_hex(16),
        "",
        playbook.name[:200],
        requester,
        purpose,
        made,
        tuple(actions),
        playbook.warnings,
    )


def _action(playbook: Playbook, step: Mapping[str, Any], known: Mapping[str, str], hours: float) -> Action:
    told = step.get("step_extensions", {}).get(EXTENSION)
    reason = filled(str(step.get("description") or step.get("name") or playbook.name), known)
    if isinstance(told, dict) and told.get("kind") in BY_NAME:
        values = {str(name): filled(str(value), known) for name, value in dict(told.get("values", {})).items()}
        open_ = [name for name, value in values.items() if "__:value" in value]
        if open_:
            raise InputError(f"{', '.join(open_)} has no value", where=playbook.name, mend="give it: --set NAME=VALUE")
        target = filled(str(told.get("target", "")), known)
        return kind_of(told["kind"]).action(target, values, reason, lasts_s=int(hours * 3_600))
    commands = "\n".join(
        f"{command['type']}: {filled(str(command.get('command', '')), known)}" for command in step["commands"]
    )
    return kind_of("ask").action("a person", {"text": f"{step.get('name', 'Step')}\n{commands}"}, reason)


def find(name: str) -> Playbook:
    """A built-in playbook by name, or one from a file. Raises InputError if there is neither."""
    from seawall.response.cacao import read_playbook

    known = dict(built_in())
    if name in known:
        return known[name]
    if not Path(name).is_file():
        raise InputError("no playbook of that name, and no file", where=name, mend=f"one of {', '.join(known)}")
    return read_playbook(Path(name))


def _id(kind: str, *parts: str) -> str:
    return f"{kind}--{uuid.uuid5(_SPACE, '/'.join((kind, *parts)))}"
