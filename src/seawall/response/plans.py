"""A plan: what somebody wants done about an incident, as one JSON file in the case. The ledger holds its digests."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError
from seawall.model.action import Action, action_from_dict, action_to_dict
from seawall.people.approval import Request

VERSION: Final = 1
MAX_BYTES: Final = 4 << 20
MOST_ACTIONS: Final = 200
MOST_PLANS: Final = 10_000
_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Plan:
    """Actions in the order they are applied."""

    id: str  # 32 hex digits
    incident: str  # id; empty for one made from a playbook
    title: str
    requester: str  # who asks
    purpose: str
    made: str  # UTC
    actions: tuple[Action, ...]
    notes: tuple[str, ...] = ()  # what the reader must know: what could not be planned, and why
    exercise: bool = False  # of a drill: never acts
    standing: str = ""  # the standing order it came from

    def request(self, action: Action, case: str, deed: str = "") -> Request:
        """What a person signs for one action, or for undoing it (`deed`)."""
        kind = deed or ("respond.eradicate" if action.lasting == "eradication" else "respond.block")
        purpose = f"{self.purpose} (a drill)" if self.exercise else self.purpose  # no edit makes a drill act
        return Request(case, f"{kind}:{action.id}", action.digest, self.requester, purpose)

    def action(self, start: str) -> Action:
        """An action by the first letters of its id. Raises InputError unless they name exactly one."""
        named = [action for action in self.actions if action.id.startswith(start.lower())]
        if len(named) != 1:
            what = "no action of this plan has that id" if not named else f"{len(named)} actions start with that id"
            raise InputError(what, where=start, mend=f"see: seawall respond show {self.id[:8]}")
        return named[0]


class Plans:
    """The plans of a case."""

    def __init__(self, folder: Path, disk: Disk | None = None) -> None:
        self.folder = folder
        self._disk = disk or Disk()

    def keep(self, plan: Plan) -> None:
        """Write a plan's file, whole or not at all. Raises InputError if the disk refuses."""
        with disk_trouble(self.folder):
            self._disk.make_folder(self.folder)
            self._disk.write_file(self.folder / f"{plan.id}.json", plan_text(plan).encode())

    def all(self) -> list[Plan]:
        """Every plan that can be read, oldest first; `damaged` has the others."""
        return self._read()[0]

    def damaged(self) -> list[InputError]:
        """What is wrong with each file that cannot be read. One such file must not keep the others' blocks in place."""
        return self._read()[1]

    def _read(self) -> tuple[list[Plan], list[InputError]]:
        paths = sorted(self.folder.glob("*.json"))[:MOST_PLANS] if self.folder.is_dir() else []
        plans, damaged = [], []
        for path in paths:
            try:
                plans.append(read_plan(path))
            except InputError as error:
                damaged.append(error)
        return sorted(plans, key=lambda plan: (plan.made, plan.id)), damaged

    def find(self, start: str) -> Plan:
        """A plan by the first letters of its id. Raises InputError unless they name exactly one."""
        named = [path for path in self.folder.glob("*.json") if path.stem.startswith(start.lower())]
        if len(named) != 1:
            what = "no plan has that id" if not named else f"{len(named)} plans start with that id"
            raise InputError(what, where=start, mend="list them with: seawall respond status")
        return read_plan(named[0])

    def of(self, action_id: str) -> Plan:
        """The plan an action belongs to. Raises InputError if none holds it."""
        for plan in self.all():
            if any(action.id == action_id for action in plan.actions):
                return plan
        raise InputError("no plan holds this action", where=action_id, mend="restore the plan from a backup")


def plan_text(plan: Plan) -> str:
    """The file."""
    document = {
        "v": VERSION,
        **{name: getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "actions"},
        "actions": [action_to_dict(action) for action in plan.actions],
    }
    return json.dumps(document, sort_keys=True, indent=1) + "\n"


def read_plan(path: Path) -> Plan:
    """A plan from its file; each action must still have the digest it was kept with.

    Raises:
        InputError: it is none, or was changed.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise ValueError
        return plan_from_dict(json.loads(content))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("no plan, or a changed one", where=str(path), mend="restore it, or plan again") from None


def plan_from_dict(raw: dict[str, Any]) -> Plan:
    """A plan from its document. Raises KeyError, TypeError or ValueError if it is none."""
    if raw["v"] != VERSION or not _ID.fullmatch(raw["id"]) or len(raw["actions"]) > MOST_ACTIONS:
        raise ValueError("no plan")
    actions = []
    for one in raw["actions"]:
        action = action_from_dict(one)
        if not _ID.fullmatch(action.id) or one["diff_sha256"] != action.digest:
            raise ValueError("changed")
        if (action.incident or "") != raw["incident"]:
            raise ValueError("changed: holds and limits go by the incident")
        actions.append(action)
    texts = {name: raw[name] for name in ("id", "incident", "title", "requester", "purpose", "made", "standing")}
    if not all(isinstance(text, str) for text in texts.values()) or type(raw["exercise"]) is not bool:
        raise TypeError("no plan")
    return Plan(**texts, actions=tuple(actions), notes=tuple(map(str, raw["notes"])), exercise=raw["exercise"])


def cut_to(plan: Plan, action_ids: tuple[str, ...]) -> Plan:
    """The plan with only the actions named, each once and in the plan's order; all if none is."""
    if not action_ids:
        return plan
    named = {plan.action(start).id for start in action_ids}
    return replace(plan, actions=tuple(action for action in plan.actions if action.id in named))
