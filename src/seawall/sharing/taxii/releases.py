"""Everything that leaves by TAXII stands in the ledger: who was given what, under which clearance, by digest."""

from __future__ import annotations

import hashlib

from seawall.ledger import Ledger
from seawall.model.taxii import LIGHTS, TaxiiCollection
from seawall.sharing.taxii.callers import Caller
from seawall.sharing.taxii.moments import added_text
from seawall.sharing.taxii.serving import Released
from seawall.sharing.taxii.store import Page

KIND = "sharing.taxii.read"


def recorded(ledger: Ledger) -> Released:
    """Writes an entry for each page before it leaves; a page that cannot be recorded does not leave.

    The digest is SHA-256 over the digests of its objects in order: what was given can be compared, and is not repeated.
    """

    def record(caller: Caller, collection: TaxiiCollection, page: Page) -> None:
        first, last = page.records[0], page.records[-1]
        digest = hashlib.sha256("\n".join(one.digest for one in page.records).encode()).hexdigest()
        body = {
            "user": caller.name,
            "clearance": LIGHTS[caller.clearance],
            "collection": collection.id.lower(),
            "objects": len(page.records),
            "first": added_text(first.added),
            "last": added_text(last.added),
            "sha256": digest,
        }
        ledger.append(KIND, body, keys={"collection": collection.id.lower()})

    return record
