"""The package for an agency: the bundle, a report for people, digests of every file, and proofs from the ledger.

A proof shows that the digest of a finding stood in the ledger, and since when; the finding with our names in it stays
with us until a court asks, and cannot be changed until then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

from seawall.ledger import Ledger, open_ledger
from seawall.ledger.proof_file import Proof, write_proof
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import Finding
from seawall.reporting.proof import KIND, finding_bytes
from seawall.reporting.shared_html import page_of, render_shared
from seawall.sharing import lists
from seawall.sharing.known import Known
from seawall.sharing.objects import Author, bundle, stix_time
from seawall.sharing.parcel import Parcel


def package(
    done: Parcel, findings: Sequence[Finding], known: Sequence[Known], author: Author, case: Case, clock: Clock
) -> Parcel:
    """The parcel with its files: bundle.json, report.html, indicators.csv, proofs/, keys.policy, SHA256SUMS."""
    told = {name for one in done.objects for name in (str(one["id"]),)}
    shown = [f for f in findings if author.id("note", f"finding {f.id}") in told]
    page = page_of(
        done.objects,
        done.light.label,
        stix_time(author.now),
        any(o["type"] == "course-of-action" for o in done.objects),
    )
    files = {
        "bundle.json": json.dumps(bundle(done.objects, author.namespace), indent=1, ensure_ascii=False).encode()
        + b"\n",
        "report.html": render_shared(page).encode(),
        "indicators.csv": lists.csv_text(known).encode(),
    }
    left = dict(done.left_out)
    with open_ledger(case, clock=clock) as ledger:
        proven = list(_proofs(shown, author, ledger))
        for name, entry, proof in proven:
            files |= {f"proofs/{name}.json": entry, f"proofs/{name}.tlog-proof": proof}
        files["keys.policy"] = f"log {ledger.verifier()}\nquorum none\n".encode()
    if len(proven) < len(shown):
        left["findings the ledger holds no proof of"] = len(shown) - len(proven)
    sums = "".join(f"{sha256(raw).hexdigest()}  {name}\n" for name, raw in sorted(files.items()))
    return replace(done, files={**files, "SHA256SUMS": sums.encode()}, left_out=left)


def _proofs(findings: Sequence[Finding], author: Author, ledger: Ledger) -> Iterator[tuple[str, bytes, bytes]]:
    latest = ledger.publish()
    checkpoint = ledger.heads.signed(latest)
    for finding in findings:
        entries = ledger.find("sha256", sha256(finding_bytes(finding)).hexdigest(), kind=KIND)
        if entries:
            entry = entries[0]
            proof = Proof(entry.index, tuple(ledger.inclusion_proof(entry.index, latest.size)), checkpoint)
            yield author.id("note", f"finding {finding.id}").partition("--")[2], entry.raw, write_proof(proof)
