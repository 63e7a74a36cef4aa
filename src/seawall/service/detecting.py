"""The detector: finished segments of the spool go into the lake, and what they show is told within seconds.

Two processes. `run` (`serve-detect`) takes what is new: rules and indicators, one event at a time. It starts `settle`
(`serve-settle`) at a lower priority, over and over with pauses, which asks what needs time: correlations, chains and
analytics. Whatever dies, the segment is read again (which adds nothing), and the first act after a start is to settle.
A database that is gone or a disk that is full keeps the segments where they are: they are tried again, and `status`
says why.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from seawall.engine.lake import Lake
from seawall.errors import SeawallError
from seawall.model.case import Case, open_case
from seawall.model.clock import Clock, SystemClock
from seawall.model.settings import Settings, load_settings
from seawall.pipeline import HuntRequest
from seawall.pipeline.cases import case_options, case_site, case_state
from seawall.pipeline.streaming import Looked, Stream
from seawall.service.planning import plan_notices
from seawall.service.spool import Spool
from seawall.service.status import write_status
from seawall.state.outbox import Outbox

BATCH_BYTES: Final = 48 << 20  # of segments taken at once: bounds memory, and how long one look takes
IDLE_S: Final = 0.1
MOST_DEATHS: Final = 5  # over one batch, before its first segment is taken alone; as many again, and it is set aside
FIRST_PAUSE_S: Final = 0.5  # after trouble; it doubles
LONGEST_PAUSE_S: Final = 15.0
STATUS_S: Final = 1.0
UPKEEP_S: Final = 3_600.0
_NICE: Final = 10


@dataclass(slots=True)
class Tally:
    """What the detector has done since it started, for `/metrics`."""

    segments: int = 0
    events: int = 0
    findings: int = 0
    rejected: int = 0
    aside: int = 0  # segments over which the process died again and again, kept in spool/aside
    settled: int = 0
    settle_s: float = 0.0  # the last one took so long
    failures: int = 0
    why: str = ""  # of the trouble it is in
    latency_s: deque[float] = field(default_factory=lambda: deque(maxlen=2_000))  # sealing to told, of each segment

    def said(self, waiting: tuple[int, int]) -> dict[str, Any]:
        """For the status file."""
        held = sorted(self.latency_s)
        counts = {
            name: getattr(self, name) for name in ("segments", "events", "findings", "rejected", "aside", "failures")
        }
        return {
            "health": "degraded" if self.why else "ok",
            "why": [self.why] if self.why else [],
            "counts": counts | {"settled": self.settled},
            "gauges": {
                "spool_waiting_segments": waiting[0],
                "spool_waiting_bytes": waiting[1],
                "settle_seconds": round(self.settle_s, 3),
                "latency_p50_seconds": round(_share(held, 0.5), 3),
                "latency_p99_seconds": round(_share(held, 0.99), 3),
            },
        }


def _share(held: list[float], share: float) -> float:
    return held[min(int(len(held) * share), len(held) - 1)] if held else 0.0


def request_of(case: Case, settings: Settings, clock: Clock) -> HuntRequest:
    """What the service asks of a case: its own site, settings and rule options."""
    return HuntRequest(
        case=case, settings=settings, site=case_site(case, None), reading=case_options(case), clock=clock, jobs=1
    )


def settings_of(case: Case, config: Path | None) -> Settings:
    """The settings file named, else the case's own."""
    return load_settings(config or case.settings_file)


def run(case_folder: Path, config: Path | None = None, *, clock: Clock | None = None) -> None:
    """Detect until told to stop (SIGTERM)."""
    stopping = _until_told()
    clock = clock or SystemClock()
    case = open_case(case_folder, clock)
    detector = Detector(case, settings_of(case, config), clock, config)
    try:
        detector.warm()
        while not stopping():
            detector.turn()
    finally:
        detector.close()


