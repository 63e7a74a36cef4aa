"""What people state of an incident: when a clock started and who decided that, what was sent, who ordered silence.

Each statement is a line of `CASE/statements/INCIDENT.jsonl`; the ledger holds its digest, and of starts and notices the
name and time too, so that nobody can move them later. A line changed afterwards is refused; a line that is gone still
counts, by what the ledger holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal, get_args

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError, UsageError
from seawall.ledger import Draft, Ledger
from seawall.ledger.canonical import canonical
from seawall.model.finding import utc_text

Kind = Literal["start", "sent", "silence", "fact"]
KIND: Final = "duty"  # of the ledger's entries
CARRIER: Final = "carrier"  # statements that hold for every incident
EVERY: Final = "*"  # a silence over every duty to customers and public
MAX_BYTES: Final = 4 << 20
MAX_WORDS: Final = 4_000
_NAME: Final = re.compile(r"[A-Za-z0-9_.*-]{1,80}")
_INCIDENT: Final = re.compile(r"[0-9a-f]{8,64}|carrier")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing somebody stated. Times are UTC."""

    incident: str  # id, or `carrier`
    kind: Kind
    name: str  # a start, a duty, or a fact
    at: datetime  # when it happened; of a silence its end; of a fact when it was stated
    by: str = ""  # who decided or said it
    value: str = ""  # of a fact
    reason: str = ""
    recorded: datetime | None = None
    index: int | None = None  # of the ledger's entry
    text_lost: bool = False  # known from the ledger alone

    @property
    def line(self) -> bytes:
        """The line of its file, whose digest the ledger holds."""
        document = {
            "incident": self.incident,
            "kind": self.kind,
            "name": self.name,
            "at": utc_text(self.at),
            "by": self.by,
            "value": self.value,
            "reason": self.reason,
            "recorded": utc_text(self.recorded) if self.recorded else None,
        }
        return canonical(document) + b"\n"


def record(folder: Path, ledger: Ledger, statement: Statement, *, correct: bool = False) -> Statement:
    """Write a statement into the ledger and its file; returns it with its place in the ledger.

    Raises:
        UsageError: a start or notice of that name was stated before, and this is no correction.
        InputError: it cannot be written, or is no statement.
    """
    _check(statement)
    with ledger.exclusive():
        before = read(folder, ledger, statement.incident)
        same = latest(before, statement.kind, statement.name)
        if same is not None and statement.kind in ("start", "sent") and not correct:
            raise UsageError(
                f"{statement.name} was stated already: {utc_text(same.at)} by {same.by or 'somebody not named'}",
                mend="a correction needs --correct and a --reason; both stay in the ledger",
            )
        line = statement.line
        digest = sha256(line).hexdigest()
        path = _path(folder, statement.incident)
        held = _bytes(path)
        if len(held) + len(line) > MAX_BYTES:
            raise InputError("too many statements about one incident", where=str(path), mend="state fewer of them")
        body: dict[str, Any] = {"what": statement.kind, "sha256": digest}
        if statement.kind != "fact":
            body |= {"name": statement.name, "at": utc_text(statement.at)}
        keys = {"incident": statement.incident, "sha256": digest}
        receipt = ledger.append_all([Draft(KIND, body, keys)])[0]
        with disk_trouble(path):
            disk = Disk()
            disk.make_folder(folder)
            disk.write_file(path, held + line)
    return replace(statement, index=receipt.index)


def read(folder: Path, ledger: Ledger, incident: str) -> list[Statement]:
    """What was stated of an incident, in the order of the ledger.

    Raises:
        InputError: a line is not the one the ledger holds.
    """
    path = _path(folder, incident)
    entries = {str(entry.body.get("sha256")): entry for entry in ledger.find("incident", incident, kind=KIND)}
    found: dict[int, Statement] = {}
    for number, line in enumerate(_bytes(path).splitlines(keepends=True), start=1):
        entry = entries.pop(sha256(line).hexdigest(), None)
        if entry is None:
            raise InputError(
                "this statement is not the one the ledger holds",
                where=f"{path}:{number}",
                mend="restore the file from a backup; if nobody changed it on purpose, treat it as tampering",
            )
        found[entry.index] = replace(_statement(line, f"{path}:{number}"), index=entry.index)
    for entry in entries.values():  # the text is gone, the fact is not
        body = entry.body
        if body.get("what") in ("start", "sent", "silence"):
            found[entry.index] = Statement(
                incident, body["what"], str(body["name"]), datetime.fromisoformat(str(body["at"])), index=entry.index,
                recorded=entry.at, text_lost=True,
            )  # fmt: skip
    return [found[index] for index in sorted(found)]


def lost_texts(statements: Iterable[Statement]) -> list[int]:
    """Places in the ledger of statements whose text is gone."""
    return [one.index for one in statements if one.text_lost and one.index is not None]


def latest(statements: Sequence[Statement], kind: Kind, name: str) -> Statement | None:
    """The statement that counts: the last of its kind and name, since a correction comes after what it corrects."""
    return next((one for one in reversed(statements) if (one.kind, one.name) == (kind, name)), None)


def facts(statements: Sequence[Statement]) -> dict[str, Statement]:
    """Facts by name, the latest of each that says something."""
    held = {one.name: one for one in statements if one.kind == "fact"}
    return {name: one for name, one in held.items() if one.value}


def _check(statement: Statement) -> None:
    if not _NAME.fullmatch(statement.name):
        raise UsageError(f"{statement.name!r} is no name", mend="letters, digits, `_`, `.` and `-`, at most 80")
    if statement.kind not in get_args(Kind):
        raise UsageError(f"{statement.kind!r} is no kind of statement")
    for what, text in (("value", statement.value), ("reason", statement.reason), ("by", statement.by)):
        if len(text) > MAX_WORDS:
            raise UsageError(f"{what} is longer than {MAX_WORDS:,} characters", mend="shorten it")


def _statement(line: bytes, where: str) -> Statement:
    try:
        raw = json.loads(line)
        moments = {name: datetime.fromisoformat(raw[name]) for name in ("at", "recorded") if raw[name]}
        return Statement(**{**raw, **moments})
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError("no statement", where=where, mend="restore the file from a backup") from error


def _path(folder: Path, incident: str) -> Path:
    if not _INCIDENT.fullmatch(incident):
        raise UsageError(f"{incident!r} is no incident", mend="list them with: seawall incidents list")
    return folder / f"{incident}.jsonl"


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            held = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend="check its permissions") from error
    if len(held) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES >> 20} MiB of statements", where=str(path), mend="restore the file")
    return held
