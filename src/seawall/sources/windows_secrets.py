"""Passwords in the command lines and scripts of Windows events, masked before a row exists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from seawall.platforms.masking import MASK, PREFILTER, mask, mask_found

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
        "Message",
        "RenderingInfo_Message",
    }
)
_VALUE: Final = r"(?P<v>\"[^\"]+\"|'[^']+'|[^\s\"'<]\S*)"
_ANY: Final = ("",)
# Of each rule: words of which one must stand in the command, another of which one must too, and the rule itself.
# Literal words are found far faster than patterns, and most commands and scripts hold none of these.
_RULES: Final = tuple(
    (first, second, re.compile(pattern, re.I))
    for first, second, pattern in (
        (
            ("p:", "w:", "s:", "d:"),
            ("/", "-"),
            r"[/-](?:p|pw|pass|passwd|password|rp|pwd|decoy_pass):" + _VALUE,
        ),
        (("/rp", "/pass"), _ANY, r"\s/(?:rp|pass|passwd|password)\s+(?!/)" + _VALUE),
        (
            ("-pw", "-pass", "-adminpassword"),
            _ANY,
            r"\s-(?:pw|pass|passwd|password|adminpassword)\s+(?![-$(])" + _VALUE,
        ),
        (
            ("net",),
            ("user",),
            r"\bnet1?(?:\.exe)?\"?\s+user\s+(?:\"[^\"]+\"|[^\s/]+)\s+(?!/)(?!\*(?:\s|$))" + _VALUE,
        ),
        (
            ("net",),
            ("\\\\",),
            r"\bnet1?(?:\.exe)?\"?\s+use\s+(?:\S:\s+)?\\\\\S+\s+(?!/)(?!\*(?:\s|$))" + _VALUE,
        ),
        (
            ("psexec", "paexec", "sshpass", "winexe", "rpcclient", "winrs", "curl"),
            ("-p",),
            r"\b(?:psexec\w*|paexec|sshpass|winexe|rpcclient|winrs|curl)(?:\.exe)?\"?\s(?:.*?\s)?-p\s*(?![/\d])"
            + _VALUE,
        ),
        (("securestring",), _ANY, r"ConvertTo-SecureString\s+(?:-String\s+)?(?![-$(])" + _VALUE),
    )
)
_OWN_WORDS: Final = ("pass", "pwd", "pw", "/rp", "-rp", "-p", "/p:", "net", "securestring")
_WORDS: Final = ("pass", "pwd", "secret", "psk", "key", "communit", "://", "bearer", "token", "authoriz", "snmp")
_MANY: Final = 256  # from which on one look at all of them pays
_WORTH_A_LOOK: Final = r"(?i)[^\x00-\x7f]|" + "|".join(re.escape(word) for word in (*_WORDS, *_OWN_WORDS))
_END: Final = " ;"  # the last word of a command may be an encoded script, which is evidence and not a key


# A value of two words joined, then an option: `-p secret_password -exportPFX`.
_OPTION: Final = re.compile(r"\w+_(?:password|passwd|passphrase|secret)\s+[-/][A-Za-z]{3,}")


def _alternatives(pattern: str) -> list[str]:
    """The parts of a pattern between the bars that stand in no group."""
    parts, depth = [""], 0
    for piece in re.findall(r"\\.|\[[^]]*\]|.", pattern):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += piece
    return [whole for part in parts for whole in _without_first_group(part)]


def _without_first_group(part: str) -> list[str]:
    """`(?:a|b)c` as `ac` and `bc`."""
    found = re.fullmatch(r"\(\?:([^()]*)\)(?![?*+{])(.*)", part)
    return [f"{first}{found[2]}" for first in found[1].split("|")] if found else [part]


def _start(pattern: str) -> str:
    """The literal text every match of a pattern starts with, in lower case; empty if there is none."""
    found = re.match(r"(?:\\b)?((?:[\w :/%@-]|\\[$^])*)(?![?*{|])", pattern)
    return found[1].replace("\\", "").lower() if found else ""


# `PREFILTER` as one pattern takes half a microsecond a character, and a script has thousands. Its parts, each asked
# only where the text it starts with is found, give the same answer in a twentieth of the time.
_PARTS: Final = tuple((_start(part), re.compile(part, re.I)) for part in _alternatives(PREFILTER))
_KEY_LINE: Final = 60  # letters of base64 in a row, from which on they may be a line of a key
_BETWEEN: Final = {n: " " for n in range(128) if not (chr(n).isalnum() or chr(n) in "+/")}


def may_hold_secret(text: str, lower: str) -> bool:
    """Whether `mask` can have work in a text, given in lower case too; true for one that is not ASCII."""
    if not text.isascii():
        return True
    if any(start in lower and part.search(text) for start, part in _PARTS):
        return True
    return len(text) >= _KEY_LINE and max(map(len, text.translate(_BETWEEN).split()), default=0) >= _KEY_LINE


def mask_commands(texts: Sequence[str]) -> dict[str, str]:
    """Commands and scripts that `mask_command` changes, and what it makes of them."""
    if len(texts) >= _MANY:  # one look at all of them, by an automaton, at those that may be changed
        flags = pc.match_substring_regex(pa.array(texts, pa.string()), _WORTH_A_LOOK)
        texts = list(compress(texts, flags.to_pylist()))
    return {text: masked for text in texts if (masked := mask_command(text)) != text}


def mask_command(text: str) -> str:
    """A command or script with its passwords replaced; encoded commands stay, rules read them."""
    lower = text.lower()
    masked = text
    if any(word in lower for word in _WORDS) and may_hold_secret(text + _END, lower + _END):
        found = mask_found if text.isascii() else mask
        masked = _options_kept(text, found(text + _END).removesuffix(_END))
    if not any(word in lower for word in _OWN_WORDS):
        return masked
    for first, second, rule in _RULES:
        if any(word in lower for word in first) and any(word in lower for word in second):
            masked = rule.sub(_put_mask, masked)
    return masked


def _options_kept(text: str, masked: str) -> str:
    """The masked text with options that follow a value like `secret_password` as they were: rules read them."""
    if masked == text or not _OPTION.search(text):
        return masked
    before, after = re.split(r"(\s+)", text), re.split(r"(\s+)", masked)
    if len(before) != len(after):
        return masked
    for at in range(2, len(before), 2):
        if after[at] == MASK and _OPTION.fullmatch(f"{before[at - 2]} {before[at]}"):
            after[at] = before[at]
    return "".join(after)


def _put_mask(found: re.Match[str]) -> str:
    start = found.start("v") - found.start()
    return f"{found[0][:start]}{MASK}"
