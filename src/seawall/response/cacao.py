"""Playbooks in CACAO 2.0 (OASIS Security Playbooks): read, checked, told as a dry run. Reading one never runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError

MAX_BYTES: Final = 4 << 20
MAX_STEPS: Final = 2_000
EXTENSION: Final = "extension-definition--6f1c9a52-7c4e-4f0b-9d35-2f2f0c5d8a11"
"""Under this id an action step says which action of ours it is: `kind`, `target` and `values`."""
_UUID: Final = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
_ID: Final = re.compile(rf"[a-z][a-z0-9-]+[a-z0-9]--{_UUID}")
_VARIABLE: Final = re.compile(r"(__[A-Za-z_][A-Za-z0-9_-]{0,199}__):value")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_REQUIRED: Final = ("id", "name", "created_by", "created", "modified", "workflow_start", "workflow")
_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    "start": (),
    "end": (),
    "action": ("commands", "agent"),
    "playbook-action": ("playbook_id",),
    "parallel": ("next_steps",),
    "if-condition": ("condition", "on_true"),
    "while-condition": ("condition", "on_true"),
    "switch-condition": ("switch", "cases"),
}
_FLOW: Final = ("on_completion", "on_success", "on_failure", "on_true", "on_false")
_COMMANDS: Final = frozenset(
    [
        "manual",
        "bash",
        "powershell",
        "ssh",
        "http-api",
        "openc2-http",
        "sigma",
        "yara",
        "elastic",
        "kestrel",
        "jupyter",
        "caldera-cmd",
    ]
)


@dataclass(frozen=True, slots=True)
class Playbook:
    """One playbook, as read: `document` is exactly what was in the file."""

    document: Mapping[str, Any]
    warnings: tuple[str, ...]  # what the standard asks for and the file does not do; it can be followed all the same

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.document["name"])

    @property
    def steps(self) -> Mapping[str, Any]:
        """Its steps, by id."""
        return dict(self.document["workflow"])

    def text(self) -> str:
        """The file."""
        return json.dumps(self.document, indent=2, ensure_ascii=False) + "\n"


def read_playbook(path: Path) -> Playbook:
    """A playbook from its file. Raises InputError naming the place that cannot be followed."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend="name a CACAO file") from None
    return parse(content, where=str(path))


def parse(content: bytes, *, where: str = "playbook") -> Playbook:
    """A playbook from its bytes. Raises InputError as `read_playbook` does."""
    if len(content) > MAX_BYTES:
        raise InputError("a playbook of more than 4 MiB", where=where, mend="split it")
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise InputError("not JSON", where=where, mend="name a CACAO 2.0 playbook") from None
    if not isinstance(document, dict) or (document.get("type"), document.get("spec_version")) != (
        "playbook",
        "cacao-2.0",
    ):
        raise InputError("no CACAO 2.0 playbook", where=where, mend='type "playbook", spec_version "cacao-2.0"')
    missing = [name for name in _REQUIRED if not document.get(name)]
    if missing:
        raise InputError(f"lacks {', '.join(missing)}", where=where, mend="see CACAO 2.0, section 3.1")
    _check_steps(document, where)
    return Playbook(document, tuple(_doubts(document)))


def _check_steps(document: Mapping[str, Any], where: str) -> None:
    steps = document["workflow"]
    if not isinstance(steps, dict) or not 0 < len(steps) <= MAX_STEPS:
        raise InputError(f"a workflow has 1 to {MAX_STEPS} steps", where=where, mend="split it")
    for id_, step in steps.items():
        at = f"{where}: {id_[:80]}"
        kind = str(step.get("type")) if isinstance(step, dict) else ""
        if kind not in _STEPS:
            raise InputError(f"no step is of type {kind!r}", where=at, mend=f"one of {', '.join(_STEPS)}")
        lacking = [name for name in _STEPS[kind] if not step.get(name)]
        if lacking:
            raise InputError(f"lacks {', '.join(lacking)}", where=at, mend="see CACAO 2.0, section 4")
        if kind == "action" and not _are_commands(step["commands"]):
            raise InputError("commands are objects with a type", where=at, mend="see CACAO 2.0, section 5")
        for next_ in _next_of(step):
            if next_ not in steps:
                raise InputError(
                    f"goes on to {next_!r}, which is no step", where=at, mend="name a step of the workflow"
                )
    for name in ("workflow_start", "workflow_exception"):
        if document.get(name) and document[name] not in steps:
            raise InputError(f"{name} is no step", where=where, mend="name a step of the workflow")


