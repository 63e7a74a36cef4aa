"""What an action needs before it may happen, as data: `content/people/rules.toml`, over it `[rules]` of people.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

from seawall.errors import InputError
from seawall.model.validation import validated

DEFAULT: Final = "default"
MAX_APPROVERS: Final = 9


@dataclass(frozen=True)
class Rule:
    """What one kind of action needs."""

    approvers: int = 2  # different people
    requester_may_approve: bool = False
    roles: tuple[str, ...] = ()  # each approver has one of them; empty: any role, or none
    longest_h: float = 24.0  # how long a signature may be good for, hours
    meaning: str = ""  # for people to read
    at_least: int = 1  # approvers no case may go below; what a case says here counts for nothing


@dataclass(frozen=True)
class Rules:
    """The file of rules."""

    rules: dict[str, Rule] = field(default_factory=dict)


@cache
def built_in() -> dict[str, Rule]:
    """The rules Seawall brings."""
    text = resources.files("seawall").joinpath("content", "people", "rules.toml").read_text(encoding="utf-8")
    return validated(Rules, tomllib.loads(text), where="content/people/rules.toml").rules


def rule_for(kind: str, own: Mapping[str, Rule]) -> Rule:
    """The rule for a kind of action (`vault.show`): the case's own, else the built-in one, else the default.

    Raises:
        InputError: a rule asks for no approver at all, which would be no rule; or for fewer people than this kind of
            action needs in every case.
    """
    rules = {**built_in(), **own}
    rule = rules.get(kind) or rules[DEFAULT]
    if not 1 <= rule.approvers <= MAX_APPROVERS or not 0 < rule.longest_h <= 24 * 366:
        raise InputError(
            f"the rule for {kind} needs 1 to {MAX_APPROVERS} approvers and a time of up to a year",
            where="people.toml",
            mend="mend its `approvers` and `longest_h`",
        )
    least = built_in().get(kind, rule).at_least
    if rule.approvers < least:
        raise InputError(
            f"{kind} needs at least {least} different people in every case",
            where="people.toml",
            mend=f"set its `approvers` to {least} or more",
        )
    return rule
