"""What a hunt leaves in the ledger: the files it read, what it found, and that it ran. Digests and counts, no names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord
from seawall.ledger import Draft, Ledger
from seawall.ledger.canonical import canonical
from seawall.model.finding import Finding, utc_text
from seawall.reporting.proof import CUSTODY, FILE, finding_draft

BATCH: Final = 1_000  # entries for each wait for the disk


@dataclass(frozen=True, slots=True)
class Run:
    """One hunt, for the record. Times are UTC."""

    started: datetime
    finished: datetime
    rules: Sequence[str]  # SHA-256 of each rule file that ran
    manifest: bytes  # of the lake, as it stood
    version: str  # of Seawall


def record_hunt(
    ledger: Ledger,
    findings: Sequence[Finding],
    files: Iterable[FileRecord],
    run: Run,
    *,
    custody: Iterable[Mapping[str, Any]] = (),
) -> int:
    """Write a hunt into the ledger; what it holds already is not written again. Returns how many entries came.

    `custody` are the lake's rows of that kind.

    Raises:
        InputError: the ledger cannot be written.
    """
    drafts = [finding_draft(finding) for finding in findings]
    came = _append_new(ledger, (_custody_draft(row) for row in custody))
    came += _append_new(ledger, (_file_draft(file) for file in files))
    came += _append_new(ledger, drafts)
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


def record_findings(ledger: Ledger, findings: Sequence[Finding]) -> int:
    """Write findings into the ledger, those it does not hold yet, and publish its head; returns how many came."""
    came = _append_new(ledger, (finding_draft(finding) for finding in findings))
    ledger.publish()
    return came


def custody_in(lake: Lake) -> Iterator[dict[str, Any]]:
    """Stored files as they were handed over, if the lake keeps that."""
    if lake.kinds().get("custody"):
        for batch in lake.batches("custody"):
            yield from batch.to_pylist()


def digests_in(lake: Lake) -> Iterator[tuple[str, str]]:
    """Origin and SHA-256 of all evidence: content as it was read, files as they were stored."""
    yield from ((file.origin, file.digest) for file in lake.files())
    yield from ((str(row["origin"]), str(row["sha256"])) for row in custody_in(lake))


def _file_draft(file: FileRecord) -> Draft:
    """A file by its digest; its name only as a digest too, since names of files may name people."""
    origin = sha256(file.origin.encode("utf-8", "surrogatepass")).hexdigest()
    body: Mapping[str, str | int] = {
        "sha256": file.digest,
        "origin_sha256": origin,
        "events": file.events,
        "rejected": file.rejected,
    }
    return Draft(FILE, body, {"sha256": file.digest})


def _custody_draft(row: Mapping[str, Any]) -> Draft:
    """A stored file as it was handed over: what people said of it stands there as a digest, as it names them."""
    said = {name: str(row.get(name) or "") for name in ("origin", "collected_by", "collected_at", "note")}
    body: Mapping[str, str | int] = {
        "sha256": str(row["sha256"]),
        "bytes": int(row["bytes"] or 0),
        "received": utc_text(row["received"]),
        "said_sha256": sha256(canonical(said)).hexdigest(),
    }
    return Draft(CUSTODY, body, {"sha256": str(row["sha256"]), "event": row["event_id"].hex()})


def _append_new(ledger: Ledger, drafts: Iterable[Draft]) -> int:
    came = 0
    for batch in _batches(drafts):
        with ledger.exclusive():  # another hunt may be writing the same
            new = {key: d for d in batch if not ledger.holds(*(key := _identity(d)), kind=d.kind)}
            came += len(ledger.append_all(list(new.values())))
    return came


def _identity(draft: Draft) -> tuple[str, str]:
    """The key by which an entry is the same: a file handed over twice is two facts about one content."""
    name = "event" if "event" in draft.keys else "sha256"
    return name, draft.keys[name]


def _batches(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    batch: list[Draft] = []
    for draft in drafts:
        batch.append(draft)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
