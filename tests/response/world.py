"""A carrier, three people with keys, a ledger in memory and a target that can refuse or die: for response's tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from seawall.errors import PeerError
from seawall.ledger.entry import Draft, Entry, decode, encode
from seawall.model.action import Action
from seawall.model.site import Agency, Device, Site
from seawall.people.approval import sign
from seawall.people.approve import approve
from seawall.people.keys import PrivateKey
from seawall.people.register import Key, Person, Register
from seawall.response.actions import kind_of
from seawall.response.channels import Channel
from seawall.response.execute import Hands
from seawall.response.guard import Guard
from seawall.response.plans import Plan
from seawall.response.safelist import safelist_of
from seawall.response.targets import Firewall, Targets

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASE = "5d0c6f0e-7c1f-4a0a-9d2b-6f7c2a9be4d1"
SITE = Site(
    devices=(
        Device("edge1.example.net", "edge", "ios", addresses=("192.0.2.1",), aliases=("edge1",)),
        Device("lims1.example.net", "mediation", "linux", addresses=("192.0.2.80",), crown_jewel=True),
        Device("psap1.example.net", "emergency-gateway", "linux", addresses=("192.0.2.112",)),
    ),
    jump_hosts=("192.0.2.15",),
    aaa_servers=("192.0.2.21",),
    agencies=(Agency("North", ("203.0.113.240",)),),
)
TARGETS = Targets(firewalls=(Firewall("fw1"),), safelist=("203.0.113.128/28",))


class Died(BaseException):
    """The process ends here."""


@dataclass
class Watch:
    """A clock tests move."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class MemoryBook:
    """A ledger that lives in memory, and can die before or after writing."""

    clock: Watch
    entries: list[Entry] = field(default_factory=list)
    fault: Any = None

    def append(self, kind: str, body: Mapping[str, Any], *, keys: Mapping[str, str] | None = None) -> None:
        if self.fault:
            self.fault()
        last = max((entry.at for entry in self.entries), default=None)
        self.entries.append(decode(encode(Draft(kind, body, keys or {}), self.clock.at, after=last), len(self.entries)))
        if self.fault:
            self.fault()

    def find(self, name: str, value: str, *, kind: str | None = None) -> list[Entry]:
        return [e for e in self.entries if e.keys.get(name) == value and kind in (None, e.kind)]

    @contextmanager
    def exclusive(self) -> Iterator[MemoryBook]:
        yield self


@dataclass
class Target:
    """One system: objects by name, with the timers of a kernel. `fault` may raise at each touch."""

    clock: Watch
    held: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    fault: Any = None
    patience_s: float = 0.0

    def key(self, action: Action) -> str:
        return action.values.get("address") or f"{action.kind} {action.values.get('account', '')}"

    def read(self, action: Action) -> str:
        self._touch()
        return self.state().get(self.key(action), "")

    def state(self) -> dict[str, str]:
        now = self.clock.at
        return {k: text for k, (text, until) in self.held.items() if until is None or now < until}

    def wanted(self, action: Action, before: str) -> str | None:
        return f"ours {action.id}" if action.lasting == "block" else ""

    def apply(self, action: Action, left_s: int) -> None:
        self._touch()
        if action.lasting == "block":
            self.held[self.key(action)] = (f"ours {action.id}", self.clock.at + timedelta(seconds=left_s))
        else:
            self.held.pop(self.key(action), None)
        self._touch()

    def undo(self, action: Action) -> None:
        self._touch()
        if action.lasting == "block":
            self.held.pop(self.key(action), None)
        else:
            self.held[self.key(action)] = ("was there", None)
        self._touch()

    def ours(self) -> Iterable[str]:
        return [text.removeprefix("ours ") for text in self.state().values() if text.startswith("ours ")]

    def drop(self, action_id: str) -> None:
        for key, text in self.state().items():
            if text == f"ours {action_id}":
                del self.held[key]

    def sweep(self, live: Sequence[Action]) -> int:
        strange = [id_ for id_ in self.ours() if id_ not in {action.id for action in live}]
        for id_ in strange:
            self.drop(id_)
        return len(strange)

    def clear(self) -> int:
        mine = list(self.ours())
        for id_ in mine:
            self.drop(id_)
        return len(mine)

    def refuse(self) -> None:
        raise PeerError("refused", where="target")

    def _touch(self) -> None:
        if self.fault:
            self.fault()


class World:
    """Everything an executor needs."""

    def __init__(self, *, site: Site = SITE, targets: Targets = TARGETS, stopped: Path | None = None) -> None:
        self.clock = Watch()
        self.book = MemoryBook(self.clock)
        self.target = Target(self.clock)
        self.keys = {
            name: PrivateKey(bytearray(hashlib.sha256(name.encode()).digest())) for name in ("ana", "ben", "cy")
        }
        people = (Person(n, keys=(Key(k.public, NOON - timedelta(days=1)),)) for n, k in self.keys.items())
        self.register = Register(tuple(people))
        safe = safelist_of(site, own=targets.safelist, emergency=targets.emergency, peers=targets.peers())
        self.guard = Guard(site, targets, safe, stopped=stopped)
        self.hands = self.new_hands()

    def new_hands(self, channel: Channel | None = None) -> Hands:
        door = channel or self.target
        return Hands(CASE, self.register, self.book, self.clock, self.guard, lambda _: door)

    def block(self, address: str, seconds: int = 3_600) -> Action:
        return kind_of("nft_block").action("fw1", {"address": address}, "beacon", lasts_s=seconds, incident="i" * 32)

    def eradication(self, account: str = "helper") -> Action:
        values = {"device": "edge1", "platform": "ios", "account": account}
        action = kind_of("remove_user").action("edge1", values, "planted", incident="i" * 32)
        self.target.held[self.target.key(action)] = ("was there", None)
        return action

    def plan(self, *actions: Action, requester: str = "ana", exercise: bool = False) -> Plan:
        made = "2026-11-22T12:00:00.000000Z"
        return Plan("a" * 32, "i" * 32, "t", requester, "cut them off", made, actions, exercise=exercise)

    def sign(self, plan: Plan, action: Action, *who: str, deed: str = "", hours: float = 4.0) -> None:
        for name in who:
            request = plan.request(action, CASE, deed)
            approval = sign(request, name, self.keys[name], self.clock.at, hours)
            approve(approval, request, register=self.register, book=self.book, clock=self.clock)
