"""The vault's own process: a Unix socket in the case (mode 0600) for a bounded number of clients of its own user.

Every client waits its turn; none can hold the vault: messages and their time are bounded, whatever the bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from seawall.disk.locks import Lock
from seawall.errors import InputError, SeawallError
from seawall.vault import wire
from seawall.vault.service import Caller, LockedError, Vault

MAX_CLIENTS: Final = 64
MESSAGE_S: Final = 10.0  # for the rest of a message whose first byte came
LINGER_S: Final = 1.0  # so that a caller we turn away reads why
IDLE_S: Final = 600.0  # between messages
_PEER: Final = struct.Struct("3i")  # pid, uid, gid: SO_PEERCRED


class Server:
    """Serves one vault until it is told to stop."""

    def __init__(self, vault: Vault, path: Path, say: Callable[[str], None], *, lock_after_s: float = 0.0) -> None:
        self._vault, self._path, self._say = vault, path, say
        self._lock_after_s = lock_after_s
        self._clients: set[asyncio.Task[Any]] = set()
        self._used = 0.0
        self._stop: asyncio.Event | None = None

    async def serve(self, ready: Callable[[], None] | None = None) -> None:
        """Listen until SIGTERM, SIGINT or `stop`. Raises InputError if another process serves this vault."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: self._say(f"vault: {type(context.get('exception')).__name__}"))
        self._stop = asyncio.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self._stop.set)
        turn = self._only_one()
        listener = self._listen()
        try:
            async with await asyncio.start_unix_server(self._client, sock=listener, limit=wire.MAX_MESSAGE_BYTES):
                if ready:
                    ready()
                await self._until_stopped()
                for task in list(self._clients):
                    task.cancel()
                await asyncio.gather(*self._clients, return_exceptions=True)
        finally:
            self._vault.lock()
            self._path.unlink(missing_ok=True)
            turn.release()

    def stop(self) -> None:
        """Let `serve` return; to be called in its loop."""
        if self._stop is not None:
            self._stop.set()

    async def _until_stopped(self) -> None:
        assert self._stop is not None
        while not self._stop.is_set():
            try:
                await asyncio.wait_for(self._stop.wait(), 15.0)
            except TimeoutError:
                idle = asyncio.get_running_loop().time() - self._used
                if self._lock_after_s and idle > self._lock_after_s and not self._vault.locked:
                    self._vault.lock()
                    self._say(f"vault: locked, nobody asked for {idle / 60:.0f} min")

    def _only_one(self) -> Lock:
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(self._path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise InputError(
                "this vault is served already", where=str(self._path), mend="use the one that runs"
            ) from None
        return Lock(descriptor)

    def _listen(self) -> socket.socket:
        self._path.unlink(missing_ok=True)  # of a process that died: we hold the lock
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        umask = os.umask(0o177)
        try:
            with wire.reachable(self._path) as name:
                listener.bind(name)
        finally:
            os.umask(umask)
        os.chmod(self._path, 0o600)
        listener.listen(128)
        listener.setblocking(False)
        return listener

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            caller = self._caller(writer)
            if len(self._clients) > MAX_CLIENTS:
                await self._send(
                    writer, _refusal("busy", f"the vault has {MAX_CLIENTS} clients already", "try again later")
                )
            elif caller is None:
                await self._send(writer, _refusal("refused", "the vault answers its own user only", "run as that user"))
                await asyncio.wait_for(reader.read(1), LINGER_S)  # closing on an unread question would lose our answer
            else:
                await self._converse(reader, writer, caller)
        except (TimeoutError, OSError, EOFError, asyncio.CancelledError):
            pass  # a client that left or stalled, or the end of serving; what was not finished is forgotten
        except wire.BadMessageError as error:
            await self._farewell(writer, str(error))
        finally:
            self._clients.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _caller(self, writer: asyncio.StreamWriter) -> Caller | None:
        """Who it is, from the kernel; None if it is another user."""
        pid, uid, _ = _PEER.unpack(
            writer.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
        )
        return Caller(uid, pid) if uid == os.geteuid() else None

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, caller: Caller) -> None:
        while True:
            first = await asyncio.wait_for(reader.readexactly(1), IDLE_S)
            async with asyncio.timeout(MESSAGE_S):
                length = wire.body_length(first + await reader.readexactly(3))
                request = wire.decode(await reader.readexactly(length))
            self._used = asyncio.get_running_loop().time()
            await self._send(writer, self._answer(request, caller))

    def _answer(self, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """An answer, or a refusal. An error of our own says its type and nothing else: its text may quote a value."""
        try:
            return {"ok": True, **self._vault.answer(request, caller)}
        except LockedError as error:
            return _refusal("locked", error.what, error.mend)
        except SeawallError as error:
            return _refusal("refused", error.what, error.mend, error.where)
        except Exception as error:  # noqa: BLE001 - the vault's outer door: a traceback could carry an identifier
            self._say(f"vault: an error of our own: {type(error).__name__}")
            return _refusal("fault", f"an error of the vault's own: {type(error).__name__}", "tell us")

    async def _send(self, writer: asyncio.StreamWriter, message: dict[str, Any]) -> None:
        writer.write(wire.encode(message))
        await asyncio.wait_for(writer.drain(), MESSAGE_S)

    async def _farewell(self, writer: asyncio.StreamWriter, why: str) -> None:
        try:
            await self._send(writer, _refusal("refused", f"no message of the vault's: {why}", None))
        except (OSError, TimeoutError):
            return


def _refusal(code: str, what: str, mend: str | None, where: str | None = None) -> dict[str, Any]:
    return {"ok": False, "code": code, "what": what, "mend": mend, "where": where}


def no_tracebacks() -> None:
    """An unforeseen error of this process says its type only."""
    sys.excepthook = lambda kind, *_: print(f"vault: an error of our own: {kind.__name__}", file=sys.stderr)
