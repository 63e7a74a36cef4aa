"""Whom to believe: logs, witnesses and how many of them must have signed (C2SP tlog-policy), one file."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.ledger.note import COSIGNATURE, ED25519, VerifierKey, read_verifier_key

MAX_BYTES: Final = 64 << 10
MAX_NAMES: Final = 256
NONE: Final = "none"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """A witness, and where to ask it."""

    name: str  # within the policy
    key: VerifierKey
    url: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose signatures make a checkpoint count."""

    logs: tuple[VerifierKey, ...] = ()
    witnesses: tuple[KnownWitness, ...] = ()
    groups: Mapping[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)  # name → how many of whom
    quorum: str = NONE

    def met(self, signers: Collection[VerifierKey]) -> bool:
        """Whether these witnesses are enough."""
        return self.quorum == NONE or self._has_signed(self.quorum, signers)

    @property
    def text(self) -> str:
        """The policy as its file says it."""
        lines = [f"log {key.text}" for key in self.logs]
        lines += [f"witness {w.name} {w.key.text} {w.url}".rstrip() for w in self.witnesses]
        lines += [f"group {name} {count} {' '.join(members)}" for name, (count, members) in self.groups.items()]
        return "".join(f"{line}\n" for line in [*lines, f"quorum {self.quorum}"])

    def _has_signed(self, name: str, signers: Collection[VerifierKey]) -> bool:
        if name in self.groups:
            count, members = self.groups[name]
            return sum(self._has_signed(member, signers) for member in members) >= count
        return any(witness.name == name and witness.key in signers for witness in self.witnesses)


def with_witness(policy: Policy, witness: KnownWitness, *, needed: int | None = None) -> Policy:
    """A policy that knows one witness more, and wants `needed` of all (one if not said)."""
    witnesses = (*(w for w in policy.witnesses if w.name != witness.name), witness)
    names = tuple(w.name for w in witnesses)
    return parse_policy(Policy(policy.logs, witnesses, {"all-witnesses": (needed or 1, names)}, "all-witnesses").text)


def load_policy(path: Path) -> Policy:
    """The policy in a file; one that asks for no witness if there is none. Raises InputError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Policy()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    if len(raw) > MAX_BYTES:
        raise InputError("too long for a policy", where=str(path))
    return parse_policy(raw.decode("utf-8", "surrogateescape"), where=str(path))


def parse_policy(text: str, *, where: str = "policy") -> Policy:
    """Read a policy. Raises InputError with the line that is wrong."""
    reader = _Reader(where)
    for number, line in enumerate(text.split("\n"), 1):
        reader.line(line, f"{where}:{number}")
    if reader.quorum is None:
        raise InputError("no quorum line", where=where, mend="end it with `quorum none`, or a witness or group")
    return Policy(tuple(reader.logs), tuple(reader.witnesses), reader.groups, reader.quorum)


class _Reader:
    def __init__(self, where: str) -> None:
        self.where = where
        self.logs: list[VerifierKey] = []
        self.witnesses: list[KnownWitness] = []
        self.groups: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def line(self, line: str, where: str) -> None:
        words = re.split(r"[ \t]+", line.strip(" \t"))
        if words == [""] or words[0].startswith("#"):
            return
        if _CONTROL.search(line):
            raise InputError("a control character", where=where)
        if len(self._names()) >= MAX_NAMES:
            raise InputError(f"more than {MAX_NAMES} names", where=where)
        match words:
            case ["log", vkey, *rest] if len(rest) < 2:
                self.logs.append(self._key(vkey, ED25519, where))
            case ["witness", name, vkey, *rest] if len(rest) < 2:
                self._new(name, where)
                self.witnesses.append(KnownWitness(name, self._key(vkey, COSIGNATURE, where), rest[0] if rest else ""))
            case ["group", name, count, *members] if members:
                self._group(name, count, members, where)
            case ["quorum", name] if self.quorum is None:
                if name != NONE and name not in self._names():
                    raise InputError(f"no witness or group above is called {name}", where=where)
                self.quorum = name
            case _:
                raise InputError("not a line of a policy", where=where, mend="log, witness, group or (once) quorum")

    def _group(self, name: str, count: str, members: list[str], where: str) -> None:
        self._new(name, where)
        wanted = {"any": "1", "all": str(len(members))}.get(count, count)
        if not re.fullmatch("[1-9][0-9]{0,3}", wanted) or int(wanted) > len(members):
            raise InputError(f"{count} of {len(members)} is no rule", where=where, mend="write any, all, or a number")
        for member in members:
            if member not in self._names() or member == name or member in self._members:
                raise InputError(f"{member} is not above, or in a group already", where=where)
            self._members.add(member)
        self.groups[name] = (int(wanted), tuple(members))

    def _key(self, vkey: str, kind: int, where: str) -> VerifierKey:
        key = read_verifier_key(vkey, where=where)
        if key.kind != kind:
            raise InputError("a key of the wrong kind", where=where, mend="logs sign with 1, witnesses with 4")
        if any(key.public == known.public for known in (*self.logs, *(w.key for w in self.witnesses))):
            raise InputError("this key is named twice", where=where)
        return key

    def _names(self) -> set[str]:
        return {*(w.name for w in self.witnesses), *self.groups}

    def _new(self, name: str, where: str) -> None:
        if name == NONE or name in self._names():
            raise InputError(f"the name {name} is taken", where=where)
