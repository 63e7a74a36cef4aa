"""What people decide by signing, kept so that it can be checked again: closing a finding, another policy, an authority.

A decision is exact values (tokens and whole numbers) under one action. While it travels between people, and afterwards
in the case, it is one JSON file: the values, and the signed approvals with the purpose in clear. The ledger holds the
same by digest. A decision counts if both agree, at the moment the ledger says it was taken: a file somebody slips in,
alters or removes decides nothing, and what it would have allowed is seen again.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.model.clock import Clock, FixedClock
from seawall.people.approval import MAX_BYTES, Approval, Request, read_approval, sign
from seawall.people.approve import KIND as APPROVED
from seawall.people.approve import approve, tally
from seawall.people.book import Book
from seawall.people.keys import PrivateKey
from seawall.people.register import Register
from seawall.people.rules import MAX_APPROVERS, rule_for

KIND: Final = "decision"  # of the ledger entry
MOST: Final = 10_000  # decisions read from one folder
_NAME: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, and who has signed it so far."""

    action: str  # rule it needs, e.g. intercept.close
    name: str  # 32 hex digits, one for each decision
    values: Mapping[str, str | int]  # exactly what; signed by its digest
    requester: str
    purpose: str
    approvals: tuple[Approval, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of exactly what is decided."""
        return hashlib.sha256(canonical({"action": self.action, "values": dict(self.values)})).hexdigest()

    def request(self, case: str) -> Request:
        """What each person signs."""
        return Request(case, f"{self.action}:{self.name}", self.digest, self.requester, self.purpose)

    def text(self) -> str:
        """The file, as it travels and as it is kept."""
        return json.dumps(asdict(self), sort_keys=True, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision that counts."""

    decision: Decision
    at: datetime  # when it was taken, UTC
    approvers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where decisions are taken: a case's register, ledger and folder of decisions."""

    case: str  # uuid
    folder: Path
    register: Register
    book: Book
    clock: Clock
    disk: Disk = field(default_factory=Disk)

    def take(self, decision: Decision) -> Taken:
        """Check every signature, append them and the decision, and keep its file.

        Raises:
            NotApprovedError: a signature does not count. InputError: they are too few, or it was taken already.
        """
        request = decision.request(self.case)
        with self.book.exclusive():
            if self.book.find("decided", request.action_id, kind=KIND):
                raise InputError("this was decided already", where=request.action_id, mend="start a new one")
            for approval in decision.approvals:
                if self.book.find("nonce", approval.nonce, kind=APPROVED):
                    continue  # of an earlier try; whether it counts is asked below, of the ledger alone
                approve(approval, request, register=self.register, book=self.book, clock=self.clock)
            count = tally(request, register=self.register, book=self.book, clock=self.clock)
            if not count.complete:
                raise InputError(
                    f"{len(count.approvers)} of {count.needed} signatures",
                    where=request.action_id,
                    mend="let another person sign the file too: --sign-only FILE, then --signed FILE",
                )
            self._keep(decision)
            body = {"action_id": request.action_id, "diff_sha256": decision.digest, "approvers": list(count.approvers)}
            self.book.append(KIND, body, keys={"decided": request.action_id, "decision": decision.action})
        return Taken(decision, self.clock.now(), count.approvers)

    def longest_h(self, action: str) -> float:
        """How long a signature for an action may be good for, hours."""
        return rule_for(action, self.register.rules).longest_h

    def taken(self, action: str) -> Iterator[Taken]:
        """Decisions of a kind that count, oldest first."""
        kept = {decision.name: decision for decision in self._kept() if decision.action == action}
        for entry in self.book.find("decision", action, kind=KIND):
            action_id = str(entry.body.get("action_id", ""))
            decision = kept.get(action_id.partition(":")[2])
            if decision is None or entry.body.get("diff_sha256") != decision.digest:
                continue
            request = decision.request(self.case)
            count = tally(request, register=self.register, book=self._until(entry.index), clock=FixedClock(entry.at))
            if request.action_id == action_id and count.complete:
                yield Taken(decision, entry.at, count.approvers)

    def _until(self, index: int) -> Book:
        return _Earlier(self.book, index)

    def _keep(self, decision: Decision) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.disk.write_file(self.folder / f"{decision.name}.json", decision.text().encode())

    def _kept(self) -> Iterator[Decision]:
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*.json"))[:MOST]:
            with suppress(InputError):  # damaged or slipped in: it decides nothing
                yield read_decision(path)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A book as it stood before an entry: what was signed afterwards cannot have carried a decision."""

    book: Book
    before: int

    def append(self, kind: str, body: Mapping[str, Any], *, keys: Mapping[str, str] | None = None) -> object:
        raise NotImplementedError

    def find(self, name: str, value: str, *, kind: str | None = None) -> list[Any]:
        return [entry for entry in self.book.find(name, value, kind=kind) if entry.index < self.before]

    def exclusive(self) -> Any:
        return self.book.exclusive()


def begin(action: str, values: Mapping[str, str | int], requester: str, purpose: str) -> Decision:
    """A decision nobody has signed yet. Raises InputError without a purpose."""
    if not purpose.strip():
        raise InputError("no purpose", mend="say what it is for with --purpose; it stands under every signature")
    return Decision(action, secrets.token_hex(16), dict(values), requester, purpose.strip())


def signed_by(decision: Decision, case: str, who: str, key: PrivateKey, now: datetime, hours: float = 24.0) -> Decision:
    """The decision with one more signature."""
    return replace(decision, approvals=(*decision.approvals, sign(decision.request(case), who, key, now, hours)))


def read_decision(path: Path) -> Decision:
    """A decision from its file. Raises InputError if it is none."""
    try:
        with path.open("rb") as file:
            content = file.read((MAX_APPROVERS + 1) * MAX_BYTES + 1)
        if len(content) > (MAX_APPROVERS + 1) * MAX_BYTES:
            raise ValueError
        return _decision(json.loads(content), str(path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InputError("no decision", where=str(path), mend="name the file made with --sign-only") from None


def _decision(raw: Mapping[str, Any], where: str) -> Decision:
    texts = [raw[name] for name in ("action", "name", "requester", "purpose")]
    values, approvals = raw["values"], raw["approvals"]
    if not all(isinstance(text, str) for text in texts) or not _NAME.fullmatch(raw["name"]):
        raise ValueError("wrong form")
    plain = isinstance(values, dict) and all(type(value) in (str, int) for value in values.values())
    if not plain or not isinstance(approvals, list) or len(approvals) > MAX_APPROVERS:
        raise ValueError("wrong form")
    return Decision(
        raw["action"],
        raw["name"],
        values,
        raw["requester"],
        raw["purpose"],
        tuple(read_approval(one, where=where) for one in approvals),
    )


def same(decision: Decision, action: str, values: Mapping[str, str | int]) -> None:
    """Raises InputError unless a signed file is about exactly what is asked now."""
    if decision.action != action or dict(decision.values) != dict(values):
        raise InputError("signed for something else than what is asked now", mend="start a new file with --sign-only")
