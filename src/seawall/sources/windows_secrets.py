"""Passwords in the command lines and scripts of Windows events, masked before a row exists."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.masking import MASK, mask

# Columns in which people and programs write commands; others never pass through here.
COLUMNS: Final = frozenset(
    {"CommandLine", "ParentCommandLine", "ProcessCommandLine", "ScriptBlockText", "Payload", "ContextInfo", "Data"}
    | {
        "ServiceFileName",
        "ImagePath",
        "TaskContent",
        "TaskContentNew",
        "Arguments",
        "Details",
        "Path",
        "HostApplication",
    }
)
_VALUE: Final = r"(?P<v>\"[^\"]+\"|'[^']+'|[^\s\"'<]\S*)"
_RULES: Final = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"[/-](?:p|pw|pass|passwd|password|rp|pwd|decoy_pass):" + _VALUE,
        r"\s/(?:rp|pass|passwd|password)\s+(?!/)" + _VALUE,
        r"\s-(?:pw|pass|passwd|password|adminpassword)\s+(?![-$(])" + _VALUE,
        r"\bnet1?(?:\.exe)?\"?\s+user\s+(?:\"[^\"]+\"|[^\s/]+)\s+(?!/)(?!\*(?:\s|$))" + _VALUE,
        r"\bnet1?(?:\.exe)?\"?\s+use\s+(?:\S:\s+)?\\\\\S+\s+(?!/)(?!\*(?:\s|$))" + _VALUE,
        r"\b(?:psexec\w*|paexec|sshpass|winexe|rpcclient|winrs|curl)(?:\.exe)?\"?\s(?:.*?\s)?-p\s*(?![/\d])" + _VALUE,
        r"ConvertTo-SecureString\s+(?:-String\s+)?(?![-$(])" + _VALUE,
    )
)
_OWN_WORDS: Final = ("pass", "pwd", "pw", "/rp", "-rp", "-p", "/p:", "net", "securestring")
# Literal words are found far faster than patterns, and most commands and scripts hold none of these.
_WORDS: Final = ("pass", "pwd", "secret", "psk", "key", "communit", "://", "bearer", "token", "authoriz", "snmp")
_END: Final = " ;"  # the last word of a command may be an encoded script, which is evidence and not a key


def mask_command(text: str) -> str:
    """A command or script with its passwords replaced; encoded commands stay, rules read them."""
    lower = text.lower()
    masked = mask(text + _END).removesuffix(_END) if any(word in lower for word in _WORDS) else text
    if not any(word in lower for word in _OWN_WORDS):
        return masked
    for rule in _RULES:
        masked = rule.sub(_put_mask, masked)
    return masked


def _put_mask(found: re.Match[str]) -> str:
    start = found.start("v") - found.start()
    return f"{found[0][:start]}{MASK}"