def _are_commands(commands: object) -> bool:
    return isinstance(commands, list) and all(isinstance(c, dict) and isinstance(c.get("type"), str) for c in commands)


def _next_of(step: Mapping[str, Any]) -> Iterator[str]:
    """Steps one step may go on to."""
    for name in _FLOW:
        if step.get(name):
            yield str(step[name])
    if step["type"] == "parallel" and isinstance(step["next_steps"], list):
        yield from map(str, step["next_steps"])
    if step["type"] == "switch-condition" and isinstance(step["cases"], dict):
        yield from map(str, step["cases"].values())


def _doubts(document: Mapping[str, Any]) -> Iterator[str]:
    for name in ("id", "created_by"):
        if not _ID.fullmatch(str(document[name])):
            yield f"{name} is no identifier (CACAO 2.0, 10.10)"
    for name in ("created", "modified", "valid_from", "valid_until"):
        if name in document and not _TIME.fullmatch(str(document[name])):
            yield f"{name} is no timestamp"
    if str(document["modified"]) < str(document["created"]):
        yield "modified before it was created"
    if document.get("revoked") is True:
        yield "revoked by its author"
    for id_, step in document["workflow"].items():
        if not _ID.fullmatch(id_):
            yield f"step {id_[:80]} has no identifier for a name"
        for command in step.get("commands", ()):
            if command["type"] not in _COMMANDS:
                yield f"step {id_[:80]}: a command of type {command['type'][:40]!r}, which the standard does not know"
        if step["type"] == "action" and not _ID.fullmatch(str(step["agent"])):
            yield f"step {id_[:80]}: its agent has no identifier for a name"
    reached = set(_order(document))
    for id_ in document["workflow"]:
        if id_ not in reached and id_ != document.get("workflow_exception"):
            yield f"step {id_[:80]} is never reached"


def _order(document: Mapping[str, Any]) -> Iterator[str]:
    """Step ids in the order they are first met; loops are walked once."""
    waiting, met = [str(document["workflow_start"])], set[str]()
    while waiting:
        id_ = waiting.pop(0)
        if id_ in met:
            continue
        met.add(id_)
        yield id_
        waiting = [*_next_of(document["workflow"][id_]), *waiting]


def filled(text: str, variables: Mapping[str, str]) -> str:
    """A text with `__name__:value` replaced once; a name nobody gave stays, so that it is seen."""
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)


def variables_of(playbook: Playbook, given: Mapping[str, str], step: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Values by variable name: the playbook's, the step's, and what was given, except for constants.

    Raises:
        InputError: a constant, or a name the playbook does not have, was given.
    """
    declared = dict(playbook.document.get("playbook_variables", {})) | dict((step or {}).get("step_variables", {}))
    values = {name: str(one.get("value", "")) for name, one in declared.items() if isinstance(one, dict)}
    values = {name: value for name, value in values.items() if value}
    if step is None:
        for name in given:
            if name not in declared:
                raise InputError(
                    f"no variable is called {name}", where=playbook.name, mend=f"one of {sorted(declared)}"
                )
            if declared[name].get("constant"):
                raise InputError(f"{name} is constant", where=playbook.name, mend="leave it out")
    return values | dict(given)


def rehearse(playbook: Playbook, given: Mapping[str, str] | None = None) -> Iterator[str]:
    """What would happen, step by step, in words; every branch is told, nothing is run."""
    known = given or {}
    variables_of(playbook, known)
    for number, id_ in enumerate(_order(playbook.document), 1):
        step = playbook.steps[id_]
        values = variables_of(playbook, known, step)
        title = filled(str(step.get("name") or step.get("description") or id_), values)
        yield f"{number}. {step['type']}: {title}"
        for name in ("condition", "switch"):
            if step.get(name):
                yield f"   {name}: {filled(str(step[name]), values)}"
        for command in step.get("commands", ()):
            said = command.get("command") or command.get("command_b64") or command.get("content_b64") or ""
            yield f"   would do by {command['type']}: {filled(str(said), values)}"
        for name in _FLOW:
            if step.get(name):
                yield f"   {name.replace('_', ' ')}: {playbook.steps[str(step[name])].get('name') or step[name]}"
