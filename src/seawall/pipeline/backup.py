"""A case in one file and back: state, ledger, lake, decisions and settings, as of one moment; private keys only sealed.

The file is a tar archive. Its first member, `seawall-backup.json`, says what it holds; its last, `digests.json`, the
SHA-256 of every other, so that a cut or altered file is seen before anything is written in its place. The lake is one
snapshot (its manifest, and the parts that names), the ledger the entries up to a published head, the state rows read in
one transaction and laid down as a SQLite database, whatever database they came from. What can be made anew (memory
of what was asked, the index of ids) and what was not read yet (the spool) is left out.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from seawall import __version__
from seawall.disk.durable import disk_trouble
from seawall.engine.lake import Lake
from seawall.errors import InputError, UsageError
from seawall.ledger import open_ledger
from seawall.model.case import MARKER, Case
from seawall.model.clock import Clock
from seawall.model.finding import utc_text
from seawall.model.settings import Settings
from seawall.people.sealed import seal, unseal
from seawall.pipeline.cases import state_url
from seawall.state.copying import copy_state

FORMAT: Final = 1
HEAD: Final = "seawall-backup.json"
DIGESTS: Final = "digests.json"
STATE: Final = "state.db"
KEYS: Final = "keys.sealed"
PURPOSE: Final = "seawall backup keys"
_LEFT_OUT: Final = frozenset(
    {"lake", "asked", "spool", "service", "keys", "vault", "state.db", "state.db-wal", "state.db-shm"}
)
_MOST_MEMBERS: Final = 5_000_000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup holds."""

    file: Path
    uuid: str
    made: datetime  # UTC
    members: int
    bytes: int
    keys: bool  # whether private keys are in it, sealed
    findings: int
    entries: int  # of the ledger


def backup(case: Case, settings: Settings, target: Path, clock: Clock, *, passphrase: bytes | None = None) -> BackedUp:
    """Write a case into `target`, a file that must not be there. With a passphrase its keys go in, sealed.

    Raises:
        InputError: the file is there, the disk is full, or a part of the case is damaged.
    """
    if target.exists():
        raise InputError("is there already, and nothing is overwritten", where=str(target), mend="name a new file")
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        with disk_trouble(target), tempfile.TemporaryDirectory(dir=target.parent, prefix=".seawall-backup-") as room:
            made = _write(case, settings, partial, Path(room), clock, passphrase)
            verify(partial)
            os.link(partial, target)  # never over a file that came meanwhile
    except FileExistsError:
        raise InputError(
            "is there already, and nothing is overwritten", where=str(target), mend="name a new file"
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    return BackedUp(target, case.uuid, clock.now(), made["members"], target.stat().st_size, made["keys"],
                    made["findings"], made["entries"])  # fmt: skip


def _write(
    case: Case, settings: Settings, partial: Path, room: Path, clock: Clock, passphrase: bytes | None
) -> dict[str, Any]:
    lake = Lake(case.lake, clock=clock)
    findings = copy_state(state_url(case, settings), room / STATE)
    digests: dict[str, str] = {}
    with open_ledger(case, clock=clock) as ledger, ledger.exclusive():
        ledger.publish()
        entries = ledger.size
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
            head = {"format": FORMAT, "case": case.uuid, "made": utc_text(clock.now()), "seawall": __version__,
                    "keys": passphrase is not None, "findings": findings, "entries": entries}  # fmt: skip
            _add_bytes(tar, HEAD, json.dumps(head, indent=1).encode(), digests)
            _add_file(tar, STATE, room / STATE, digests)
            for path in _small_files(case.folder):
                _add_file(tar, path.relative_to(case.folder).as_posix(), path, digests)
            snapshot = lake.hold()
            try:
                _add_bytes(tar, "lake/manifest.json", lake.manifest_bytes(), digests)
                for name in (*(part.name for part in snapshot.parts),):
                    _add_file(tar, f"lake/parts/{name}", case.lake / "parts" / name, digests)
            finally:
                lake.close()
            if passphrase is not None:
                _add_bytes(tar, KEYS, _sealed_keys(case, passphrase), digests)
            _add_bytes(tar, DIGESTS, json.dumps(digests, sort_keys=True).encode(), {})
            raw.flush()
        with partial.open("rb") as written:
            os.fsync(written.fileno())
    return {"members": len(digests), "findings": findings, "entries": entries, "keys": passphrase is not None}


def _small_files(folder: Path) -> Iterator[Path]:
    """Every plain file of the case but those that are copied in a way of their own, or can be made anew."""
    for top in sorted(folder.iterdir()):
        if top.name in _LEFT_OUT or (top.name.startswith(".") and top.name != MARKER):
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.endswith((".lock", ".tmp", ".partial")):
                yield path


def _sealed_keys(case: Case, passphrase: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder in (case.keys, case.vault):
            for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if path.is_file() and not path.is_symlink():
                    tar.add(path, path.relative_to(case.folder).as_posix())
    return seal(buffer.getvalue(), passphrase, PURPOSE)


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes, digests: dict[str, str]) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    tar.addfile(info, io.BytesIO(data))
    digests[name] = hashlib.sha256(data).hexdigest()


def _add_file(tar: tarfile.TarFile, name: str, path: Path, digests: dict[str, str]) -> None:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        digest = hashlib.sha256()
        tar.addfile(info, _Hashing(file, digest))
    digests[name] = digest.hexdigest()


class _Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes], digest: Any) -> None:
        self._file, self._digest = file, digest

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._digest.update(data)
        return data


