"""What somebody just changed: two files, two folders, dated snapshots or git histories, compared step by step.

Yields typed progress and draws nothing; each `Told` brings the findings of one comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from seawall.detect.audit.changes.history import History, Told
from seawall.detect.audit.changes.snapshots import Committed, Snapshot, snapshots_in
from seawall.errors import InputError
from seawall.model.site import Site
from seawall.platforms.config.reading import MAX_BYTES
from seawall.platforms.snapshots import taken_at
from seawall.sources import discover, git_history
from seawall.sources.base import Evidence, Reject, Skipped


def changes(paths: Sequence[Path], site: Site) -> Iterator[Told]:
    """The changes between two states (two PATHs), or along the history of one (a repository, a folder of snapshots).

    Raises:
        InputError: there is nothing to compare.
    """
    if len(paths) == 2 and not any(_repository(path) for path in paths):
        yield from _between(paths[0], paths[1], site)
        return
    compared = seen = 0
    history = History(site)
    for path in paths:
        for told in _along(path, history):
            seen += 1
            compared += bool(told.device)
            yield told
    if not compared and not seen:
        raise InputError(
            "no device has two snapshots there",
            where=str(paths[0]),
            mend="give BEFORE and AFTER, a folder with dated snapshots of the same device, or a git repository of them",
        )


def _repository(path: Path) -> Path | None:
    """The repository at a path, or of the working tree there."""
    return next((one for one in (path, path / ".git") if git_history.is_repository(one)), None)


def _between(before: Path, after: Path, site: Site) -> Iterator[Told]:
    old, troubles = _by_name(before, site, _prefix(before, after))
    new, more = _by_name(after, site, _prefix(after, before))
    yield from (Told("", "", 0, (), (trouble,)) for trouble in (*troubles, *more))
    if not old or not new:
        where = str(before if not old else after)
        said = (troubles if not old else more) or ["nothing there is a device configuration"]
        raise InputError(said[0], where=where, mend="name a saved configuration, or a folder of them")
    if len(old) == len(new) == 1 and old.keys() != new.keys():
        (was,), (now,) = old, new
        yield Told("", "", 0, (), (f"the device is called {now} now, {was} before; compared as one",))
        new = {was: next(iter(new.values()))}
    history = History(site)
    for name, one in new.items():
        if name in old:
            yield history.compared(old[name], one)
    for name in sorted(old.keys() ^ new.keys()):
        yield Told("", "", 0, (), (f"{name} is only in {before if name in old else after}; not compared",))


def _prefix(path: Path, other: Path) -> str:
    """What tells the files below one PATH from those below the other."""
    if path.is_dir():
        return f"{path.name}/"
    return f"{path.resolve().parent.name}/" if path.name == other.name else ""


def _by_name(path: Path, site: Site, prefix: str) -> tuple[dict[str, Snapshot], list[str]]:
    """The latest snapshot of each device below a path."""
    found: dict[str, Snapshot] = {}
    troubles: list[str] = []
    for item in discover.find([path]):
        if not isinstance(item, Evidence):
            troubles += [] if isinstance(item, Skipped) else [f"{item.where}: {item.what}"]
            continue
        for snapshot in snapshots_in(_content(item), prefix + item.origin, site):
            if isinstance(snapshot, str):
                troubles.append(f"{item.origin}: {snapshot}")
            elif (held := found.get(snapshot.name)) is None or _when(held) <= _when(snapshot):
                found[snapshot.name] = snapshot
    return found, troubles


def _when(snapshot: Snapshot) -> tuple[bool, datetime | None]:
    return (False, None) if snapshot.time is None else (True, snapshot.time)


def _along(path: Path, history: History) -> Iterator[Told]:
    repository = _repository(path)
    if repository is not None:
        about = git_history.commits(repository)
        spool = discover.Standing().spool
        name = discover.printable_name(path.resolve().name)
        for item in git_history.versions(repository, name, spool, again=True):
            yield from _taken(item, history, about)
        return
    found = list(discover.find([path]))
    yield from (_trouble(item) for item in found if isinstance(item, Reject) and not isinstance(item, Skipped))
    for item in sorted((e for e in found if isinstance(e, Evidence)), key=_order):
        yield from _taken(item, history, {})


def _order(item: Evidence) -> tuple[bool, str, str]:
    moment = taken_at(item.origin)
    return (moment is None, moment.isoformat() if moment else "", item.origin)


def _taken(item: Evidence | Reject, history: History, about: dict[str, git_history.Commit]) -> Iterator[Told]:
    if not isinstance(item, Evidence):
        if not isinstance(item, Skipped):
            yield _trouble(item)
        return
    taken = taken_at(item.origin)
    commit = about.get(item.origin.partition("!/")[2].partition("/")[0][-8:])
    committed = Committed(commit.author, taken, commit.message) if commit else None
    yield from history.take(_content(item), item.origin, taken=taken, committed=committed)


def _trouble(item: Reject) -> Told:
    return Told("", "", 0, (), (f"{item.where}: {item.what}",))


def _content(item: Evidence) -> bytes:
    with closing(item.open()) as stream:
        return stream.read(MAX_BYTES + 1)
