"""Configuration checks over files, folders and archives, by several processes, in the order of the files.

Yields typed progress and draws nothing: an `Audited` for each file, the verdicts in it.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from seawall.detect.audit import exploited
from seawall.detect.audit import known as known_exploited
from seawall.detect.audit.base import Check
from seawall.detect.audit.fleet import Member, shared
from seawall.detect.audit.load import builtin
from seawall.detect.audit.runner import audit_bytes
from seawall.errors import InputError
from seawall.model.audit import Verdict
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.platforms.config.reading import MAX_BYTES
from seawall.platforms.config.secrets import run_key, use_key
from seawall.sources import discover
from seawall.sources.base import Evidence, Reject, Skipped
from seawall.sources.hands import jobs_for

BATCH_BYTES: Final = 512 << 10  # configurations handed to a process at once
BATCH_FILES: Final = 64
AHEAD: Final = 4  # batches waiting per process


@dataclass(frozen=True, slots=True)
class Asked:
    """What is put to which platforms."""

    checks: tuple[str, ...] = ()  # ids; empty = all
    platforms: tuple[str, ...] = ()  # empty = all
    least: Severity = Severity.INFORMATIONAL


@dataclass(frozen=True, slots=True)
class Audited:
    """A file, judged."""

    origin: str
    verdicts: tuple[Verdict, ...]
    notes: tuple[str, ...] = ()  # why a file or a part of it was not judged
    members: tuple[Member, ...] = ()  # for what only the whole fleet shows


Batch = list[tuple[str, bytes]]


def checks_asked(asked: Asked) -> tuple[Check, ...]:
    """The checks that are put.

    Raises:
        InputError: a name is no check's.
    """
    known = builtin()
    names = {name.upper() for name in asked.checks}
    ids = {check.id for check in known} | known_exploited.names()
    if strange := sorted(names - ids - {name.partition("-")[0] for name in ids}):
        raise InputError(f"no check is called {strange[0]}", mend="list them with: seawall audit list")
    return tuple(
        check
        for check in known
        if (not names or check.id in names or check.id.partition("-")[0] in names) and _worst(check) >= asked.least
    )


def _worst(check: Check) -> Severity:
    return max([check.severity, *(rule.severity for rule in check.rules.values() if rule.severity is not None)])


def audit(paths: Sequence[Path], site: Site, asked: Asked, jobs: int = 0) -> Iterator[Audited]:
    """Judge every configuration below `paths`; what is none says so in `notes`, and nothing is raised for it.

    Raises:
        InputError: a check of that name does not exist.
    """
    members: list[Member] = []
    for one in _files(paths, site, asked, jobs):
        members += one.members
        yield replace(one, members=())
    if members:
        yield Audited("", tuple(v for v in shared(members) if _wanted(v, asked)))


def _files(paths: Sequence[Path], site: Site, asked: Asked, jobs: int) -> Iterator[Audited]:
    checks = checks_asked(asked)
    found = discover.find(paths)
    sizes = list(discover.stored_sizes(paths)) if jobs != 1 else []
    hands = jobs_for(len(sizes), sum(sizes), jobs)
    if hands <= 1:
        for item in found:
            yield from _judged(_read(item), site, asked, checks)
        return
    yield from _by_processes(found, site, asked, hands)


def _judged(read: Audited | tuple[str, bytes], site: Site, asked: Asked, checks: Sequence[Check]) -> Iterator[Audited]:
    yield read if isinstance(read, Audited) else _audited(*read, site, asked, checks)


def _read(item: Evidence | Reject) -> Audited | tuple[str, bytes]:
    if isinstance(item, Skipped):
        empty = item.what.startswith("empty file")
        return Audited(item.where, (), (f"{item.what}: save the configuration again",) if empty else ())
    if isinstance(item, Reject):
        return Audited(item.where, (), (item.what,))
    with closing(item.open()) as stream:
        return item.origin, stream.read(4 * MAX_BYTES)


def _audited(origin: str, content: bytes, site: Site, asked: Asked, checks: Sequence[Check]) -> Audited:
    judged = audit_bytes(content, origin, checks, site, _catalogue() if _flaws_asked(asked) else None)
    verdicts = tuple(verdict for verdict in judged.verdicts if _wanted(verdict, asked))
    return Audited(origin, verdicts, judged.notes, judged.members)


def _wanted(verdict: Verdict, asked: Asked) -> bool:
    return (
        verdict.severity >= asked.least
        and (not asked.platforms or verdict.platform in asked.platforms)
        and _is_asked(verdict.check, asked)
    )


def _is_asked(check: str, asked: Asked) -> bool:
    names = {name.upper() for name in asked.checks}
    return not names or check in names or check.partition("-")[0] in names


def _flaws_asked(asked: Asked) -> bool:
    return any(_is_asked(name, asked) for name in known_exploited.names())


@cache
def _catalogue() -> exploited.Catalogue:
    return exploited.current()


def _by_processes(found: Iterable[Evidence | Reject], site: Site, asked: Asked, hands: int) -> Iterator[Audited]:
    waiting: deque[Future[list[Audited]] | Audited] = deque()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(hands, context, initializer=_prepare, initargs=(site, asked, run_key())) as pool:
        try:
            batch: Batch = []
            for item in found:
                read = _read(item)
                if isinstance(read, Audited):
                    waiting.append(read)
                else:
                    batch.append(read)
                if batch and (len(batch) == BATCH_FILES or sum(len(c) for _, c in batch) >= BATCH_BYTES):
                    waiting.append(pool.submit(_batch, batch))
                    batch = []
                while len(waiting) > hands * AHEAD:
                    yield from _taken(waiting.popleft())
            if batch:
                waiting.append(pool.submit(_batch, batch))
            while waiting:
                yield from _taken(waiting.popleft())
        finally:
            pool.shutdown(cancel_futures=True)


def _taken(one: Future[list[Audited]] | Audited) -> list[Audited]:
    return [one] if isinstance(one, Audited) else one.result()


_MINE: list[tuple[Site, Asked, tuple[Check, ...]]] = []  # of this process


def _prepare(site: Site, asked: Asked, key: bytes) -> None:
    use_key(key)
    _MINE[:] = [(site, asked, checks_asked(asked))]


def _batch(batch: Batch) -> list[Audited]:
    site, asked, checks = _MINE[0]
    return [_audited(origin, content, site, asked, checks) for origin, content in batch]
