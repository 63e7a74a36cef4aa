"""What a finding prepares: the accounts and addresses inside the command it saw, as far as its rule did not name them.

`username helper privilege 15` names the account a later login uses; `permit 203.0.113.9` and `tunnel destination
198.51.100.7` name addresses that act later. They are objects of the act, and join what follows to what came before.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final

from seawall.model.entities import Entity
from seawall.model.finding import Finding

MAX_OBJECTS: Final = 8  # of one command; a longer one is a list of networks, not a story
MAX_COMMAND: Final = 2_000  # characters looked at
_TEXTS: Final = ("command_raw", "command", "message")
_MAKES_ACCOUNTS: Final = frozenset({"P-01", "P-02"})
_ADDRESS: Final = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:]|\.\d))"
)
_FILE: Final = re.compile(
    r"(?<![\w/])(?:/(?:tmp|var/tmp|dev/shm)/[\w.-]+(?:/[\w.-]+)*|(?:bootflash|flash|disk\d|harddisk|usb\d):/?[\w.-]+)"
)
_NAME: Final = r"[\"']?(?P<name>[\w.@$-]{1,64})"
# IOS, NX-OS, EOS, IOS XR; Junos; VRP; Linux; what IOS XE and NX-OS report of it.
_ACCOUNT: Final = re.compile(
    rf"(?:\busername:?\s+(?!\w+\s+configured)|\blogin user\s+|\blocal-user\s+|\buseradd\s+(?:-\S+\s+\S+\s+)*"
    rf"|\buser with username:\s*|\buser added with username\s+){_NAME}",
    re.IGNORECASE,
)


def objects(finding: Finding) -> tuple[Entity, ...]:
    """Accounts and addresses the finding's command names and its entities do not, in order; at most MAX_OBJECTS."""
    text = next((str(finding.details[key]) for key in _TEXTS if finding.details.get(key)), "")[:MAX_COMMAND]
    if not text:
        return ()
    known = {(e.type, e.value.casefold()) for e in finding.entities if e.role == "object"}
    found: dict[Entity, None] = {}
    if _MAKES_ACCOUNTS & set(finding.behaviours):
        for match in _ACCOUNT.finditer(text):
            found[Entity("account", match["name"], "object")] = None
    is_command = any(finding.details.get(key) for key in _TEXTS[:2])
    for match in _ADDRESS.finditer(text) if is_command else ():
        if _is_host(match.group()):
            found[Entity("ip", match.group(), "object")] = None
    return tuple(e for e in found if (e.type, e.value.casefold()) not in known)[:MAX_OBJECTS]


def files(finding: Finding) -> tuple[str, ...]:
    """Files in places for things that shall not stay, as the finding's command names them; at most MAX_OBJECTS."""
    text = next((str(finding.details[key]) for key in _TEXTS[:2] if finding.details.get(key)), "")[:MAX_COMMAND]
    return tuple(dict.fromkeys(match.group().rstrip(".") for match in _FILE.finditer(text)))[:MAX_OBJECTS]


def _is_host(text: str) -> bool:
    """Whether a text is an address something can act from: no mask, wildcard, loopback or multicast."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    mask = address.version == 4 and (text.startswith(("255.", "0.")) or text.endswith(".0"))
    return not (mask or address.is_loopback or address.is_multicast or address.is_unspecified)
