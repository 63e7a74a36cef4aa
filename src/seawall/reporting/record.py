"""What a hunt leaves in the ledger: the files it read, what it found, and that it ran. Digests and counts, no names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from seawall.ledger import Draft, Ledger
from seawall.ledger.canonical import canonical
from seawall.model.finding import Finding, utc_text
from seawall.reporting.proof import CUSTODY, finding_draft

BATCH: Final = 1_000  # entries for each wait for the disk


@dataclass(frozen=True, slots=True)
class Run:
    """One hunt, for the record. Times are UTC."""

    started: datetime
    finished: datetime
    rules: Sequence[str]  # SHA-256 of each rule file that ran
    manifest: bytes  # of the lake, as it stood
    version: str  # of Seawall


@dataclass(frozen=True, slots=True)
class File:
    """A file of evidence that was taken in."""

    sha256: str
    origin: str
    events: int
    rejected: int


def record_hunt(ledger: Ledger, findings: Sequence[Finding], files: Iterable[File], run: Run) -> int:
    """Write a hunt into the ledger; what it holds already is not written again. Returns how many entries came.

    Raises:
        InputError: the ledger cannot be written.
    """
    drafts = [finding_draft(finding) for finding in findings]
    came = _append_new(ledger, (_file_draft(file) for file in files)) + _append_new(ledger, drafts)
    digests = sorted(str(draft.body["sha256"]) for draft in drafts)
    body = {
        "started": utc_text(run.started),
        "finished": utc_text(run.finished),
        "findings": len(drafts),
        "findings_sha256": sha256(canonical(digests)).hexdigest(),
        "rules": len(run.rules),
        "rules_sha256": sha256(canonical(sorted(run.rules))).hexdigest(),
        "lake_manifest_sha256": sha256(run.manifest).hexdigest(),
        "seawall": run.version,
    }
    ledger.append("hunt", body)
    return came + 1


def _file_draft(file: File) -> Draft:
    """Custody of a file: its digest; its name only as a digest, since names of files may name people."""
    origin = sha256(file.origin.encode("utf-8", "surrogatepass")).hexdigest()
    body: Mapping[str, str | int] = {
        "sha256": file.sha256,
        "origin_sha256": origin,
        "events": file.events,
        "rejected": file.rejected,
    }
    return Draft(CUSTODY, body, {"sha256": file.sha256})


def _append_new(ledger: Ledger, drafts: Iterable[Draft]) -> int:
    came = 0
    for batch in _batches(drafts):
        with ledger.exclusive():  # another hunt may be writing the same
            new = {d.keys["sha256"]: d for d in batch if not ledger.holds("sha256", d.keys["sha256"], kind=d.kind)}
            came += len(ledger.append_all(list(new.values())))
    return came


def _batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    batch: list[Draft] = []
    for draft in drafts:
        batch.append(draft)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
