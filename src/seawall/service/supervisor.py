"""One process that starts the others as command lines, starts them again when they end, and stops them in order.

It reads no evidence and opens no port, so there is little in it that could fail. A child that ends is started again
after a pause that doubles up to `LONGEST_PAUSE_S`; one that lived for `SETTLED_S` starts afresh at once. When told to
stop (SIGTERM, Ctrl-C), collectors end first and leave everything in the spool, then the detector, then the rest. When
the supervisor itself is killed, the kernel tells its children, and they end the same way.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

from seawall.service.fdstore import VARIABLE, Store
from seawall.service.status import write_status

FIRST_PAUSE_S: Final = 0.25
LONGEST_PAUSE_S: Final = 30.0
SETTLED_S: Final = 30.0
PATIENCE_S: Final = {0: 15.0, 1: 60.0, 2: 10.0}  # for each rank to end when told
_LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Child:
    """A process of the service."""

    name: str
    arguments: tuple[str, ...]  # of `seawall`
    rank: int = 2  # when it stops: 0 collectors, 1 detector, 2 the rest
    holds_sockets: bool = False


@dataclass
class _Running:
    child: Child
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    pause: float = 0.0
    again: float = 0.0  # when it may start again
    starts: int = 0
    ended: str = ""  # how it ended last
    store: Store = field(default_factory=Store)
    channel: socket.socket | None = None


class Supervisor:
    """Keeps children running until it is told to stop.

    `say` gets one line for everything worth knowing; `environment` is added to that of the children.
    """

    def __init__(
        self,
        case_folder: Path,
        children: Sequence[Child],
        say: Callable[[str], None],
        *,
        environment: dict[str, str] | None = None,
    ) -> None:
        self._case_folder, self._say = case_folder, say
        self._environment = environment or {}
        self._running = [_Running(child) for child in children]
        self._selector = selectors.DefaultSelector()
        self._stopping = False

    def run(self) -> None:
        """Start everything; returns once told to stop and everything has ended."""
        _raise_limit()
        with self._signals():
            for one in self._running:
                self._start(one)
            while not self._stopping:
                self._wait(_LOOK_S)
                self._look()
                self._tell()
            self._stop_all()
        self._selector.close()

    def stop(self) -> None:
        """Have `run` end soon."""
        self._stopping = True

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        ours, wake = socket.socketpair()
        for end in (ours, wake):
            end.setblocking(False)
        self._selector.register(ours, selectors.EVENT_READ, None)

        def told(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a handler's signature
            self._stopping = True

        before = {number: signal.signal(number, told) for number in (signal.SIGTERM, signal.SIGINT)}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        old = signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(old)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.unregister(ours)
            ours.close()
            wake.close()

    def _start(self, one: _Running) -> None:
        environment = {**os.environ, **self._environment, "SEAWALL_SUPERVISOR": str(os.getpid())}
        passed: tuple[int, ...] = ()
        theirs: socket.socket | None = None
        if one.child.holds_sockets:
            one.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            one.channel.setblocking(False)
            self._selector.register(one.channel, selectors.EVENT_READ, one)
            environment[VARIABLE], passed = str(theirs.fileno()), (theirs.fileno(),)
        command = [sys.executable, "-m", "seawall", *one.child.arguments]
        try:
            one.process = subprocess.Popen(  # noqa: S603 - our own command line, no shell
                command, stdin=subprocess.DEVNULL, env=environment, pass_fds=passed, process_group=0
            )
        except OSError as error:
            one.process, one.ended = None, f"cannot be started: {error.strerror}"
            self._later(one)
        finally:
            if theirs is not None:
                theirs.close()
        one.began = time.monotonic()
        one.starts += 1
        if one.process is not None:
            self._say(f"{one.child.name}: started, process {one.process.pid}")

    def _look(self) -> None:
        """Take note of children that ended; start those whose pause is over."""
        now = time.monotonic()
        for one in self._running:
            if one.process is not None and (code := one.process.poll()) is not None:
                one.process = None
                one.ended = f"ended with {code}" if code >= 0 else f"killed by signal {-code}"
                self._hang_up(one)
                if now - one.began >= SETTLED_S:
                    one.pause = 0.0
                self._later(one)
                self._say(f"{one.child.name}: {one.ended}; starts again in {one.again - now:.2f} s")
            if one.process is None and now >= one.again:
                self._start(one)

    def _later(self, one: _Running) -> None:
        one.pause = min(LONGEST_PAUSE_S, one.pause * 2 if one.pause else FIRST_PAUSE_S)
        one.again = time.monotonic() + one.pause

    def _hang_up(self, one: _Running) -> None:
        if one.channel is not None:
            one.store.answer(one.channel)  # what it said before it died
            self._selector.unregister(one.channel)
            one.channel.close()
            one.channel = None

    def _wait(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(timeout_s):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    while key.fileobj.recv(4096):  # type: ignore[union-attr]
                        pass
            elif key.data.channel is not None and not key.data.store.answer(key.data.channel):
                self._selector.unregister(key.data.channel)
                key.data.channel.close()
                key.data.channel = None

    def _tell(self) -> None:
        down = [f"{one.child.name} {one.ended}" for one in self._running if one.process is None]
        children: dict[str, Any] = {
            one.child.name: {
                "pid": one.process.pid if one.process else None,
                "starts": one.starts,
                "ended": one.ended,
                "sockets_held": len(one.store.descriptors),
            }
            for one in self._running
        }
        said = {"health": "degraded" if down else "ok", "why": down, "children": children}
        write_status(self._case_folder, "serve", said)

    def _stop_all(self) -> None:
        self._say("stopping: collectors first, then what reads the spool")
        for rank, patience_s in sorted(PATIENCE_S.items()):
            ending = [one for one in self._running if one.child.rank == rank and one.process is not None]
            for one in ending:
                assert one.process is not None, "it was running a line ago"
                one.process.terminate()
            until = time.monotonic() + patience_s
            while any(one.process.poll() is None for one in ending if one.process) and time.monotonic() < until:
                self._wait(0.1)
            for one in ending:
                assert one.process is not None, "it was running a line ago"
                if one.process.poll() is None:
                    self._say(f"{one.child.name}: did not end within {patience_s:g} s, and is killed")
                    one.process.kill()
                one.process.wait()
                self._hang_up(one)
                one.store.close()
        write_status(self._case_folder, "serve", {"health": "stopped", "why": [], "children": {}})


def end_with_supervisor() -> None:
    """Have this process told to end (SIGTERM) when the supervisor that started it is gone."""
    parent = os.environ.get("SEAWALL_SUPERVISOR", "")
    if not parent.isdigit():
        return
    import ctypes

    set_parent_death_signal = 1  # PR_SET_PDEATHSIG, prctl(2)
    ctypes.CDLL(None, use_errno=True).prctl(set_parent_death_signal, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != int(parent):  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def _raise_limit() -> None:
    """As many open files as we may have: thousands of senders may stay connected."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
