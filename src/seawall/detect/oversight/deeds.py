"""What somebody did to an intercept system: one line of an audit trail, whatever system wrote it.

The request is kept as written (`ActivateTask`, `SNMPSet cTap2StreamStatus createAndGo`, `DTCP ADD`, `GET /ipintercept`,
a line of OpenLI's) and sorted into an `Act` by its words. Sources: ETSI TS 103 221-1 clause 6, CISCO-TAP2-MIB,
draft-cavuto-dtcp-03, the log of OpenLI 1.1.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Act(StrEnum):
    """What a request does."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    REMOVE_ALL = "remove all"
    READ = "read"  # of one task, or of nothing that names a target
    READ_ALL = "read all"  # of a list of targets or tasks
    LOGIN = "login"
    LOGIN_REFUSED = "login refused"
    OTHER = "other"  # pings, reports, what we do not know


CHANGES: Final = frozenset({Act.ADD, Act.CHANGE, Act.REMOVE, Act.REMOVE_ALL})
NOBODY: Final = frozenset({"", "-", "unknown", "none", "null", "anonymous", "n/a", "?", "nobody"})
LOGIN_REACH: Final = timedelta(seconds=30)  # OpenLI checks a user and makes the change within the same request


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One record of what was asked of an intercept system. Times are UTC; empty text where the record is silent."""

    event_id: str  # 32 hex digits
    origin: str
    time: datetime
    system: str  # the element, mediation or provisioner that was asked
    request: str  # as written
    user: str = ""  # as written
    admf: str = ""  # management or mediation function it says it is
    peer: str = ""  # address it came from
    certificate: str = ""  # common name
    tap: str = ""  # XID, content id, intercept id or LIID
    agency: str = ""
    returned: int | None = None  # tasks in the answer
    refused: bool = False
    code: int | None = None  # error code of a refusal (X1: 1030, 1040 …)
    interactive: bool | None = None  # a person at a prompt
    inferred: str = ""  # how the user was concluded where the record names none
    evidence: tuple[Deed, ...] = ()  # the records that conclusion rests on

    @property
    def act(self) -> Act:
        """What it does."""
        return act_of(self.request)

    @property
    def changes(self) -> bool:
        """Whether it changed something."""
        return self.act in CHANGES and not self.refused

    @property
    def who(self) -> str:
        """The user; where none is named, the function and the address it came from; empty if nothing says."""
        if self.user.strip().casefold() not in NOBODY:
            return self.user.strip()
        return self.via

    @property
    def via(self) -> str:
        """`admf-1@192.0.2.7`: the function it says it is, and its address."""
        return f"{self.admf}@{self.peer}" if self.admf and self.peer else self.admf or self.peer

    @property
    def excerpt(self) -> str:
        """The record in a few words, without anything of a target."""
        parts = (self.request, self.tap, self.agency, "refused" if self.refused else "")
        return f"{self.who or 'nobody named'} on {self.system}: {' '.join(p for p in parts if p)}"


_ALL_GONE: Final = re.compile(r"(?:deactivate|remove|delete)all")
_WHOLE_LIST: Final = re.compile(
    r"^(?:get)?listall|^getall(?!destination|generic)|^list(?!of)|^dtcplist|(?:^|snmp)(?:bulk)?walk|getbulk|bulkget|export|dump"
    r"|download|^show(?:all)?(?:targets|intercepts|tasks|warrants|lilisource|li)|^(?:query|search|select|read)(?:all|\W)*"
    r"(?:targets|intercepts|tasks|warrants|from)"
)
_REST: Final = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE)\s+(?:https?://[^/\s]+)?/?([^\s?]*)(\?\S*)?", re.I)
_TOKEN: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SORTS: Final = (  # how a word begins
    (Act.REMOVE, ("deactivat", "remov", "delet", "destroy", "withdraw", "disabl", "purg", "terminat", "deprovision")),
    (Act.ADD, ("activat", "creat", "add", "enabl", "insert", "provision", "install")),
    (Act.CHANGE, ("modif", "updat", "chang", "edit", "configur", "replac", "reload", "restor", "import")),
    (Act.READ, ("get", "list", "read", "show", "query", "search", "select", "view", "fetch")),
)
_NOT_MEANT: Final = frozenset({"address", "addresses", "addr", "provisioner", "additional", "listen", "changelog"})
_NO_TARGETS: Final = re.compile(r"nestatus|ping|keepalive|^report|noop|refresh|version|certificate")
_AGENCIES: Final = frozenset({"agency", "sipserver", "radiusserver", "gtpserver", "smtpserver", "imapserver",
                              "pop3server", "options", "collectors", "mediators", "openliversion"})  # fmt: skip


@lru_cache(maxsize=4_096)
def act_of(request: str) -> Act:
    """What a request does, by its words. What is not understood is `OTHER`, which no check counts."""
    lower = request.lower()
    if "authenticat" in lower or "api key" in lower or re.search(r"\blog(?:ged)?[ -]?[io]n\b", lower):
        return Act.LOGIN_REFUSED if re.search(r"fail|invalid|denied|refus", lower) else Act.LOGIN
    if rest := _REST.search(request):
        return _rest_act(rest[1].upper(), rest[2])
    words = re.sub(r"[^a-z0-9]+", "", lower).removesuffix("request")
    if _ALL_GONE.search(words):
        return Act.REMOVE_ALL
    if _NO_TARGETS.search(words):
        return Act.OTHER
    if _WHOLE_LIST.search(words):
        return Act.READ_ALL
    return _by_first_word([token.lower() for token in _TOKEN.findall(request)], words)


def _by_first_word(tokens: list[str], words: str) -> Act:
    """The first word that says what is done decides: names of taps come after it."""
    for token in tokens:
        if token not in _NOT_MEANT:
            for act, beginnings in _SORTS:
                if token.startswith(beginnings):
                    return act
    if "notinservice" in words or tokens[:1] == ["no"]:
        return Act.REMOVE
    return Act.CHANGE if {"set", "put"} & set(tokens) else Act.OTHER


def _rest_act(method: str, path: str) -> Act:
    """REST (OpenLI's paths): GET without an id returns a list of everything."""
    parts = [part for part in path.split("/") if part]
    if method in ("GET", "HEAD"):
        lists = len(parts) == 1 and parts[0].lower() not in _AGENCIES
        return Act.READ_ALL if lists else Act.READ
    if "disableli" in path.lower():
        return Act.REMOVE
    return {"POST": Act.ADD, "DELETE": Act.REMOVE}.get(method, Act.CHANGE)


def with_actors(deeds: Iterable[Deed]) -> list[Deed]:
    """Deeds in order of time, each without a user given the one who had just logged in on that system, marked so.

    A log that names users only where they log in (OpenLI's) leaves the author of a change to be concluded: the nearest
    login on the same system in the half minute before. Two different users in that time leave it open.
    """
    ordered = sorted(deeds, key=lambda deed: (deed.time, deed.origin, deed.event_id))
    logins: dict[str, list[Deed]] = defaultdict(list)
    for deed in ordered:
        if deed.act is Act.LOGIN and deed.who and not deed.refused:
            logins[deed.system].append(deed)
    times = {system: [one.time for one in some] for system, some in logins.items()}
    return [_concluded(deed, logins.get(deed.system, ()), times.get(deed.system, [])) for deed in ordered]


def _concluded(deed: Deed, logins: Sequence[Deed], times: list[datetime]) -> Deed:
    if deed.who or deed.act not in CHANGES or not logins:
        return deed
    end = bisect_left(times, deed.time + timedelta(microseconds=1))
    near = [one for one in logins[max(0, end - 64) : end] if deed.time - one.time <= LOGIN_REACH]
    if not near or len({one.who.casefold() for one in near}) > 1:
        return deed
    last = near[-1]
    seconds = (deed.time - last.time).total_seconds()
    said = f"the log names no author of a change; {last.who} logged in {seconds:.0f} s before"
    return replace(deed, user=last.user, peer=last.peer, inferred=said, evidence=(last,))


def runs(deeds: Iterable[Deed], gap: timedelta = timedelta(hours=1)) -> list[list[Deed]]:
    """Deeds in order, cut where nothing happened for longer than `gap`."""
    found: list[list[Deed]] = []
    for deed in sorted(deeds, key=lambda one: (one.time, one.event_id)):
        if found and deed.time - found[-1][-1].time <= gap:
            found[-1].append(deed)
        else:
            found.append([deed])
    return found


Weight = Callable[[Deed], tuple[object, int]]  # the thing a deed touches, and how much that counts, once


def dense(deeds: Iterable[Deed], window: timedelta, limit: int, weight: Weight) -> set[int]:
    """Deeds in any stretch of `window` in which distinct things weigh more than `limit`; ids of the deeds."""
    found: set[int] = set()
    inside: deque[Deed] = deque()
    seen: Counter[object] = Counter()
    total = 0
    told = 0  # how many of `inside`, from the right, are not in `found` yet
    for deed in sorted(deeds, key=lambda one: one.time):
        inside.append(deed)
        told += 1
        thing, heavy = weight(deed)
        total += 0 if seen[thing] else heavy
        seen[thing] += 1
        while deed.time - inside[0].time > window:
            gone, lighter = weight(inside.popleft())
            seen[gone] -= 1
            total -= 0 if seen[gone] else lighter
        if total > limit:
            found.update(id(inside[-place]) for place in range(1, min(told, len(inside)) + 1))
            told = 0
    return found
