"""The report of one incident, gathered: its story, what was reached, duties, and how every piece can be checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from seawall.detect.rules import RuleSet
from seawall.ledger import Ledger, open_ledger
from seawall.ledger.merkle import leaf_hash
from seawall.ledger.note import verified
from seawall.ledger.policy import load_policy
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import Finding
from seawall.model.site import Site
from seawall.pipeline import duties as pipes
from seawall.pipeline.assessing import Question, assess_case
from seawall.pipeline.cases import case_lake
from seawall.reporting import record
from seawall.reporting.duties.duty import Duties
from seawall.reporting.incident_html import Exhibit, IncidentPage, Proven
from seawall.reporting.proof import CUSTODY, FILE, KIND, finding_bytes, write_bundle


def incident_page(
    case: Case,
    clock: Clock,
    name: str,
    *,
    held: Duties,
    site: Site,
    ruleset: RuleSet | None,
    which: Sequence[str] = (),
    privilege: str = "",
) -> IncidentPage:
    """Everything the report of an incident says; without `ruleset` nothing is assessed.

    Raises:
        InputError: no incident, or more than one, is called so.
    """
    it = pipes.told(case, clock, name)
    _, everything = pipes.whole_incident(case, it.incident.id)
    findings = everything if it.exercise else list(it.findings)
    assessed = None
    if ruleset is not None and not it.exercise:
        assessed = assess_case(case, ruleset, Question("everything", it.incident.id, None, privilege, site), clock)
    with open_ledger(case, clock=clock) as ledger:
        ledger.publish()
        page = IncidentPage(
            incident=it.incident,
            findings=findings,
            site=site,
            made=clock.now(),
            case=site.name or f"Case {case.folder.resolve().name}",
            privilege=privilege,
            exercise=", ".join(it.drills) if it.exercise else "",
            assessed=assessed,
            rows=pipes.duty_board(held, it, clock, which),
            statements=it.statements,
            exhibits=exhibits(findings, record.digests_in(case_lake(case)), ledger),
            proofs=[_proven(number, finding, ledger) for number, finding in enumerate(findings, start=1)],
        )
        checkpoint, witnesses = _checkpoint(case, ledger)
        return replace(page, checkpoint=checkpoint, witnesses=witnesses)


def exhibits(findings: Sequence[Finding], digests: Iterable[tuple[str, str]], ledger: Ledger) -> list[Exhibit]:
    """The files some evidence stands in, by name; an origin is a file's name with line or record behind it."""
    known: dict[str, str] = {}
    for origin, digest in digests:
        known.setdefault(origin, digest)
    named: dict[str, list[int]] = {}
    for number, finding in enumerate(findings, start=1):
        for origin in dict.fromkeys(_file_of(evidence.origin, known) for evidence in finding.evidence):
            named.setdefault(origin, []).append(number)
    return [Exhibit(origin, known.get(origin, ""), tuple(n), _place(known.get(origin), ledger)) for origin, n in
            sorted(named.items())]  # fmt: skip


def write_proofs(folder: Path, case: Case, clock: Clock, findings: Sequence[Finding]) -> int:
    """A bundle for each finding, by which a stranger checks it, in a folder named after its id; returns how many.

    Raises:
        InputError: the ledger does not hold one, or a folder is not empty.
    """
    files = list(record.digests_in(case_lake(case)))
    with open_ledger(case, clock=clock) as ledger:
        policy = load_policy(case.witness_policy)
        for finding in findings:
            write_bundle(folder / finding.id, finding, ledger, policy, files=files)
    return len(findings)


def _file_of(origin: str, known: dict[str, str]) -> str:
    """The file of an origin: the longest known name it begins with, else what stands before its line or record."""
    name = origin
    while name and name not in known:
        cut = max(name.rfind(mark) for mark in (":", "#", "!"))
        if cut <= 0:
            break
        name = name[:cut]
    return name if name in known else origin.rpartition(":")[0] or origin


def _place(digest: str | None, ledger: Ledger) -> int | None:
    entries = [e for e in ledger.find("sha256", digest) if e.kind in (FILE, CUSTODY)] if digest else []
    return entries[0].index if entries else None


def _proven(number: int, finding: Finding, ledger: Ledger) -> Proven:
    digest = sha256(finding_bytes(finding)).hexdigest()
    entries = ledger.find("sha256", digest, kind=KIND)
    if not entries:
        return Proven(number, finding.id, digest, None, "")
    return Proven(number, finding.id, digest, entries[0].index, leaf_hash(entries[0].raw).hex())


def _checkpoint(case: Case, ledger: Ledger) -> tuple[str, tuple[str, ...]]:
    """The checkpoint over everything, and which witnesses signed it."""
    latest = ledger.publish()
    cosigned = ledger.heads.cosigned()
    if cosigned is not None and cosigned[0].size == latest.size:
        policy = load_policy(case.witness_policy)
        signed = {key for key, _ in verified(cosigned[1], [w.key for w in policy.witnesses], where="cosigned")}
        return cosigned[1].encoded.decode(), tuple(w.name for w in policy.witnesses if w.key in signed)
    return ledger.heads.signed(latest).decode(), ()
