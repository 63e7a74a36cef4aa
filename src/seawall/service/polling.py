"""What is fetched rather than received: files followed, repositories, mailboxes and collections polled.

A thread for each, so that a server that hangs holds up nobody else; one pen for all. How far each got stands in
`service/places`, written after the spool took what was read.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final

from seawall.disk.durable import Disk
from seawall.disk.segments import Sender, document_frame
from seawall.errors import SeawallError
from seawall.model.serving import FollowSettings, GitSettings, ImapSettings, PollSettings, ServeSettings
from seawall.service import mailbox, repositories, subscribing
from seawall.service.following import Follower, files_of
from seawall.service.pen import Pen, now_us
from seawall.service.spool import DROP, GIT, SegmentWriter, Spool
from seawall.service.status import FOLDER, read_status, write_status
from seawall.service.tally import Tally

NAME: Final = "poll"
_TICK_S: Final = 0.25
_LONGEST_PAUSE_S: Final = 900.0


def run(case_folder: Path, settings: ServeSettings) -> None:
    """Follow and poll until told to end (SIGTERM)."""
    poller = Poller(case_folder, settings)

    def told(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
        poller.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, told)
    poller.run()


class Poller:
    """All that is followed and polled."""

    def __init__(self, case_folder: Path, settings: ServeSettings) -> None:
        self._case_folder, self._settings = case_folder, settings
        self._spool = Spool(
            case_folder / "spool", most_bytes=settings.spool_mb << 20, kept_bytes=settings.spool_keep_mb << 20
        )
        self._spool.recover(NAME)
        writer = SegmentWriter(self._spool, NAME, most_bytes=settings.segment_mb << 20, most_s=settings.segment_s)
        self._pen, self._turn = Pen(self._spool, writer), threading.Lock()
        self._tally = Tally(read_status(case_folder).get(NAME, {}).get("sources"))
        self._stopping = threading.Event()
        self._places: dict[str, Any] = _load(case_folder)
        self._troubles: dict[str, str] = {}

    def stop(self) -> None:
        """Have `run` end soon."""
        self._stopping.set()

    def run(self) -> None:
        """Start a thread for each, and write what they bring."""
        threads = [threading.Thread(target=self._again, args=one, daemon=True) for one in self._errands()]
        for thread in threads:
            thread.start()
        told = 0.0
        while not self._stopping.wait(_TICK_S):
            with self._turn:
                self._pen.write()
                self._pen.seal_if_due()
            if time.monotonic() - told >= 1.0:
                told = time.monotonic()
                self._tell()
        for thread in threads:
            thread.join(timeout=5.0)
        with self._turn:
            self._pen.write()
            self._pen.seal()
        self._tell()

    def once(self) -> None:
        """Run every errand one time, and seal what they bring."""
        for name, _, errand in self._errands():
            self._try(name, errand)
        with self._turn:
            self._pen.write()
            self._pen.seal()
        self._tell()

    def _errands(self) -> list[tuple[str, float, Callable[[], None]]]:
        found: list[tuple[str, float, Callable[[], None]]] = []
        for follow in self._settings.follow:
            name = f"file {follow.path}"
            found.append(
                (name, follow.every_s, self._dropping(name, follow) if follow.whole else self._following(name, follow))
            )
        for git in self._settings.git:
            found.append((f"git {git.url}", git.every_s, self._fetching(f"git {git.url}", git)))
        for box in self._settings.imap:
            name = f"imap {box.user}@{box.host}"
            found.append((name, box.every_s, self._reading_mail(name, box)))
        for taxii in self._settings.taxii:
            found.append((f"taxii {taxii.url}", taxii.every_s, self._subscribing(f"taxii {taxii.url}", taxii)))
        return found

    def _again(self, name: str, every_s: float, errand: Callable[[], None]) -> None:
        pause = every_s
        while not self._stopping.is_set():
            pause = every_s if self._try(name, errand) else min(_LONGEST_PAUSE_S, max(pause * 2, every_s))
            self._stopping.wait(pause)

    def _try(self, name: str, errand: Callable[[], None]) -> bool:
        try:
            errand()
        except SeawallError as error:
            self._troubles[name] = f"{error}; {error.mend}" if error.mend else str(error)
            return False
        except OSError as error:
            self._troubles[name] = error.strerror or str(error)
            return False
        self._troubles.pop(name, None)
        return True

    def _deliver(self, source: str, sender: Sender, name: str, content: bytes) -> bool:
        """Have a document written; False if the spool takes nothing at the moment."""
        with self._turn:
            if not self._pen.may_take():
                return False
            self._pen.add_frame(document_frame(self._pen.number(sender), name, content, now_us()))
            count = self._tally.of(source)
            count.messages += content.count(b"\n")
            count.octets += len(content)
            if self._pen.write():
                return True
            self._pen.forget()  # it is brought again
            return False

    def _following(self, name: str, settings: FollowSettings) -> Callable[[], None]:
        follower = Follower(settings.path, settings.from_start)
        follower.restore(self._places.get(name, {}))
        sender = Sender("file", settings.path, "file")

        def look() -> None:
            counts = follower.counts
            before = counts.truncated + counts.replaced
            follower.look(lambda file, lines: self._deliver(name, sender, f"{_shown(settings.path)}/{file}", lines))
            self._tally.of(name).broken += counts.truncated + counts.replaced - before
            self._keep(name, follower.state())
            if follower.troubles:
                path, why = next(iter(follower.troubles.items()))
                raise SeawallError(f"{len(follower.troubles)} files cannot be read: {why}", where=path)

        return look

    def _dropping(self, name: str, settings: FollowSettings) -> Callable[[], None]:
        """Hand over whole files once they stop changing: exports of Splunk and Elastic, archives, captures."""
        kept = self._places.get(name, {})
        handed: dict[str, str] = dict(kept.get("handed", {}))
        seen: dict[str, str] = {}

        def look() -> None:
            for path in files_of(settings.path):
                status = path.stat()
                mark = f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"
                if handed.get(str(path)) == mark:
                    continue
                if seen.get(str(path)) != mark:
                    seen[str(path)] = mark  # it may be written still
                    continue
                if self._spool.full():
                    return
                self._spool.take_in(NAME, DROP, partial(_copied, path))
                count = self._tally.of(name)
                count.messages += 1
                count.octets += status.st_size
                handed[str(path)] = mark
                self._keep(name, {"handed": dict(handed)})

        return look

    def _fetching(self, name: str, settings: GitSettings) -> Callable[[], None]:
        mirror = repositories.mirror_of(self._case_folder / FOLDER / "git", settings)

        def look() -> None:
            now = repositories.fetch(mirror, settings)
            if now and now != self._places.get(name, {}).get("refs") and not self._spool.full():
                self._spool.take_in(NAME, GIT, lambda folder: repositories.hand_over(mirror, folder / mirror.name))
                self._tally.of(name).messages += 1
                self._keep(name, {"refs": now})

        return look

    def _reading_mail(self, name: str, settings: ImapSettings) -> Callable[[], None]:
        how = "log-in at the mailbox; what messages say of themselves proves nothing"
        sender = Sender("imap", f"{settings.user}@{settings.host}", "spoofable", how)

        def look() -> None:
            before = self._places.get(name, {})
            kept = mailbox.look(
                settings,
                before,
                lambda file, content: self._deliver(name, sender, f"mail/{settings.host}/{file}", content),
            )
            self._tally.of(name).oversized += kept["left_out"] - int(before.get("left_out", 0))
            self._keep(name, kept)

        return look

    def _subscribing(self, name: str, settings: PollSettings) -> Callable[[], None]:
        sender = Sender("taxii", settings.url, "authenticated", "the server's certificate")

        def take(file: str, content: bytes) -> bool:
            return self._deliver(name, sender, f"taxii/{file}", content)

        def look() -> None:
            self._keep(name, subscribing.poll(settings, self._places.get(name, {}), take))

        return look

    def _keep(self, name: str, place: dict[str, Any]) -> None:
        if self._places.get(name) == place:
            return
        self._places[name] = place
        with self._turn:
            folder = self._case_folder / FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            Disk().write_file(folder / "places", json.dumps(self._places).encode())

    def _tell(self) -> None:
        with self._turn:
            self._pen.may_take()
            why = [f"{name}: {trouble}" for name, trouble in sorted(self._troubles.items())]
            if self._pen.why_full:
                why.append(f"taking nothing in: {self._pen.why_full}")
            said = {
                "health": "degraded" if why else "ok",
                "why": why,
                "sources": self._tally.shown(),
                "totals": self._tally.totals(),
            }
        write_status(self._case_folder, NAME, said)


def _load(case_folder: Path) -> dict[str, Any]:
    """How far each got; nothing if it is damaged: then all is read again, which adds nothing."""
    try:
        said = json.loads((case_folder / FOLDER / "places").read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return (
        {str(name): place for name, place in said.items() if isinstance(place, dict)} if isinstance(said, dict) else {}
    )


def _shown(path: str) -> str:
    return path.strip("/").replace("*", "_")


def _copied(source: Path, folder: Path) -> None:
    """Link a file, or copy it where links do not reach: it may be removed while it waits."""
    target = folder / source.name
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
