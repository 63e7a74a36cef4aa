"""What every page and every route needs of a case, opened once: state, accounts, ledger, settings, the clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from seawall import pipeline
from seawall.console.secrets import Seal, open_seal
from seawall.engine.lake import Lake
from seawall.ledger import Ledger, open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.settings import Settings
from seawall.model.site import Site
from seawall.people.changes import read_register
from seawall.people.register import Register
from seawall.pipeline.response import Response, open_response
from seawall.state.accounts import Accounts
from seawall.state.store import State

if TYPE_CHECKING:
    from fastapi import Request

SEEN: Final = "view"  # kind of the ledger entry for a look at something sensitive
ACCESS: Final = "access"  # kind of the ledger entry for log-ins, roles and tokens
_SAME_LOOK: Final = timedelta(minutes=10)  # one person looking again at the same thing is one entry
_MOST_LOOKS: Final = 4_096  # remembered


@dataclass
class Desk:
    """A case as the console holds it open."""

    case: Case
    clock: Clock
    settings: Settings
    state: State
    accounts: Accounts
    ledger: Ledger
    seal: Seal
    origin: str  # address people type
    setup_code: str = field(default="", repr=False)  # until the first user is there
    _looks: dict[tuple[str, str, str], float] = field(default_factory=dict, repr=False)

    @property
    def secure(self) -> bool:
        """Whether people reach it by TLS."""
        return self.origin.startswith("https://")

    @property
    def site(self) -> Site:
        """What the carrier knows of itself, as its file says now."""
        return pipeline.case_site(self.case, None)

    def lake(self) -> Lake:
        """The case's lake."""
        return Lake(self.case.lake, memory_mb=self.settings.lake.memory_mb)

    def register(self) -> Register:
        """Who may sign, as the ledger knows it. Raises InputError if people.toml was changed behind its back."""
        return read_register(self.case.people_file, self.ledger)

    @contextmanager
    def response(self, *, acting: bool = False) -> Iterator[Response]:
        """Plans, signatures and the hands that act; with `acting`, in turn with every other process."""
        with open_response(self.case, self.clock, acting=acting) as opened:
            yield opened

    def looked(self, who: str, what: str, which: str) -> None:
        """Write into the ledger that a person sees something sensitive: evidence, a query's answer, oversight.

        Which one it was stands there by its digest. Call it before the thing is shown: no entry, no sight.
        """
        object_sha256 = hashlib.sha256(which.encode()).hexdigest()
        key, now = (who, what, object_sha256), self.clock.now().timestamp()
        if now - self._looks.get(key, 0.0) < _SAME_LOOK.total_seconds():
            return
        self.ledger.append(SEEN, {"person": who, "what": what, "object_sha256": object_sha256}, keys={"viewer": who})
        if len(self._looks) >= _MOST_LOOKS:
            self._looks.clear()
        self._looks[key] = now

    def told(self, deed: str, who: str, **facts: str | int | list[str]) -> None:
        """Write into the ledger what happened to access: a log-in, a role given, a token made."""
        self.ledger.append(ACCESS, {"deed": deed, "person": who, **facts}, keys={"person": who})

    def close(self) -> None:
        """Let go of state and ledger."""
        self.state.close()
        self.ledger.close()


def open_desk(
    case: Case, clock: Clock, *, settings: Settings | None = None, origin: str = "", setup_code: str = ""
) -> Desk:
    """Open a case for the console. Raises InputError if a file of it is damaged."""
    settings = settings or pipeline.case_settings(case)
    origin = origin or settings.console.origin or "http://localhost:8443"
    ledger = open_ledger(case, clock=clock)
    try:
        state = pipeline.case_state(case, settings)
    except BaseException:
        ledger.close()
        raise
    return Desk(
        case, clock, settings, state, Accounts(state), ledger, open_seal(case.keys), origin.rstrip("/"), setup_code
    )


def desk_of(request: Request) -> Desk:
    """The desk behind a request."""
    desk = request.app.state.desk
    assert isinstance(desk, Desk)
    return desk
