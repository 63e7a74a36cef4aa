"""Products that ship their events as CEF or LEEF: who did what from where, by the names those forms share."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act
from seawall.platforms.fields import shipped

_LOGIN: Final = re.compile(r"log(?:ged)?[ _-]?(?:i|o)n|sign[ _-]?in|authenticat|logon", re.IGNORECASE)
_LOGOUT: Final = re.compile(r"log(?:ged)?[ _-]?(?:out|off)|sign[ _-]?out", re.IGNORECASE)
_CHANGE: Final = re.compile(r"config\w*[ _-]?(?:chang|modif|edit|commit)|cmd_executed", re.IGNORECASE)
_FAILED: Final = re.compile(r"fail|denied|reject|invalid|error", re.IGNORECASE)
_WORKED: Final = re.compile(r"succ|permitted|allow|accept|pass(?:ed)?\b", re.IGNORECASE)
_SOURCES: Final = ("src", "sourceAddress", "c6a2")
_TARGETS: Final = ("dst", "destinationAddress", "c6a3")
_USERS: Final = ("suser", "duser", "usrName", "suid", "duid")


def told(message: str) -> Act | None:
    """What an event tells; None where it names nobody."""
    event = shipped(message)
    if event is None:
        return None
    said = event.fields
    about = f"{event.name} {event.event} {said.get('act', '')}"
    result = f"{said.get('outcome', '')} {said.get('act', '')} {event.name}"
    user, source, target = (_first(said, names) for names in (_USERS, _SOURCES, _TARGETS))
    activity = next(
        (
            word
            for word, sign in (("logout", _LOGOUT), ("login", _LOGIN), ("config_change", _CHANGE))
            if sign.search(about)
        ),
        None,
    )
    outcome = (
        None if activity is None else FAILURE if _FAILED.search(result) else SUCCESS if _WORKED.search(result) else None
    )
    if not (user or source or target):
        return None
    return Act(activity, outcome, said.get("app"), None, user, source, target)


def _first(said: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := said.get(name))), None)
