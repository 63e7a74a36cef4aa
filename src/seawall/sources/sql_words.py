"""What a SQL statement does, from its first words: operation, action and the object it names first.

Not a parser: enough to say "customers was read". Secrets in statements (`IDENTIFIED BY`, `PASSWORD '…'`) are masked.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from seawall.platforms.masking import MASK
from seawall.sources.line_format import kept

LOOKED_AT: Final = 20_000  # characters of a statement
_NOISE: Final = re.compile(r"\s*(?:/\*(?:[^*]|\*(?!/)){0,2000}\*/|--[^\n]{0,500}(?:\n|$)|\(|;)")
_NAME: Final = r"(?:\"[^\"]{1,128}\"|`[^`]{1,128}`|\[[^\]]{1,128}\]|[\w$#]{1,128})"
_PATH: Final = rf"({_NAME}(?:\s?\.\s?{_NAME}){{0,3}})"
_VERB: Final = re.compile(r"\s*([A-Za-z]{2,20})\b")
_FROM: Final = re.compile(rf"\bfrom\s+(?:only\s+|lateral\s+)?{_PATH}", re.IGNORECASE)
_AFTER: Final = {
    "insert": re.compile(rf"\binto\s+(?:table\s+)?{_PATH}", re.IGNORECASE),
    "replace": re.compile(rf"\binto\s+{_PATH}", re.IGNORECASE),
    "merge": re.compile(rf"\binto\s+{_PATH}", re.IGNORECASE),
    "update": re.compile(rf"\bupdate\s+(?:only\s+|low_priority\s+|ignore\s+)*{_PATH}", re.IGNORECASE),
    "delete": _FROM,
    "truncate": re.compile(rf"\btruncate\s+(?:table\s+)?(?:only\s+)?{_PATH}", re.IGNORECASE),
    "copy": re.compile(rf"\bcopy\s+(?:binary\s+)?(?:\(.{{0,4000}}?\bfrom\s+)?{_PATH}", re.IGNORECASE | re.DOTALL),
    "load": re.compile(rf"\binto\s+table\s+{_PATH}", re.IGNORECASE),
    "lock": re.compile(rf"\block\s+tables?\s+{_PATH}", re.IGNORECASE),
    "grant": re.compile(rf"\bon\s+(?:table\s+|schema\s+|database\s+|all tables in schema )?{_PATH}", re.IGNORECASE),
    "call": re.compile(rf"\bcall\s+{_PATH}", re.IGNORECASE),
    "describe": re.compile(rf"\bdescribe\s+{_PATH}", re.IGNORECASE),
}
_DEFINED: Final = re.compile(
    r"\b(?:table|view|index|user|role|database|schema|sequence|trigger|function|procedure|package|extension|profile|"
    rf"tablespace|type|policy|directory|publication|subscription)\s+(?:if\s+(?:not\s+)?exists\s+)?{_PATH}",
    re.IGNORECASE,
)
_ACTIONS: Final = {
    **dict.fromkeys(("select", "with", "fetch", "values", "table", "execute", "call", "exec", "begin", "do"), "read"),
    **dict.fromkeys(("insert", "update", "merge", "replace", "load", "upsert"), "write"),
    **dict.fromkeys(("delete", "truncate"), "delete"),
    **dict.fromkeys(("show", "describe", "desc", "explain"), "list"),
    **dict.fromkeys(
        (
            "create",
            "alter",
            "drop",
            "grant",
            "revoke",
            "rename",
            "comment",
            "analyze",
            "vacuum",
            "reindex",
            "lock",
            "audit",
            "noaudit",
            "purge",
            "flashback",
            "security",
            "reassign",
            "import",
            "shutdown",
            "startup",
            "kill",
            "flush",
        ),
        "admin",
    ),
    "copy": "read",
}
_NOTHING: Final = frozenset(
    ("begin", "commit", "rollback", "set", "savepoint", "release", "use", "start", "reset", "discard")
)
_SECRETS: Final = (
    re.compile(
        r"(?i)\b(identified\s+(?:by(?:\s+values)?|with\s+\S{1,60}\s+(?:by|as)))\s+('(?:[^']|'')*'?|\"[^\"]*\"?|[^\s;,)]+)"
    ),
    re.compile(
        r"(?i)\b((?:encrypted\s+|unencrypted\s+)?password\s{0,20}(?:[(=]\s{0,20})?)('(?:[^']|'')*'?|\"[^\"]*\"?)"
    ),
    re.compile(r"(?i)\b(pgp_sym_(?:en|de)crypt\s*\([^,]{1,300},)\s*('(?:[^']|'')*'?)"),
    re.compile(r"(?i)\b((?:aes_(?:en|de)crypt|encode|decode|hmac)\s*\([^,]{1,300},)\s*('(?:[^']|'')*'?)"),
)


class Statement(NamedTuple):
    """What a statement does."""

    operation: str | None  # SELECT, GRANT …
    action: str | None  # read, write, delete, list, export, admin
    object: str | None


def masked(statement: str | None) -> str | None:
    """A statement with its secrets masked, cut to what a column holds."""
    if not statement:
        return None
    text = statement[:LOOKED_AT]
    lowered = text.lower()
    if "identified" in lowered or "passw" in lowered or "crypt" in lowered or "hmac" in lowered or "code" in lowered:
        for pattern in _SECRETS:
            text = pattern.sub(rf"\1 {MASK}", text)
    return kept(text)


def read_statement(statement: str) -> Statement:
    """What a statement does; all None for one that touches no data (COMMIT, SET …)."""
    text, at = statement[:LOOKED_AT], 0
    while found := _NOISE.match(text, at):
        at = found.end()
    verb = _VERB.match(text, at)
    if verb is None:
        return Statement(None, None, None)
    word = verb[1].lower()
    if word in _NOTHING and not (
        word == "begin" and re.search(r"\b(?:insert|update|delete|select)\b", text, re.IGNORECASE)
    ):
        return Statement(verb[1].upper(), None, None)
    action = _ACTIONS.get(word)
    if word == "with" and (inner := re.search(r"\)\s*(insert|update|delete|merge)\b", text, re.IGNORECASE)):
        word, action = inner[1].lower(), _ACTIONS[inner[1].lower()]
    if word == "copy":
        action = "write" if re.search(r"\bfrom\s+(?:stdin|program|')", text, re.IGNORECASE) else "export"
    if word == "select" and re.search(r"\binto\s+(?:outfile|dumpfile)\b", text, re.IGNORECASE):
        action = "export"
    if action == "admin" and word not in ("grant", "revoke", "lock"):
        where = _DEFINED.search(text, at)
    else:
        where = _AFTER.get("grant" if word == "revoke" else word, _FROM).search(text, at)
    name = re.sub(r"\s*\.\s*", ".", where[1]) if where else None
    return Statement(word.upper(), action, re.sub(r"[\"`\[\]]", "", name)[:300] if name else None)
