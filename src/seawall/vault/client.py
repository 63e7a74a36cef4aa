"""How the rest of Seawall asks the vault. It holds a path: it can be pickled, and connects anew after a fork."""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from seawall.errors import InputError, PeerError
from seawall.vault import wire

T = TypeVar("T")

TIMEOUT_S: Final = 60.0  # for an answer: unlocking takes a second, a batch less
SEAL_S: Final = 900.0  # for the vault to seal everything of one source: a million places on a busy machine
BATCH: Final = 2_000
NEEDS_VAULT: Final = "oversight blind: intercept evidence needs the vault: seawall vault unlock"
_START: Final = "start it with: seawall vault serve, then: seawall vault unlock"


class VaultClosedError(InputError):
    """Intercept evidence is there, and no open vault."""

    def __init__(self) -> None:
        super().__init__(NEEDS_VAULT)


@dataclass(frozen=True, slots=True)
class Target:
    """An identifier as it stands in a source, on its way into the vault. It never prints itself."""

    form: str
    value: str
    offset: int  # of its record in the decompressed file, bytes
    length: int
    pointer: str  # within the record, RFC 6901

    def __repr__(self) -> str:
        return "Target(***)"


class VaultClient:
    """Asks the vault behind a socket. Not shared between threads."""

    def __init__(self, path: Path, *, timeout_s: float = TIMEOUT_S, keep: bool = True) -> None:
        self.path, self._timeout_s = path, timeout_s
        self.keep = keep  # false: nothing handed in is remembered (`ingest --explain`)
        self._connection: tuple[int, socket.socket] | None = None

    def status(self) -> dict[str, Any]:
        """Whether it is locked, and whether it has a key. Raises PeerError if nobody serves it."""
        return self._ask({"op": "status"})

    def require_open(self) -> None:
        """Raises VaultClosedError unless the vault is there and open."""
        try:
            locked = self.status()["locked"]
        except PeerError:
            raise VaultClosedError from None
        if locked:
            raise VaultClosedError

    def unlock(self, passphrase: bytes) -> dict[str, Any]:
        """Open it; the first time ever this makes its key. Raises InputError on a wrong passphrase."""
        try:
            return self._ask({"op": "unlock", "passphrase": passphrase.decode("utf-8")})
        except UnicodeDecodeError:
            raise InputError("a passphrase that is not UTF-8", mend="write it in UTF-8") from None

    def lock(self) -> None:
        """Close it and wipe its keys."""
        self._ask({"op": "lock"})

    def commit(self, digest: str, targets: Sequence[Target], country: str = "") -> list[dict[str, Any]]:
        """Commitments of a source's identifiers, in their order; `finish` makes the vault remember them.

        Raises:
            VaultClosedError, InputError, PeerError: nothing of the source is remembered then.
        """
        made: list[dict[str, Any]] = []
        for some in _batches(targets):
            batch = [[t.form, t.value, t.offset, t.length, t.pointer] for t in some]
            made += self._ask({"op": "commit", "source": digest, "country": country, "batch": batch})["committed"]
        return made

    def key_records(self, records: Sequence[bytes]) -> list[bytes]:
        """32 keyed bytes for each raw record, for its event id."""
        import hashlib

        made: list[bytes] = []
        for some in _batches(records):
            hashed = [hashlib.sha256(record).hexdigest() for record in some]
            made += map(bytes.fromhex, self._ask({"op": "record", "records": hashed})["keyed"])
        return made

    def finish(self, digest: str, path: Path | None) -> None:
        """Everything of a source was committed: let the vault remember where it stands."""
        where = str(path.absolute()) if path else ""
        self._ask({"op": "keep", "source": digest, "path": where, "drop": not self.keep}, max(self._timeout_s, SEAL_S))

    def equal(self, questions: Sequence[tuple[str, str, str]]) -> list[bool]:
        """Whether (form, value) is what a commitment stands for. Rate-limited and recorded."""
        return list(self._ask({"op": "equal", "questions": [list(q) for q in questions]})["equal"])

    def contains(self, questions: Sequence[tuple[str, str]]) -> list[bool | None]:
        """Whether the first commitment covers the second; None where the vault knows one of them not."""
        return [
            a
            for some in _batches(questions)
            for a in self._ask({"op": "contains", "questions": [list(q) for q in some]})["contains"]
        ]

    def widths(self, commitments: Sequence[str]) -> list[str | None]:
        """How much each covers: `single`, `/24`, `1000 numbers` …; None where the vault does not know it."""
        return [
            a for some in _batches(commitments) for a in self._ask({"op": "width", "questions": list(some)})["width"]
        ]

    def show(self, question: dict[str, Any]) -> dict[str, Any]:
        """One identifier in clear, against signatures: see `showing.show_request`."""
        return self._ask({"op": "show", **question})

    def close(self) -> None:
        """Let go of the connection; the next question opens another."""
        if self._connection is not None:
            self._connection[1].close()
            self._connection = None

    def _ask(self, request: dict[str, Any], patience_s: float = 0.0) -> dict[str, Any]:
        connection = self._connected()
        connection.settimeout(patience_s or self._timeout_s)
        try:
            with contextlib.suppress(BrokenPipeError):  # turned away before we asked: the reason stands to be read
                connection.sendall(wire.encode(request))
            answer = wire.receive(connection)
        except (OSError, EOFError, wire.BadMessageError) as error:
            self.close()
            why = "took too long" if isinstance(error, TimeoutError) else "stopped answering"
            raise PeerError(
                f"the vault {why}; nothing of the file at hand was kept",
                where=str(self.path),
                mend=f"{_START}, and run again",
            ) from None
        if answer.get("ok") is True:
            return answer
        if answer.get("code") == "locked":
            raise VaultClosedError
        kind = InputError if answer.get("code") == "refused" else PeerError
        self.close()  # start afresh, so that nothing half handed in is taken up again
        where = answer.get("where")
        raise kind(str(answer.get("what")), where=str(where) if where else None, mend=answer.get("mend") or None)

    def _connected(self) -> socket.socket:
        if self._connection is not None and self._connection[0] == os.getpid():
            return self._connection[1]
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            patience = struct.pack("ll", int(self._timeout_s), int(self._timeout_s % 1 * 1e6))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)  # to connect while others queue
            with wire.reachable(self.path) as name:
                connection.connect(name)
            connection.settimeout(self._timeout_s)
        except OSError as error:
            connection.close()
            why = (
                "nobody serves it"
                if isinstance(error, FileNotFoundError | ConnectionRefusedError)
                else str(error.strerror)
            )
            raise PeerError(f"the vault does not answer: {why}", where=str(self.path), mend=_START) from None
        self._connection = (os.getpid(), connection)
        return connection

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path, "_timeout_s": self._timeout_s, "keep": self.keep, "_connection": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __del__(self) -> None:
        with contextlib.suppress(OSError):
            self.close()


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
