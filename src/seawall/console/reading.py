"""What pages read of a case, remembered until it changes: they answer at once, and slow answers are worked out aside.

Incidents and findings come from the state database, everything else from the lake and the files of the case. What takes
longer than a person waits (coverage, beacons, assessments) is worked out by one thread, of which `Slow` tells how it
stands; a page shows what was known before, and says so.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from seawall import pipeline
from seawall.console.desk import Desk, desk_of
from seawall.engine.lake import Lake
from seawall.errors import SeawallError
from seawall.model.action import Action
from seawall.model.finding import Finding
from seawall.model.incident import Incident, incident_id
from seawall.model.site import Site
from seawall.people.approve import Tally, tally
from seawall.people.register import Register
from seawall.pipeline.response import FOLDER
from seawall.response.plans import Plan, Plans
from seawall.response.steps import stand_of
from seawall.state import casework, paging

if TYPE_CHECKING:
    from fastapi import Request

    from seawall.detect.rules import RuleSet

T = TypeVar("T")
_LOOK_AGAIN_S: Final = 0.5  # how long a look at whether anything changed is good for
_MOST_SLOW: Final = 64  # slow answers remembered


@dataclass(frozen=True, slots=True)
class Slow(Generic[T]):
    """An answer that takes its time: `value` as last worked out, and whether it is of the case as it stands now."""

    value: T | None = None
    fresh: bool = False
    failed: str = ""  # why it could not be worked out


@dataclass(frozen=True)
class Known:
    """Incidents as they stand, and by what names they were called before."""

    stamp: Hashable
    incidents: tuple[Incident, ...]  # the worst first, then the latest

    @cached_property
    def by_id(self) -> dict[str, Incident]:
        """Incidents by id."""
        return {one.id: one for one in self.incidents}

    @cached_property
    def earlier(self) -> dict[str, str]:
        """Every name an incident would have if it began with another of its findings → the incident that holds it.

        An incident is named after its earliest finding, so one that was merged with another is found by its old name.
        """
        return {incident_id(name): one.id for one in self.incidents for name in one.findings}


class Reading:
    """Reads of one case, shared by every page and every user."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lock = threading.Lock()
        self._looked = (0.0, ())  # type: tuple[float, tuple[Hashable, ...]]
        self._known: Known | None = None
        self._site: tuple[Hashable, Site] | None = None
        self._rules: tuple[Hashable, RuleSet] | None = None
        self._stands: tuple[Hashable, dict[str, casework.Standing]] | None = None
        self._plans: tuple[Hashable, list[Plan]] | None = None
        self._waiting: tuple[Hashable, int] | None = None
        self._register: tuple[Hashable, Register] | None = None
        self.told: dict[str, list[tuple[datetime, str, str, bool]]] = {}  # plan → what came of the last deed: when, who
        self._quick: dict[str, tuple[Hashable, Any]] = {}
        self._slow: dict[Hashable, _Working] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="seawall-pages")

    def stamps(self) -> dict[str, Hashable]:
        """What changed when: topic → something that differs once anything of it changed."""
        now = time.monotonic()
        with self._lock:
            at, seen = self._looked
            if not seen or now - at > _LOOK_AGAIN_S:
                seen = self._look()
                self._looked = (now, seen)
        return dict(zip(TOPICS, seen, strict=True))

    def _look(self) -> tuple[Hashable, ...]:
        case = self.desk.case
        return (
            (paging.stamp(self.desk.state), _touched(case.folder / "decisions")),
            casework.stamp(self.desk.state),
            _touched(case.lake / "manifest.json", case.lake),
            (_touched(case.folder / "response" / "plans"), self.desk.ledger.refresh()),
            _touched(case.site_file, case.settings_file, case.people_file),
        )

    def known(self) -> Known:
        """Incidents as they stand."""
        stamp = self.stamps()["incidents"]
        held = self._known
        if held is None or held.stamp != stamp:
            found = self.desk.state.incidents()
            worst = sorted(found, key=lambda one: (-one.severity, -one.last.timestamp(), one.id))
            held = self._known = Known(stamp, tuple(worst))
        return held

    def findings_of(self, incident: Incident) -> list[Finding]:
        """The findings of an incident, in order of time; those of the intercept case never among them."""
        return paging.findings(self.desk.state, incident.findings)

    def site(self) -> Site:
        """What the carrier knows of itself."""
        stamp = self.stamps()["settings"]
        if self._site is None or self._site[0] != stamp:
            self._site = (stamp, self.desk.site)
        return self._site[1]

    def rules(self) -> RuleSet:
        """The rules that run: ours, and those the case's settings add."""
        from seawall.detect.rules import load

        stamp = self.stamps()["settings"]
        if self._rules is None or self._rules[0] != stamp:
            options = pipeline.case_options(self.desk.case)
            self._rules = (stamp, load((), options=options))
        return self._rules[1]

    def lake(self) -> Lake:
        """The case's lake."""
        return self.desk.lake()

    def standings(self) -> dict[str, casework.Standing]:
        """How far the work on each incident is, by id."""
        stamps = self.stamps()
        stamp = (stamps["incidents"], stamps["casework"])
        if self._stands is None or self._stands[0] != stamp:
            self._stands = (stamp, casework.standings(self.desk.state, self.known().earlier))
        return self._stands[1]

    def plans(self) -> list[Plan]:
        """Every plan of the case that can be read, the latest first."""
        stamp = self.stamps()["responses"]
        if self._plans is None or self._plans[0] != stamp:
            found = Plans(self.desk.case.folder / FOLDER / "plans").all()
            self._plans = (stamp, sorted(found, key=lambda plan: plan.made, reverse=True))
        return self._plans[1]

    def waiting(self) -> int:
        """How many plans wait for signatures."""
        stamp = self.stamps()["responses"]
        if self._waiting is None or self._waiting[0] != stamp:
            self._waiting = (stamp, sum(1 for plan in self.plans() if self.unsigned(plan)))
        return self._waiting[1]

    def unsigned(self, plan: Plan) -> list[Action]:
        """The actions of a plan that were asked for, were not done, and lack signatures."""
        if not plan.requester or plan.exercise:
            return []
        return [
            action
            for action in plan.actions
            if action.lasting != "ask"
            and stand_of(self.desk.ledger, action.id) is None
            and not self.signed(plan, action)
        ]

    def signed(self, plan: Plan, action: Action, deed: str = "") -> bool:
        """Whether enough people signed for an action so that it counts now."""
        return self.tally(plan, action, deed).complete

    def tally(self, plan: Plan, action: Action, deed: str = "") -> Tally:
        """Who signed for an action so that it counts now, and how many must."""
        request = plan.request(action, self.desk.case.uuid, deed)
        return tally(request, register=self.register(), book=self.desk.ledger, clock=self.desk.clock)

    def register(self) -> Register:
        """Who may sign."""
        stamps = self.stamps()
        stamp = (stamps["settings"], stamps["responses"])
        if self._register is None or self._register[0] != stamp:
            self._register = (stamp, self.desk.register())
        return self._register[1]

    def people(self) -> list[str]:
        """Who can be given an incident: everybody who may log in."""
        return [user.id for user in self.desk.accounts.users() if not user.disabled]

    def kept(self, name: str, topic: str, work: Callable[[], T]) -> T:
        """An answer that is quick enough to be waited for, kept until its topic changes."""
        stamp = self.stamps()[topic]
        held = self._quick.get(name)
        if held is None or held[0] != stamp:
            held = self._quick[name] = (stamp, work())
        answer: T = held[1]
        return answer

    def forget(self) -> None:
        """Look anew with the next question: something was just written."""
        with self._lock:
            self._looked = (0.0, ())

    def slow(self, name: Hashable, topics: Sequence[str], work: Callable[[], T], *, wait_s: float = 0.0) -> Slow[T]:
        """An answer worked out aside; asked again once one of `topics` changed. `wait_s`: how long a page may wait."""
        stamps = self.stamps()
        stamp = tuple(stamps[topic] for topic in topics)
        with self._lock:
            held = self._slow.get(name)
            if held is None or (held.stamp != stamp and held.doing.done()):
                before = held.answer() if held else Slow()
                if len(self._slow) >= _MOST_SLOW:
                    self._slow.pop(next(iter(self._slow)))
                self._slow.pop(name, None)
                held = self._slow[name] = _Working(stamp, before, self._worker.submit(work))
        if wait_s and not held.doing.done():
            with contextlib.suppress(TimeoutError, SeawallError):
                held.doing.result(wait_s)
        answer: Slow[T] = held.answer()
        return answer if held.stamp == stamp else Slow(answer.value, False, answer.failed)

    def changes(self) -> dict[str, Hashable]:
        """Every topic, and `slow`, which differs once another slow answer was worked out."""
        told = self.stamps()
        with self._lock:
            return {**told, "slow": tuple((hash(name), one.doing.done()) for name, one in self._slow.items())}

    def close(self) -> None:
        """Wait for nothing more."""
        self._worker.shutdown(wait=True, cancel_futures=True)


TOPICS: Final = ("incidents", "casework", "lake", "responses", "settings")


@dataclass
class _Working:
    stamp: Hashable
    before: Slow[Any]
    doing: Future[Any] = field(repr=False)

    def answer(self) -> Slow[Any]:
        if not self.doing.done() or self.doing.cancelled():
            return Slow(self.before.value, False, "")
        error = self.doing.exception()
        if isinstance(error, SeawallError):
            return Slow(self.before.value, True, str(error))
        if error is not None:
            raise error
        return Slow(self.doing.result(), True, "")


def _touched(*paths: Path) -> Hashable:
    told: list[tuple[int, int] | None] = []
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            told.append(None)
        else:
            told.append((found.st_mtime_ns, found.st_size))
    return tuple(told)


def reading_of(request: Request) -> Reading:
    """The reading behind a request, made with its first page."""
    state = request.app.state
    if not hasattr(state, "reading"):
        state.reading = Reading(desk_of(request))
    found = state.reading
    assert isinstance(found, Reading)
    return found