class Detector:
    """One case's detector; `turn` is one step of its endless loop."""

    def __init__(self, case: Case, settings: Settings, clock: Clock, config: Path | None = None) -> None:
        self._case, self._settings, self._clock, self._config = case, settings, clock, config
        self.spool = Spool(case.folder / "spool", kept_bytes=settings.serve.spool_keep_mb << 20)
        self._trying = self.spool.folder / "trying"
        self.tally = Tally()
        self._stream = Stream(request_of(case, settings, clock))
        self._settling: subprocess.Popen[bytes] | None = None
        self._settle_began = 0.0
        self._settle_next = 0.0  # at once: whatever came before the start
        self._unsettled = True
        self._pause = FIRST_PAUSE_S
        self._said = 0.0

    def warm(self) -> None:
        """Be ready before the first segment is. Trouble is left to the first turn, which says it."""
        write_status(self._case.folder, "detect", self.tally.said(self.spool.waiting()))
        with contextlib.suppress(SeawallError):
            self._stream.warm()

    def turn(self) -> None:
        """Take what waits, start or end settling, say how it goes; or wait a little if there is nothing."""
        took = self._take()
        self._settle()
        if time.monotonic() - self._said >= STATUS_S:
            self._said = time.monotonic()
            write_status(self._case.folder, "detect", self.tally.said(self.spool.waiting()))
        if not took:
            time.sleep(self._pause if self.tally.why else IDLE_S)

    def _take(self) -> bool:
        paths = self._tried(batch(self.spool))
        if not paths:
            return False
        try:
            looked = self._stream.take(paths)
            self._tell(looked)
        except (SeawallError, OSError) as error:
            self._trying.unlink(missing_ok=True)  # not the segment's fault, as far as we know: it waits
            self._trouble(error)
            return False
        self._trying.unlink(missing_ok=True)
        self.tally.why, self._pause = "", FIRST_PAUSE_S
        now = time.time()
        for path in paths:
            with contextlib.suppress(OSError):
                self.tally.latency_s.append(max(now - path.stat().st_mtime, 0.0))
            self.spool.done(path)
        self.tally.segments += len(paths)
        self.tally.events += looked.events
        self.tally.findings += len(looked.new)
        self.tally.rejected += sum(file.rejected for file in looked.files)
        self._unsettled = self._unsettled or looked.events > 0
        return True

    def _tried(self, paths: list[Path]) -> list[Path]:
        """What of these to take now. A segment over which this process died again and again is first taken alone,
        then set aside, and counted: no single one may end detection for all that follow."""
        if not paths:
            return paths
        name, tries = paths[0].name, 0
        with contextlib.suppress(OSError, ValueError):
            before, _, count = self._trying.read_text(encoding="utf-8").partition(" ")
            tries = int(count) if before == name else 0
        if tries >= 2 * MOST_DEATHS:
            aside = self.spool.folder / "aside"
            aside.mkdir(mode=0o700, exist_ok=True)
            paths[0].rename(aside / name)
            self.tally.aside += 1
            paths, tries = paths[1:2], 0
        elif tries >= MOST_DEATHS:
            paths = paths[:1]
        if paths:
            with contextlib.suppress(OSError):  # a full disk: `take` will say so
                self._trying.write_text(f"{paths[0].name} {tries + 1}", encoding="utf-8")
        return paths

    def _tell(self, looked: Looked) -> None:
        if looked.incidents is not None:
            tell(self._case, self._settings, looked, self._clock)

    def _trouble(self, error: Exception) -> None:
        self.tally.failures += 1
        self._unsettled = True
        self.tally.why = f"new events wait: {error}"
        self._pause = min(self._pause * 2, LONGEST_PAUSE_S)

    def _settle(self) -> None:
        """Start the other process when it is time, and note when it ends. Its pause grows with what it takes."""
        if self._settling is not None:
            code = self._settling.poll()
            if code is None:
                return
            took = time.monotonic() - self._settle_began
            rest = took * (1 / max(min(self._settings.detect.settle_share, 1.0), 0.01) - 1)
            self._settle_next = time.monotonic() + max(self._settings.detect.settle_s, rest)
            self._settling = None
            if code == 0:
                self.tally.settled += 1
                self.tally.settle_s = took
            else:
                self._unsettled = True
                self.tally.failures += 1
            return
        if self._unsettled and time.monotonic() >= self._settle_next:
            self._unsettled = False
            self._settle_began = time.monotonic()
            with_us = {**os.environ, "SEAWALL_SUPERVISOR": str(os.getpid())}  # it ends when we do, however we do
            self._settling = subprocess.Popen(self._command(), stdin=subprocess.DEVNULL, env=with_us)  # noqa: S603

    def _command(self) -> list[str]:
        config = ["--config", str(self._config)] if self._config else []
        return [sys.executable, "-m", "seawall", "serve-settle", "--case", str(self._case.folder), *config]

    def close(self) -> None:
        """End the other process, and let go of the lake."""
        if self._settling is not None and self._settling.poll() is None:
            self._settling.terminate()
            try:
                self._settling.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self._settling.kill()
                self._settling.wait()
        self._stream.close()


def settle(case_folder: Path, config: Path | None = None, *, clock: Clock | None = None) -> Looked:
    """Ask everything once, tell what is new, and let go of what is older than it may be kept."""
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    clock = clock or SystemClock()
    case = open_case(case_folder, clock, create=False)
    settings = settings_of(case, config)
    stream = Stream(request_of(case, settings, clock))
    try:
        looked = stream.settle()
        tell(case, settings, looked, clock, again=True)
        keep_within(case, settings, clock)
    finally:
        stream.close()
    return looked


def tell(case: Case, settings: Settings, looked: Looked, clock: Clock, *, again: bool = False) -> None:
    """Put what is to be sent into the outbox, once for ever; the process that sends takes it from there.

    `again`: not only what this look found, but whatever a look that died before this line left untold.
    """
    now, days = clock.now(), settings.detect.look_back_days
    with case_state(case, settings) as state:
        held = state.findings()
        recent = [one for one in held if days <= 0 or now - one.last <= timedelta(days=days)]
        plan_notices(Outbox(state), settings, looked.incidents or (), recent if again else looked.new, held, now)


def keep_within(case: Case, settings: Settings, clock: Clock) -> None:
    """Let go of events and findings older than the settings keep, once a day; a legal hold keeps all."""
    mark = case.asked / "retained"
    with contextlib.suppress(FileNotFoundError):
        if clock.now().timestamp() - mark.stat().st_mtime < 24 * UPKEEP_S:
            return
    if settings.lake.retention_days > 0:
        before = clock.now() - timedelta(days=settings.lake.retention_days)
        Lake(case.lake, clock=clock, memory_mb=settings.lake.memory_mb).retain(before, settings.lake.legal_hold)
    if settings.state.retention_days > 0 and not (settings.state.legal_hold or settings.lake.legal_hold):
        line = clock.now() - timedelta(days=settings.state.retention_days)
        with case_state(case, settings) as state:
            state.forget(line)
            Outbox(state).forget(line)
    mark.touch()


def batch(spool: Spool) -> list[Path]:
    """The oldest finished segments, so many as one look takes."""
    taken: list[Path] = []
    size = 0
    for path in spool.ready():
        try:
            size += path.stat().st_size
        except FileNotFoundError:
            continue
        if taken and size > BATCH_BYTES:
            break
        taken.append(path)
    return taken


def _until_told() -> Callable[[], bool]:
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    signal.signal(signal.SIGINT, lambda number, _frame: told.append(number))
    return lambda: bool(told)