def verify(file: Path) -> dict[str, Any]:
    """What a backup says of itself, once every member has been read and is what it was.

    Raises:
        InputError: it is none of ours, cut short, altered, or of a later version.
    """
    head: dict[str, Any] = {}
    seen: dict[str, str] = {}
    digests: dict[str, str] | None = None
    for name, stream in _members(file):
        if not head and name != HEAD:
            raise _damaged(file, "it does not begin as a backup does")
        digest, kept = hashlib.sha256(), io.BytesIO()
        while block := stream.read(_BLOCK):
            digest.update(block)
            if name in (HEAD, DIGESTS):
                kept.write(block)
        if name == HEAD:
            head = _head(file, kept.getvalue())
        if name == DIGESTS:
            digests = _json(file, kept.getvalue())
        elif name in seen:
            raise _damaged(file, f"{name} is in it twice")
        else:
            seen[name] = digest.hexdigest()
    if digests is None:
        raise _damaged(file, "it is cut short")
    if seen != digests:
        wrong = sorted(name for name in {*seen, *digests} if seen.get(name) != digests.get(name))
        raise _damaged(file, f"{wrong[0]} is not what was written (and {len(wrong) - 1} more)")
    return head


class _Reading(io.RawIOBase):
    """A member's content; an archive that ends in the middle of it is damaged, wherever it is read."""

    def __init__(self, file: Path, stream: IO[bytes]) -> None:
        self._file, self._stream = file, stream

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except (tarfile.TarError, EOFError, OSError) as error:
            raise _damaged(self._file, str(error)) from None


def _members(file: Path) -> Iterator[tuple[str, io.RawIOBase]]:
    """Plain members, in order, by names that stay below the folder they are unpacked into."""
    try:
        with tarfile.open(file, mode="r:") as tar:
            for number, info in enumerate(tar):
                parts = info.name.split("/")
                if not info.isfile() or number > _MOST_MEMBERS or any(part in ("", ".", "..") for part in parts):
                    raise _damaged(file, f"member {number + 1} is no plain file of a case")
                stream = tar.extractfile(info)
                assert stream is not None, "a plain file has content"
                yield info.name, _Reading(file, stream)
    except FileNotFoundError:
        raise InputError("no such file", where=str(file), mend="name a backup") from None
    except (tarfile.TarError, EOFError, OSError, UnicodeError, ValueError) as error:
        raise _damaged(file, str(error)) from None


def _head(file: Path, raw: bytes) -> dict[str, Any]:
    head = _json(file, raw)
    if head.get("format") != FORMAT:
        raise InputError(
            f"a backup of format {head.get('format')}", where=str(file), mend="use the version that wrote it"
        )
    return head


def _json(file: Path, raw: bytes) -> dict[str, Any]:
    try:
        made = json.loads(raw)
    except (ValueError, RecursionError):
        raise _damaged(file, "its list cannot be read") from None
    if not isinstance(made, dict):
        raise _damaged(file, "its list is none")
    return made


def _damaged(file: Path, what: str) -> InputError:
    return InputError(
        f"damaged, or no backup: {what}", where=str(file), mend="take another backup; nothing was written"
    )


def restore(
    file: Path, folder: Path, *, passphrase: bytes | None = None, url: str = "", without_keys: bool = False
) -> dict[str, Any]:
    """Bring a case back into `folder`, which must be empty or not be there. `url`: a database that gets its state.

    Everything is read and checked once before the first byte is written, then unpacked beside and put in place.

    Raises:
        InputError: the file is damaged, the folder holds something, the passphrase is wrong, the database is not empty.
        UsageError: keys are in it and no passphrase was given.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            "holds something, and nothing is overwritten", where=str(folder), mend="name an empty or new folder"
        )
    head = verify(file)
    if head.get("keys") and passphrase is None and not without_keys:
        raise UsageError("keys are in it, sealed", mend="give --passphrase-file, or --without-keys")
    folder.parent.mkdir(parents=True, exist_ok=True)
    room = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".seawall-restore-"))
    try:
        with disk_trouble(folder):
            _unpack(file, room, passphrase)
            if url:
                copy_state(f"sqlite:///{room / STATE}", url)
                (room / STATE).unlink()
            if folder.exists():
                folder.rmdir()
            room.rename(folder)
    finally:
        shutil.rmtree(room, ignore_errors=True)
    return head


def _unpack(file: Path, room: Path, passphrase: bytes | None) -> None:
    sealed = b""
    for name, stream in _members(file):
        if name in (HEAD, DIGESTS):
            continue
        if name == KEYS:
            sealed = stream.read()
            continue
        _put(room / name, stream)
    if sealed and passphrase:
        opened = unseal(sealed, passphrase, PURPOSE, where=str(file))
        with tarfile.open(fileobj=io.BytesIO(bytes(opened)), mode="r:") as tar:
            for info in tar:
                kept = tar.extractfile(info) if info.isfile() and ".." not in info.name.split("/") else None
                if kept is not None:
                    _put(room / info.name.lstrip("/"), kept)


def _put(path: Path, stream: io.RawIOBase | IO[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
        shutil.copyfileobj(stream, out, _BLOCK)
        out.flush()
        os.fsync(out.fileno())
