"""What the vault answers, without a word about sockets: a request in, an answer or a SeawallError out.

Locked it answers `status` and `unlock` and nothing else. No message, error or log line quotes an identifier.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError, SeawallError
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.people.approval import read_approval
from seawall.people.approve import approve, tally
from seawall.people.book import Book
from seawall.people.changes import read_register
from seawall.people.private_files import read_private, write_private
from seawall.people.register import Register
from seawall.people.rules import rule_for
from seawall.people.sealed import MAX_PASSPHRASE, seal, unseal, wipe
from seawall.vault.budget import KIND, Budget, Limits
from seawall.vault.commitments import KEY_BYTES, Committer, contains
from seawall.vault.identifiers.normalise import normalise
from seawall.vault.showing import ACTION, read_again, show_request
from seawall.vault.store import Kept, Store

MAX_BATCH: Final = 20_000  # identifiers or questions in one message
MAX_PENDING: Final = 2_000_000  # identifiers of one source
_PURPOSE: Final = "seawall vault key"
_FREE_TRIES: Final = 3  # wrong passphrases before each further one has to wait
_LONGEST_WAIT: Final = timedelta(minutes=15)


class LockedError(InputError):
    """The vault is there, but locked."""


@dataclass(slots=True)
class Caller:
    """Who is at the other end, and what it handed in but has not finished yet."""

    uid: int
    pid: int
    pending: list[Kept] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    committer: Committer
    store: Store


class Vault:
    """A case's vault. Locked when made; not shared between threads."""

    def __init__(
        self, case: Case, book: Book, clock: Clock, *, limits: Limits | None = None, country: str = ""
    ) -> None:
        self._case, self._book, self._clock = case, book, clock
        self._budget = Budget(book, limits or Limits())
        self._country = country
        self._open: _Open | None = None
        self._wrong = 0
        self._not_before = datetime.min.replace(tzinfo=clock.now().tzinfo)
        self._answers: dict[str, Callable[[dict[str, Any], Caller], dict[str, Any]]] = {
            "commit": self._commit,
            "keep": self._keep,
            "record": self._record,
            "equal": self._equal,
            "contains": self._contains,
            "width": self._width,
            "show": self._show,
        }

    @property
    def locked(self) -> bool:
        """Whether nothing can be asked."""
        return self._open is None

    def answer(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one request. Raises SeawallError (a refusal) and nothing else on any content."""
        op = request.get("op")
        if op == "status":
            return {"locked": self.locked, "key": self._case.vault_key.exists(), "case": self._case.uuid}
        if op == "unlock":
            return self._unlock(request, caller)
        if op == "lock":
            self.lock(caller)
            return {"locked": True}
        act = self._answers.get(op) if isinstance(op, str) else None
        if act is None:
            raise InputError("the vault knows no such question", mend="use a client of the same version")
        if self.locked:
            raise LockedError("the vault is locked", mend="seawall vault unlock")
        try:
            return act(request, caller)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            raise InputError("a malformed question", mend="use a client of the same version") from None

    def lock(self, caller: Caller | None = None) -> None:
        """Forget everything and wipe the keys, as far as Python allows."""
        if self._open is not None:
            self._open.committer.close()
            self._open = None
            self._write("lock", caller)

    # -- opening ------------------------------------------------------------------------------------------------

    def _unlock(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        now = self._clock.now()
        if now < self._not_before:
            wait = int((self._not_before - now).total_seconds()) + 1
            raise InputError(
                f"{self._wrong} wrong passphrases; the next try is in {wait} s", mend="wait, then try again"
            )
        given = request.get("passphrase")
        if not isinstance(given, str) or len(given) > 2 * MAX_PASSPHRASE:
            raise InputError("a malformed question", mend="use a client of the same version")
        if not self.locked:
            return {"locked": False, "made": False}
        made = not self._case.vault_key.exists()
        master = self._made_key(given.encode()) if made else self._opened_key(given.encode(), caller)
        committer = Committer(master)
        self._open = _Open(committer, Store(self._case.vault / "sources", committer.seal_key()))
        self._wrong = 0
        self._write("unlock", caller)
        return {"locked": False, "made": made, "known": len(self._open.store.known)}

    def _made_key(self, passphrase: bytes) -> bytearray:
        if any((self._case.vault / "sources").glob("*")):
            raise InputError(
                "the vault's key is gone, but sources sealed under it are there",
                where=str(self._case.vault_key),
                mend="restore the key from a backup; a new one could not compare anything",
            )
        master = bytearray(secrets.token_bytes(KEY_BYTES))
        self._case.vault_key.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(self._case.vault_key, seal(bytes(master), passphrase, _PURPOSE))
        return master

    def _opened_key(self, passphrase: bytes, caller: Caller) -> bytearray:
        path = self._case.vault_key
        sealed = read_private(path)
        try:
            master = unseal(sealed, passphrase, _PURPOSE, where=str(path))
        except InputError:
            self._wrong += 1
            if self._wrong >= _FREE_TRIES:
                wait = min(timedelta(seconds=2.0 ** min(self._wrong, 20)), _LONGEST_WAIT)
                self._not_before = self._clock.now() + wait
            self._write("unlock.refused", caller)
            raise
        if len(master) != KEY_BYTES:
            wipe(master)
            raise InputError("damaged key file", where=str(path), mend="restore it from a backup")
        return master

    # -- taking in ----------------------------------------------------------------------------------------------

    def _commit(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Commit a batch: [form, value, offset, length, pointer] each. Only commitments come back."""
        box = self._opened()
        batch = request["batch"]
        self._bounded(batch)
        if len(caller.pending) + len(batch) > MAX_PENDING:
            raise InputError(f"more than {MAX_PENDING} identifiers in one source", mend="split the file")
        country = str(request.get("country") or self._country)
        self._budget.spend("commit", caller.uid, len(batch), self._clock.now(), {"source": _digest(request)})
        answers = []
        for form, value, offset, length, pointer in batch:
            identifier = normalise(str(form), str(value), country)
            made = box.committer.commit(identifier)
            answers.append(asdict(made))
            tags = box.committer.tags(identifier)
            caller.pending.append(
                Kept(made.commitment, made.kind, made.width, tags, int(offset), int(length), str(pointer))
            )
        return {"committed": answers}

    def _keep(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Remember where everything committed on this connection stands, or with `drop` forget it."""
        rows, caller.pending = caller.pending, []
        if not request.get("drop"):
            self._opened().store.keep(_digest(request), str(request["path"]), rows)
        return {"kept": 0 if request.get("drop") else len(rows)}

    def _record(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:  # noqa: ARG002 - one signature
        """Keyed bytes for digests of raw records, hex in and out."""
        box = self._opened()
        records = request["records"]
        self._bounded(records)
        return {"keyed": [box.committer.commit_record(bytes.fromhex(record)).hex() for record in records]}

    # -- asking -------------------------------------------------------------------------------------------------

    def _equal(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Whether identifiers given in clear are those of commitments: [form, value, commitment] each."""
        box = self._opened()
        questions = request["questions"]
        self._bounded(questions)
        self._budget.spend("equal", caller.uid, len(questions), self._clock.now())
        answers = []
        for form, value, commitment in questions:
            made = box.committer.commit(normalise(str(form), str(value), str(request.get("country") or self._country)))
            also = {name.partition(":")[2] for name in made.also}
            answers.append(secrets.compare_digest(made.commitment, str(commitment)) or str(commitment) in also)
        return {"equal": answers}

    def _contains(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Whether one commitment covers another: [outer, inner] each; null where the vault does not know one."""
        store = self._opened().store
        questions = request["questions"]
        self._bounded(questions)
        self._budget.spend("compare", caller.uid, len(questions), self._clock.now())
        answers: list[bool | None] = []
        for outer, inner in questions:
            wide, narrow = store.known.get(str(outer)), store.known.get(str(inner))
            if outer == inner:
                answers.append(True)
            elif wide is None or narrow is None:
                answers.append(None)
            else:
                answers.append(wide.kind == narrow.kind and contains(wide.tags, narrow.tags))
        return {"contains": answers}

    def _width(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """How much each commitment covers; null where the vault does not know it."""
        store = self._opened().store
        questions = request["questions"]
        self._bounded(questions)
        self._budget.spend("compare", caller.uid, len(questions), self._clock.now())
        return {"width": [k.width if (k := store.known.get(str(one))) else None for one in questions]}

    def _show(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """One identifier in clear, to a person with the role, a purpose and the signatures the rule asks for."""
        store = self._opened().store
        commitment, action = str(request["commitment"]), str(request["action_id"])
        kind, _, name = action.partition(":")
        if kind != ACTION or not name:
            raise InputError(
                "signed for something else than showing an identifier", mend="sign anew: seawall vault show"
            )
        asked = show_request(self._case.uuid, commitment, str(request["requester"]), str(request["purpose"]), name)
        approvals = [read_approval(raw) for raw in request["approvals"]][:9]
        known = store.find(commitment)
        with self._book.exclusive():  # whoever is revoked meanwhile is revoked before this or after it
            register = read_register(self._case.people_file, self._book)
            self._may_see(register, asked.requester)
            for approval in approvals:
                approve(approval, asked, register=register, book=self._book, clock=self._clock)
            count = tally(asked, register=register, book=self._book, clock=self._clock)
        if not count.complete:
            raise InputError(
                f"{len(count.approvers)} of {count.needed} signatures", mend="let another person sign: --sign-only FILE"
            )
        return self._shown(request, commitment, action, known.locators, list(count.approvers), caller)

    def _shown(
        self,
        request: dict[str, Any],
        commitment: str,
        action: str,
        locators: list[Any],
        approvers: list[str],
        caller: Caller,
    ) -> dict[str, Any]:
        given = [Path(str(path)) for path in request.get("sources", ())][:1_000]
        trouble: SeawallError | None = None
        for locator in locators:
            kept = self._opened().store.paths.get(locator.digest, "")
            try:
                found = read_again(locator, [*([Path(kept)] if kept else []), *given])
            except InputError as error:
                trouble = error
                continue
            with self._book.exclusive():
                if self._book.find("shown", action):
                    raise InputError("these signatures were used for a showing already", mend="sign anew")
                body = {"op": "show", "commitment": commitment, "approvers": approvers, "source": locator.digest,
                        "offset": locator.offset, "caller": caller.uid, "action_id": action}  # fmt: skip
                self._book.append("view", body, keys={"shown": action, "commitment": commitment})
            return {"shown": found, "source": locator.digest, "offset": locator.offset, "path": kept}
        raise trouble or InputError("no source holds it", mend="ingest the file it stands in again")

    def _may_see(self, register: Register, requester: str) -> None:
        roles = rule_for(ACTION, register.rules).roles
        person = register.person(requester)
        if person is None or (roles and not set(roles) & set(person.roles)):
            raise InputError(
                "the requester has no role that may see identifiers",
                mend=f"one of: {', '.join(roles)}; see: seawall people list" if roles else "see: seawall people list",
            )

    # -- small things -------------------------------------------------------------------------------------------

    def _opened(self) -> _Open:
        if self._open is None:
            raise LockedError("the vault is locked", mend="seawall vault unlock")
        return self._open

    def _bounded(self, batch: object) -> None:
        if not isinstance(batch, list) or len(batch) > MAX_BATCH:
            raise InputError(f"more than {MAX_BATCH} in one message", mend="use a client of the same version")

    def _write(self, op: str, caller: Caller | None) -> None:
        self._book.append(KIND, {"op": op, "caller": caller.uid if caller else -1}, keys={"vault": "lock"})


def _digest(request: dict[str, Any]) -> str:
    digest = str(request["source"])
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError("no digest")
    return digest
