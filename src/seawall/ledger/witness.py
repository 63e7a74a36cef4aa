"""A witness: remembers how far it has seen each log, and signs only what goes on from there (C2SP tlog-witness).

Its folder holds `witness.key`, `logs` (a policy of logs alone) and `seen/<SHA-256 of the origin>/checkpoint`, the last
one it signed. What it has seen is on the disk before the answer leaves; a log whose memory is lost is not served, as
the witness could be led back.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.disk.locks import lock_writer
from seawall.errors import InputError
from seawall.ledger.checkpoint import Checkpoint, parse, read_hash
from seawall.ledger.keys import load_key, make_key
from seawall.ledger.merkle import EMPTY_ROOT, verify_consistency
from seawall.ledger.note import COSIGNATURE, Note, SigningKey, VerifierKey, read_note, read_verifier_key, verified
from seawall.ledger.policy import Policy, load_policy
from seawall.model.clock import Clock, SystemClock

MAX_PROOF_LINES: Final = 63
MAX_REQUEST_BYTES: Final = 64 << 10
SIZE_TYPE: Final = "text/x.tlog.size"
TEXT_TYPE: Final = "text/plain; charset=utf-8"
_OLD: Final = re.compile(r"old (0|[1-9][0-9]{0,18})")
_NOTHING: Final = b"nothing seen yet\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness says to a request, in the terms of HTTP."""

    status: int
    body: bytes
    type: str = TEXT_TYPE


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a signature under a checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def read_request(body: bytes, *, where: str = "request") -> Request:
    """Take an add-checkpoint body apart. Raises InputError if it is none."""
    head, gap, note = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise InputError("not ASCII", where=where) from None
    old = _OLD.fullmatch(first)
    if not gap or old is None or len(lines) > MAX_PROOF_LINES:
        raise InputError("not `old <size>`, at most 63 hashes, an empty line and a checkpoint", where=where)
    signed = read_note(note, where=where)
    proof = tuple(read_hash(line, where=where) for line in lines)
    return Request(int(old[1]), proof, signed, parse(signed.text, where=where))


class Witness:
    """The only one that signs with the key in `folder`."""

    def __init__(self, folder: Path, *, clock: Clock, disk: Disk | None = None) -> None:
        self._folder, self._clock, self._disk = folder, clock, disk or Disk()
        self._key: SigningKey = load_key(folder / "witness.key")
        self._lock = lock_writer(folder, clock, what="the witness")
        self._mutex = threading.Lock()
        self._logs: dict[str, list[VerifierKey]] = {}
        for key in load_policy(folder / "logs").logs:
            self._logs.setdefault(key.name, []).append(key)
        for origin in self._logs:
            self._seen(origin)  # refuses to start without its memory

    @property
    def key(self) -> VerifierKey:
        """The key its signatures are verified with."""
        return self._key.public

    @property
    def origins(self) -> tuple[str, ...]:
        """The logs it watches."""
        return tuple(self._logs)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer a request: 200 with a signature, or why not (400, 403, 404, 409, 422)."""
        try:
            request = read_request(body)
        except InputError as error:
            return _no(400, str(error))
        keys = self._logs.get(request.checkpoint.origin)
        if keys is None:
            return _no(404, "this log is not watched here")
        try:
            verified(request.note, keys)
        except InputError as error:
            return _no(403, str(error))
        if request.old > request.checkpoint.size:
            return _no(400, "the old size is greater than the new")
        with self._mutex:  # looking and storing are one step, else a slow request could lead us back
            return self._judge(request)

    def latest(self, origin_hash: str) -> bytes | None:
        """The last checkpoint signed for the log whose origin has this SHA-256 (hex); None if there is none."""
        if origin_hash not in {_place(origin) for origin in self._logs}:
            return None
        raw = (self._folder / "seen" / origin_hash / "checkpoint").read_bytes()
        return None if raw == _NOTHING else raw

    def close(self) -> None:
        """Let another process be this witness."""
        self._lock.release()

    def _judge(self, request: Request) -> Answer:
        new, seen = request.checkpoint, self._seen(request.checkpoint.origin)
        size = seen.size if seen else 0
        if request.old != size:
            return Answer(409, b"%d\n" % size, SIZE_TYPE)
        if new.size == 0 and new.root != EMPTY_ROOT:
            return _no(422, "an empty log has the empty root")
        if size == 0:
            good = not request.proof
        else:
            assert seen is not None
            good = verify_consistency(size, new.size, request.proof, seen.root, new.root)
        if not good:
            return _no(422, f"this does not go on from the {size} entries seen before")
        signature = self._key.cosign(request.note.text, int(self._clock.now().timestamp()))
        log_signatures = [s for key, s in verified(request.note, self._logs[new.origin])]
        note = Note(request.note.text, (*log_signatures, signature))
        with disk_trouble(self._folder):
            self._disk.write_file(self._folder / "seen" / _place(new.origin) / "checkpoint", note.encoded)
        return Answer(200, signature.line.encode())

    def _seen(self, origin: str) -> Checkpoint | None:
        path = self._folder / "seen" / _place(origin) / "checkpoint"
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            raise InputError(
                f"what was seen of {origin} is lost, so nothing more of it is signed",
                where=str(path),
                mend="retire this witness for that log; a new one starts with a new key",
            ) from None
        return None if raw == _NOTHING else parse(read_note(raw, where=str(path)).text, where=str(path))


def make_witness(folder: Path, name: str, disk: Disk | None = None) -> VerifierKey:
    """Make a witness with a key of its own; returns the key others verify with. Raises InputError if there is one."""
    return make_key(folder / "witness.key", name, COSIGNATURE, disk or Disk()).public


def watch(folder: Path, vkey: str, disk: Disk | None = None) -> VerifierKey:
    """Have a witness that is not running watch a log from its first entry on. Raises InputError."""
    load_key(folder / "witness.key")
    disk, key = disk or Disk(), read_verifier_key(vkey)
    lock = lock_writer(folder, SystemClock(), what="the witness")
    try:
        return _watch(folder, key, disk)
    finally:
        lock.release()


def _watch(folder: Path, key: VerifierKey, disk: Disk) -> VerifierKey:
    policy = load_policy(folder / "logs")
    if key in policy.logs:
        return key
    known = Policy((*policy.logs, key))
    seen = folder / "seen" / _place(key.name)
    with disk_trouble(folder):
        if not (seen / "checkpoint").exists():
            disk.make_folder(seen)
            disk.write_file(seen / "checkpoint", _NOTHING)
        disk.write_file(folder / "logs", known.text.encode())
    return key


def _place(origin: str) -> str:
    return sha256(origin.encode()).hexdigest()


def _no(status: int, why: str) -> Answer:
    return Answer(status, f"{why}\n".encode())
