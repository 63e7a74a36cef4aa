# ruff: noqa: E501 - patterns are as long as they are
"""What the words of management systems mean: an operation's name to action, activity and outcome.

Every product has its own words ("Retrieve password", "NE configuration export", "Logon failed"); what they share are
the verbs. The first rule that fits wins, so the more telling words stand first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from seawall.platforms.acts import FAILURE, SUCCESS


class Deed(NamedTuple):
    """An operation in our words; None where it does not tell."""

    action: str | None = None
    activity: str | None = None
    outcome: str | None = None


_ACTIONS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), action)
    for pattern, action in (
        (r"log[\s_\-]?(?:out|off)|sign[\s_\-]?out|disconnect|session[\s_.\-]?(?:closed?|end|ended|terminated|left)", "logout"),
        (r"(?:retrieve|view|show|copy|check[\s_\-]?out|use|access|release)[\w\s\-]{0,20}(?:password|secret|credential|key)", "read"),
        (r"(?:password|secret|credential)[\w\s\-]{0,20}(?:retriev|view|check[\s_\-]?out|release|request)", "read"),
        (r"log[\s_\-]?(?:in|on)|sign[\s_\-]?in|authenticat|session[\s_.\-]?(?:start|opened|established|begin)|user\.login|"
         r"vpn[\s_\-]?(?:login|connect)|gateway-(?:auth|connected|login)|tunnel[\s_\-](?:up|established)|password accepted", "login"),
        (r"export|download|dump|backup|extract|report[\w\s]{0,12}(?:run|generat)", "export"),
        (r"delet|remov|drop|purge|terminate|uninstall|destroy|erase", "delete"),
        (r"creat|add|modif|updat|change|edit|set\b|config|write|import|upload|upgrade|activat|provision|assign|insert|reset|"
         r"enable|disable|restore|install|rename|lock|grant|revoke|start|stop|reboot|restart", "write"),
        (r"view|read|quer|show|get\b|open|display|retriev|browse|inspect|monitor|lookup|fetch|scp|sftp", "read"),
        (r"list|search|find|enumerat", "list"),
    )
)  # fmt: skip
_FAILS: Final = re.compile(
    r"\b(?:fail\w*|den(?:y|ied)|reject\w*|refus\w*|invalid|unauthori[sz]ed|error|incorrect|wrong|locked out|blocked|"
    r"unsuccessful\w*|not successful|forbidden|false|partial\w*|no|ko|nok|timeout|aborted)\b",
    re.IGNORECASE,
)
_WORKS: Final = re.compile(
    r"\b(?:success\w*|succeed\w*|ok|true|allow\w*|accept\w*|permit\w*|granted|completed?|passed|yes|done|established|0)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=65_536)
def deed_of(operation: str, result: str = "") -> Deed:
    """What an operation and its result mean. The result is asked first for the outcome, then the operation's name."""
    operation = operation[:300].replace("_", " ")
    action = next((word for pattern, word in _ACTIONS if pattern.search(operation)), None)
    activity = action if action in ("login", "logout") else None
    if activity is None and action == "write" and re.search(r"\bconfig|commit\b|parameter", operation, re.IGNORECASE):
        activity = "config_change"
    return Deed(action, activity, outcome_of(result) or outcome_of(operation))


@lru_cache(maxsize=65_536)
def outcome_of(text: str) -> str | None:
    """success, failure or None, from a result's words or code."""
    text = text[:300].replace("_", " ").replace("-", " ")
    if not text.strip():
        return None
    if _FAILS.search(text):
        return FAILURE
    return SUCCESS if _WORKS.search(text) else None
