"""A finding as something a stranger can check: what it says, that the ledger holds it, and who signed that.

The bundle is a folder of plain files. `verify_proof.py` (in docs/how-to) checks it with Python alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError
from seawall.ledger import Draft, Entry, Ledger
from seawall.ledger.canonical import canonical
from seawall.ledger.note import verified
from seawall.ledger.policy import Policy
from seawall.ledger.proof_file import Proof, check_proof, write_proof
from seawall.model.compartment import refuse_compartmented
from seawall.model.finding import Finding, finding_to_dict

KIND: Final = "finding"
FILE: Final = "file"  # entries about content that was read
CUSTODY: Final = "custody"  # entries about stored files as they were handed over
_EXACT: Final = 1 << 53


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written, and what it rests on."""

    folder: Path
    index: int  # number of the entry
    size: int  # entries under the checkpoint
    witnesses: tuple[str, ...]  # names of those who signed it
    custody: int  # entries about its files of evidence, proven too


def finding_bytes(finding: Finding) -> bytes:
    """A finding as the bytes its digest in the ledger is of: canonical JSON, what JSON lacks as text."""
    # One that late evidence made replace another says so only from then on; what it says of the events is the same.
    return canonical({n: _exact(v) for n, v in finding_to_dict(finding).items() if n != "replaces"}) + b"\n"


def finding_draft(finding: Finding) -> Draft:
    """The ledger's entry about a finding: its id, digest, detector and severity; nothing a person could be known by."""
    digest = sha256(finding_bytes(finding)).hexdigest()
    body = {
        "sha256": digest,
        "detector_sha256": sha256(finding.detector.encode()).hexdigest(),
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "evidence": finding.evidence_total,
    }
    return Draft(KIND, body, {"finding": finding.id, "sha256": digest})


def write_bundle(
    folder: Path, finding: Finding, ledger: Ledger, policy: Policy, *, files: Iterable[tuple[str, str]] = ()
) -> Bundle:
    """Write the bundle of a finding into a new folder. `files`: origin and SHA-256 of evidence, stored or as read.

    Raises:
        InputError: the ledger does not hold this finding, or holds it in another state; or the folder is not empty; or
            the finding belongs to the intercept case, which nothing leaves.
    """
    raw = finding_bytes(refuse_compartmented(finding))
    entry = _entry_of(finding, sha256(raw).hexdigest(), ledger)
    if folder.exists() and any(folder.iterdir()):
        raise InputError("this folder holds other files", where=str(folder), mend="name a new one")
    said = Policy((ledger.verifier(),), policy.witnesses, policy.groups, policy.quorum)
    size, checkpoint, complete = _checkpoint_over(entry, ledger, said)
    if not complete:
        said = Policy(said.logs, said.witnesses, said.groups)
    parts = {"finding": raw, **_proven("entry", entry, size, checkpoint, ledger)}
    custody = _custody(finding, files, ledger, size)
    for number, held in enumerate(custody):
        parts |= _proven(f"custody-{number}", held, size, checkpoint, ledger)
    proof = Proof(entry.index, tuple(ledger.inclusion_proof(entry.index, size)), checkpoint)
    _, witnesses = check_proof(proof, entry.raw, said)
    _write(folder, {**parts, "policy": said.text.encode()})
    return Bundle(folder, entry.index, size, tuple(witnesses), len(custody))


_NAMES: Final = {"finding": "finding.json", "policy": "keys.policy"}


def _write(folder: Path, parts: Mapping[str, bytes]) -> None:
    disk = Disk()
    with disk_trouble(folder):
        disk.make_folder(folder)
        for name, raw in parts.items():
            disk.write_file(folder / _NAMES.get(name, name), raw)


def _proven(name: str, entry: Entry, size: int, checkpoint: bytes, ledger: Ledger) -> dict[str, bytes]:
    proof = Proof(entry.index, tuple(ledger.inclusion_proof(entry.index, size)), checkpoint)
    return {f"{name}.json": entry.raw, f"{name}.tlog-proof": write_proof(proof)}


def _entry_of(finding: Finding, digest: str, ledger: Ledger) -> Entry:
    entries = ledger.find("sha256", digest, kind=KIND)
    if entries:
        return entries[0]
    if ledger.holds("finding", finding.id, kind=KIND):
        what, mend = "the ledger holds this finding in another state", "hunt again, then ask once more"
    else:
        what, mend = "the ledger does not hold this finding", "hunt again with this version: it writes what it found"
    raise InputError(what, where=finding.id, mend=mend)


def _checkpoint_over(entry: Entry, ledger: Ledger, policy: Policy) -> tuple[int, bytes, bool]:
    """The checkpoint to prove under: one witnesses signed if it covers the entry, else the log's own word."""
    cosigned = ledger.heads.cosigned()
    if cosigned is not None and cosigned[0].size > entry.index:
        keys = [ledger.verifier(), *(w.key for w in policy.witnesses)]
        signers = [key for key, _ in verified(cosigned[1], keys, where="cosigned")]
        return cosigned[0].size, cosigned[1].encoded, policy.met(signers)
    latest = ledger.publish()
    return latest.size, ledger.heads.signed(latest), policy.met([])


def _custody(finding: Finding, files: Iterable[tuple[str, str]], ledger: Ledger, size: int) -> Sequence[Entry]:
    """What the ledger holds of each file the finding's evidence came from, as far as the checkpoint covers it."""
    digests = dict.fromkeys(digest for origin, digest in files if _holds_evidence(origin, finding))
    found = (entry for digest in digests for entry in ledger.find("sha256", digest))
    return [entry for entry in found if entry.kind in (FILE, CUSTODY) and entry.index < size]


def _holds_evidence(origin: str, finding: Finding) -> bool:
    return any(
        e.origin == origin or e.origin.startswith((f"{origin}:", f"{origin}#", f"{origin}!")) for e in finding.evidence
    )


def _exact(value: Any) -> Any:
    """Details are whatever a detector counted: what canonical JSON has no form for becomes text."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict | Mapping):  # the built-in first: an abstract class is asked slowly
        return {_exact(str(name)): _exact(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    exact = math.isfinite(value) if isinstance(value, float) else isinstance(value, int) and abs(value) < _EXACT
    return value if exact else str(value)
