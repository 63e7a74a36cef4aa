"""A vault for one run: its key lives in this process, commitments are made in it, nothing is kept.

For comparing a folder without a case. The key is random, so commitments of two runs share nothing.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError
from seawall.vault.client import VaultClient
from seawall.vault.commitments import KEY_BYTES, Committer, contains
from seawall.vault.identifiers.base import Identifier
from seawall.vault.identifiers.normalise import normalise
from seawall.vault.protection import no_dumps

_REMEMBERED: Final = 1_000_000  # spellings whose answer is kept


class PassingVault(VaultClient):
    """Answers as a vault behind a socket would, and forgets everything when it is let go."""

    def __init__(self, country: str = "") -> None:
        super().__init__(Path("this process"))
        no_dumps()
        self._committer = Committer(bytearray(secrets.token_bytes(KEY_BYTES)))
        self._country = country
        self._known: dict[str, tuple[str, str]] = {}  # commitment → kind, canonical value
        self._answers: dict[tuple[str, str, str], dict[str, Any]] = {}

    def close(self) -> None:
        """Nothing to let go of between files."""

    def forget(self) -> None:
        """Wipe the key and everything learned."""
        self._committer.close()
        self._known.clear()
        self._answers.clear()

    def _ask(self, request: dict[str, Any], patience_s: float = 0.0) -> dict[str, Any]:  # noqa: ARG002
        op = request["op"]
        if op == "status":
            return {"locked": False, "key": True, "case": ""}
        if op == "commit":
            country = str(request.get("country") or self._country)
            return {"committed": [self._committed(form, value, country) for form, value, *_ in request["batch"]]}
        if op == "record":
            return {"keyed": [self._committer.commit_record(bytes.fromhex(one)).hex() for one in request["records"]]}
        if op == "keep":
            return {"kept": 0}
        if op == "contains":
            return {"contains": [self._contains(outer, inner) for outer, inner in request["questions"]]}
        raise InputError("a passing vault shows and unlocks nothing", mend="use a case: seawall vault serve")

    def _committed(self, form: str, value: str, country: str) -> dict[str, Any]:
        key = (form, value, country)
        made = self._answers.get(key)
        if made is None:
            identifier = normalise(form, value, country)
            one = self._committer.commit(identifier)
            made = {
                "kind": one.kind, "commitment": one.commitment, "width": one.width, "why": one.why, "also": one.also
            }  # fmt: skip
            self._known[made["commitment"]] = (identifier.kind, identifier.value)
            if len(self._answers) < _REMEMBERED:
                self._answers[key] = made
        return made

    def _contains(self, outer: str, inner: str) -> bool | None:
        if outer == inner:
            return True
        wide, narrow = self._known.get(outer), self._known.get(inner)
        if wide is None or narrow is None:
            return None
        if wide[0] != narrow[0]:
            return False
        tags = (self._committer.tags(Identifier(*wide)), self._committer.tags(Identifier(*narrow)))
        return contains(*tags)
