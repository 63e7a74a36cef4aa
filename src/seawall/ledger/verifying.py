"""Reads a whole ledger without believing any of it, and says point by point what holds and what does not.

Writes nothing and takes no lock, so it works on a copy, on a read-only disk and beside a running hunt.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger.checkpoint import Checkpoint, open_checkpoint
from seawall.ledger.entry import decode
from seawall.ledger.heads import Heads
from seawall.ledger.index import KeySum, Stored, key_hash, read_stored
from seawall.ledger.journal import Journal
from seawall.ledger.keys import load_key
from seawall.ledger.merkle import Growing, leaf_hash, root_of
from seawall.ledger.note import Note, VerifierKey, verified
from seawall.ledger.policy import Policy
from seawall.ledger.tiles import Tiles

Verdict = Literal["good", "note", "bad"]
_TAMPERED: Final = "restore the ledger from a backup; if you changed nothing, treat it as tampering and keep this copy"
_REBUILD: Final = "it follows from the journal: seawall ledger checkpoint --rebuild; ask why they changed"
_TOLD: Final = 20  # tiles named; it says how many more there were


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    about: str
    verdict: Verdict
    said: str
    mend: str = ""


@dataclass(slots=True)
class _Read:
    """What the journal holds."""

    size: int = 0
    roots: dict[int, bytes] = field(default_factory=dict)  # size asked for → root
    clock_back: int = 0
    furthest_back: timedelta = timedelta(0)
    kinds: dict[str, int] = field(default_factory=dict)
    keys: int = 0  # `KeySum` over the entries the index says it knows


def verify(
    folder: Path, heads: Heads, policy: Policy, *, key_file: Path | None = None, kept: Sequence[tuple[str, bytes]] = ()
) -> Iterator[Check]:
    """Check the ledger in `folder`: key, journal, checkpoints, index, tiles, witnesses.

    `kept` are checkpoints from elsewhere (name, bytes): each must be one this ledger goes on from. A check that is bad
    does not end the list.
    """
    try:
        key = heads.verifier()
    except (InputError, OSError) as error:
        yield Check("key", "bad", f"the log's public key cannot be read: {error}", _TAMPERED)
        return
    yield from _check_key(key, heads.origin, policy, key_file)
    signed, checks = _signed(heads, key, kept)
    yield from checks
    secret = secrets.token_bytes(32)
    index, trouble = _read_index(folder, secret)  # before the journal, which only grows
    try:
        sizes = {index.size, *(checkpoint.size for _, checkpoint, _ in signed)}
        read = _read_journal(folder, sizes, index.size, KeySum(secret))
        yield Check("journal", "good", _told(read))
    except InputError as error:
        yield Check("journal", "bad", str(error), error.mend or _TAMPERED)
        return
    yield from _check_journal_notes(folder, read)
    for name, checkpoint, _ in signed:
        yield _follows(name, checkpoint, read)
    yield trouble or _check_index(index, read)
    latest = next((checkpoint for name, checkpoint, _ in signed if name == "checkpoint"), None)
    if latest is None:
        yield Check("checkpoint", "note", "none was published yet", "run: seawall ledger checkpoint")
    else:
        if read.size > latest.size:
            yield Check("checkpoint", "note", f"{read.size - latest.size} entries are not under it yet")
        yield from _check_tiles(folder, latest)
    yield _check_witnesses(next((s for s in signed if s[0] == "cosigned"), None), policy, key, read)


def _check_key(key: VerifierKey, origin: str, policy: Policy, key_file: Path | None) -> Iterator[Check]:
    if key.name != origin:
        yield Check("key", "bad", f"this is the ledger of another case: {key.name}, not {origin}", _TAMPERED)
    if policy.logs and key not in policy.logs:
        yield Check("key", "bad", "the policy names another key for this log", _TAMPERED)
    if key_file is None or not key_file.exists():
        yield Check("key", "good", f"{key.text} (the private key is not here)")
        return
    try:
        if load_key(key_file).public != key:
            yield Check("key", "bad", "the case's private key is not that of the ledger's public key", _TAMPERED)
        else:
            yield Check("key", "good", key.text)
    except InputError as error:
        yield Check("key", "bad", str(error), error.mend or "")


Signed = tuple[str, Checkpoint, Note]


def _signed(heads: Heads, key: VerifierKey, kept: Sequence[tuple[str, bytes]]) -> tuple[list[Signed], list[Check]]:
    """Every checkpoint at hand that this log signed, and those that are none."""
    found, bad = list[Signed](), list[Check]()
    raws = [(name, raw) for name, raw in heads.raw() if raw is not None]
    for name, raw in [*raws, *kept]:
        try:
            checkpoint, note = open_checkpoint(raw, key, where=name)
            found.append((name, checkpoint, note))
        except InputError as error:
            bad.append(Check(name, "bad", error.what, error.mend or ""))
    return found, bad


def _read_index(folder: Path, secret: bytes) -> tuple[Stored, Check | None]:
    try:
        return read_stored(folder, secret) or Stored(0, b"", 0), None
    except InputError as error:
        return Stored(0, b"", 0), Check("index", "note", error.what, error.mend or "")


def _check_index(index: Stored, read: _Read) -> Check:
    """It is what `find` believes: a nonce missing from it could be used again, a question asked anew."""
    if index.size > read.size or (index.size and read.roots[index.size] != index.root):
        return Check("index", "note", "it is another ledger's, and is made anew with the next hunt")
    if index.keys != read.keys:
        return Check(
            "index",
            "bad",
            "keys are missing or foreign: a signature used once could count again",
            _REBUILD,
        )
    return Check("index", "good", f"it knows {index.size} entries by their keys, and no others")


def _read_journal(folder: Path, sizes: set[int], indexed: int, keys: KeySum) -> _Read:
    read, tree = _Read(), Growing()
    journal = Journal(folder, Disk())
    journal.start_at(0)
    if 0 in sizes:
        read.roots[0] = tree.root()
    for batch in journal.read_on(mend=False):
        for raw in batch:
            entry = decode(raw, tree.size)
            for name, value in entry.keys.items() if entry.index < indexed else ():
                keys.add(key_hash(name, value), entry.index)
            tree.add(leaf_hash(raw))
            read.kinds[entry.kind] = read.kinds.get(entry.kind, 0) + 1
            if entry.clock_back:
                read.clock_back += 1
                read.furthest_back = max(read.furthest_back, entry.clock_back)
            if tree.size in sizes:
                read.roots[tree.size] = tree.root()
    read.size, read.keys = tree.size, keys.value
    return read


def _told(read: _Read) -> str:
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(read.kinds.items()))
    return f"{read.size} entries, whole and in order" + (f": {kinds}" if kinds else "")


def _check_journal_notes(folder: Path, read: _Read) -> Iterator[Check]:
    if read.clock_back:
        yield Check(
            "clock", "note", f"{read.clock_back} entries were written with a clock up to {read.furthest_back} behind",
            "order in the ledger is the order of writing; set the clocks (NTP)",
        )  # fmt: skip
    torn = sorted(path.name for path in (folder / "journal").glob("*.torn-*"))
    if torn:
        yield Check("journal", "note", f"{len(torn)} torn writes were put aside: {', '.join(torn[:_TOLD])}")


def _follows(name: str, checkpoint: Checkpoint, read: _Read) -> Check:
    if checkpoint.size > read.size:
        said = f"it was signed over {checkpoint.size} entries, the journal holds {read.size}: entries were taken away"
        return Check(name, "bad", said, _TAMPERED)
    if read.roots[checkpoint.size] != checkpoint.root:
        said = f"the first {checkpoint.size} entries are not those it was signed over: history was changed"
        return Check(name, "bad", said, _TAMPERED)
    return Check(name, "good", f"{checkpoint.size} entries, signed, and the ledger begins with them")


def _check_tiles(folder: Path, latest: Checkpoint) -> Iterator[Check]:
    tiles = Tiles(folder, Disk())
    try:
        tiles.load(latest.size)
        wrong = list(tiles.check())
        for said in wrong[:_TOLD]:
            yield Check("tiles", "bad", said, _REBUILD)
        if len(wrong) > _TOLD:
            yield Check("tiles", "bad", f"and {len(wrong) - _TOLD} more", _REBUILD)
        if not wrong and root_of(0, latest.size, tiles.full) != latest.root:
            yield Check("tiles", "bad", "the tiles, entries included, lead to another root than was signed", _REBUILD)
        elif not wrong:
            yield Check("tiles", "good", f"every tile and bundle of {latest.size} entries fits")
    except FileNotFoundError as error:
        yield Check("tiles", "bad", f"missing: {error.filename}", _REBUILD)
    except InputError as error:
        yield Check("tiles", "bad", str(error), _REBUILD)


def _check_witnesses(cosigned: Signed | None, policy: Policy, key: VerifierKey, read: _Read) -> Check:
    if not policy.witnesses:
        said = "no witness is known: whoever holds the case's key could write its history anew"
        return Check("witnesses", "note", said, "name one: seawall ledger witness add")
    if cosigned is None:
        return Check("witnesses", "bad", "none has signed", "run: seawall ledger checkpoint --cosign")
    _, checkpoint, note = cosigned
    try:
        signers = [k for k, _ in verified(note, [key, *(w.key for w in policy.witnesses)], where="cosigned")]
    except InputError as error:
        return Check("witnesses", "bad", str(error), _TAMPERED)
    names = [w.name for w in policy.witnesses if w.key in signers]
    if not policy.met(signers):
        said = "fewer signed than the policy wants"
        return Check("witnesses", "bad", said, "run: seawall ledger checkpoint --cosign")
    behind = f"; {read.size - checkpoint.size} came later" if read.size > checkpoint.size else ""
    return Check("witnesses", "good", f"{', '.join(names) or 'none needed'} signed {checkpoint.size} entries{behind}")
