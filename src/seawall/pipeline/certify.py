"""Certifications (47 CFR 1.20004) and what each affected agency must be told (47 CFR 1.20003(c)), agency by agency.

One certification for each interception: an order, and a system that carries it out. A fact that was not handed over is
named under `missing`; nothing is filled in, and no author of a change is inferred here. Numbers stand as commitments.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from seawall.detect.oversight import administration_world, taps
from seawall.detect.oversight.agencies import agencies_of, restricted
from seawall.detect.oversight.deeds import NOBODY, act_of
from seawall.detect.oversight.deeds import Act as Doing
from seawall.detect.oversight.facts import Act, Order, Tap, World
from seawall.detect.oversight.kinds import KINDS
from seawall.detect.oversight.matching import orders_of
from seawall.detect.oversight.naming import folded, key, native_key
from seawall.detect.oversight.saying import said
from seawall.detect.oversight.world import gather
from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.model.case import open_case
from seawall.model.clock import Clock
from seawall.model.finding import Finding, utc_text
from seawall.people.keys import PrivateKey, open_key
from seawall.pipeline import oversight
from seawall.pipeline.cases import case_vault
from seawall.vault.client import VaultClient
from seawall.vault.passing import PassingVault

TYPES: Final = ("pen register", "trap and trace", "Title III", "FISA")  # 47 CFR 1.20004(a)(5)
NOT_TOLD: Final = frozenset({"LOG_GAP", "OVERSIGHT_BLIND"})  # they rest on what is not the agency's
Veiled = Callable[[World, dict[str, Any]], dict[str, Any]]
_FIELDS: Final = {
    "enabled_at": "no record tells when it was enabled",
    "officer_presenting": "the registry does not say who presented the authorization",
    "authorization_signer": "the registry does not say who signed the authorization",
    "type": "the registry does not say the type of authorization",
    "responsible_employee": "no record names the employee who enabled it",
    "policy_version": "the policy that was handed over has no date",
    "signature": "not signed by the responsible employee",
}


@dataclass(frozen=True, slots=True)
class Registry:
    """What the registry says of an order beyond what is compared; by `facts.Row.event_id`."""

    presented_by: str = ""
    signed_by: str = ""


def for_agency(
    world: World, agency: str, registry: Mapping[str, Registry], veiled: Veiled = lambda _, document: document
) -> dict[str, Any]:
    """Everything for one agency, from its own part of the world alone.

    `veiled` takes identifiers in clear out of a document. Times are RFC 3339 in UTC.
    """
    own = restricted(world, agency)
    certificates = [one for order in own.orders for one in _certificates(order, own, registry)]
    findings = [f for family in (taps.judge, administration_world.judge) for f in family(own)]
    told = [finding for finding in findings if finding.detector not in NOT_TOLD]
    certified = {one["order"] for one in certificates}
    document = {
        "agency": agency,
        "as_of": said(world.now),
        "certifications": sorted(certificates, key=lambda one: one["cert_id"]),
        "findings": sorted((_told(one) for one in told), key=lambda one: (one["first"] or "", one["id"])),
        "no_interception_found": sorted(o.warrant for o in own.orders if o.warrant not in certified),
    }
    return veiled(own, document)


def without_authorization(world: World) -> list[dict[str, Any]]:
    """Interceptions no order covers, for the carrier alone: the rule wants a certification of them too."""
    found = []
    for tap in world.taps:
        if tap.state == "active" and tap.path == "element" and not orders_of(tap, world).orders:
            found.append(_certificate(None, tap.system, [tap], [a for a in world.acts if _about(a, tap)], world, {}))
    return sorted(found, key=lambda one: one["cert_id"])


def sign(document: dict[str, Any], employee: str, key_: PrivateKey, now: str) -> int:
    """Sign every certification `employee` answers for, in place; returns how many."""
    signed = 0
    for one in document["certifications"]:
        if folded(str(one["responsible_employee"] or "")) != folded(employee):
            continue
        one["signed_at"] = now
        one["missing"] = [m for m in one["missing"] if not m.startswith("signature:")]
        one["signature"] = base64.b64encode(key_.sign(signed_bytes(one))).decode()
        signed += 1
    return signed


def signed_bytes(certificate: Mapping[str, Any]) -> bytes:
    """What stands under a certification's signature: RFC 8785 JSON of it without `signature` and `log_proof`."""
    return canonical({name: value for name, value in certificate.items() if name not in ("signature", "log_proof")})


def _certificates(order: Order, own: World, registry: Mapping[str, Registry]) -> Iterator[dict[str, Any]]:
    """One for each system on which an order was carried out, by report or by record."""
    systems: dict[str, tuple[str, list[Tap], list[Act]]] = {}
    for tap in own.taps:
        if tap.state != "inactive" and _carries(tap.xid, tap.liids, tap.system, tap.native, order):
            systems.setdefault(folded(tap.system), (tap.system, [], []))[1].append(tap)
    for act in own.acts:
        done = act_of(act.request or act.message) in (Doing.ADD, Doing.REMOVE) and _accepted(act)
        if done and _carries(act.xid, (act.liid,), act.system, act.native, order):
            systems.setdefault(folded(act.system), (act.system, [], []))[2].append(act)
    for name, some, acts in systems.values():
        yield _certificate(order, name, some, acts, own, registry)


def _carries(xid: str, liids: Sequence[str], system: str, native: str, order: Order) -> bool:
    here = not order.elements or folded(system) in map(folded, order.elements)
    return (
        bool(xid and key(xid) in map(key, order.xids))
        or any(liid and key(liid) == key(order.liid) for liid in liids)
        or bool(native and here and order.native and native_key(native) == native_key(order.native))
    )


def _about(act: Act, tap: Tap) -> bool:
    if folded(act.system) != folded(tap.system) or not _accepted(act):
        return False
    names = {key(n) for n in (tap.tap, tap.xid, *tap.liids) if n} | ({native_key(tap.native)} if tap.native else set())
    return any(key(n) in names for n in (act.xid, act.liid) if n) or bool(
        act.native and native_key(act.native) in names
    )


def _accepted(act: Act) -> bool:
    return act.row.time is not None and not administration_world.refused(act.result)


def _certificate(
    order: Order | None,
    system: str,
    some: Sequence[Tap],
    acts: Sequence[Act],
    own: World,
    registry: Mapping[str, Registry],
) -> dict[str, Any]:
    added = sorted((a for a in acts if act_of(a.request or a.message) is Doing.ADD), key=lambda a: a.row.time or 0)
    removed = sorted((a for a in acts if act_of(a.request or a.message) is Doing.REMOVE), key=lambda a: a.row.time or 0)
    targets = order.targets if order else tuple(t for tap in some for t in tap.targets)
    extra = registry.get(order.row.event_id, Registry()) if order else Registry()
    employee = added[0].actor.strip() if added and added[0].actor.strip().casefold() not in NOBODY else None
    names = sorted({tap.tap for tap in some} | {n for a in acts for n in (a.xid, a.liid, a.native) if n and not some})
    as_of = own.policy.get("as_of")
    made: dict[str, Any] = {
        "order": order.warrant if order else None,
        "liid": order.liid if order else None,
        "system": system,
        "taps": names,
        "appropriate_authorization": order is not None,
        "numbers": [_number(t.type, t.commitment) for t in targets if t.type in ("msisdn", "sip")],
        "circuits": [_number(t.type, t.commitment) for t in targets if t.type not in ("msisdn", "sip")],
        "enabled_at": said(added[0].row.time) if added else None,
        "disabled_at": said(removed[-1].row.time) if removed and not some else None,
        "officer_presenting": extra.presented_by or None,
        "authorization_signer": extra.signed_by or None,
        "type": order.kind or None if order else None,
        "responsible_employee": employee,
        "policy_version": str(as_of) if as_of else None,
        "attachments": [],
        "signed_at": None,
        "signature": None,
        "log_proof": None,
    }
    made["missing"] = list(_missing(made, order))
    digest = hashlib.sha256(canonical([made["order"], made["liid"], folded(system), names])).hexdigest()
    return {"cert_id": digest[:32], **made}


def _number(type_: str, commitment: str) -> dict[str, str]:
    return {"type": type_, "commitment": commitment}


def _missing(made: Mapping[str, Any], order: Order | None) -> Iterator[str]:
    if not made["numbers"] and not made["circuits"]:
        yield "numbers: no target was handed over"
    for name, why in _FIELDS.items():
        if made[name] is None:
            if order is None and name in ("officer_presenting", "authorization_signer", "type"):
                yield f"{name}: no order covers this interception"
            else:
                yield f"{name}: {why}"
    if made["type"] and folded(made["type"]) not in map(folded, TYPES):
        yield f"type: the registry's word is none of {', '.join(TYPES)}"
    yield "attachments: the order itself was not handed over, so its digest is not here"


def _told(finding: Finding) -> dict[str, Any]:
    """A finding in words that name no other agency: its title, and what of it is the agency's own."""
    return {
        "id": finding.id,
        "finding": finding.detector,
        "title": KINDS[finding.detector].title,
        "first": finding.first.isoformat() if finding.first.year > 1970 else None,
        "last": finding.last.isoformat() if finding.last.year > 1970 else None,
        **{
            name: sorted(e.value for e in finding.entities if e.type == name)
            for name in ("warrant", "tap", "system")
            if any(e.type == name for e in finding.entities)
        },
    }


@dataclass(frozen=True, slots=True, repr=False)
class Employee:
    """Who signs."""

    id: str
    key_file: Path
    secret: bytes


@dataclass(frozen=True, slots=True)
class Written:
    """Documents, one for each agency, and what is the carrier's own."""

    agencies: list[dict[str, Any]]
    carrier: list[dict[str, Any]]
    remarks: list[str]


def written(
    paths: Sequence[Path],
    clock: Clock,
    *,
    case_folder: Path | None = None,
    country: str = "",
    agency: str | None = None,
    employee: Employee | None = None,
) -> Written:
    """Read exports and write for one agency, or for all.

    Raises:
        InputError: no order names that agency; the vault is locked; or the key is not the employee's.
    """
    case = open_case(case_folder, clock, create=False) if case_folder else None
    box: VaultClient = case_vault(case) if case else PassingVault(country)
    try:
        box.require_open()
        read = oversight.read_tables(paths, clock, box, country)
        world = gather(read.tables, covers=oversight.Covering(box))
        known = _registry(read.tables.get("warrants", ()))

        def veiled(own: World, document: dict[str, Any]) -> dict[str, Any]:
            made: dict[str, Any] = oversight.veil_of(own, box).document(document)
            return made

        documents = [for_agency(world, name, known, veiled) for name in _named(world, agency)]
        carrier = [] if agency else [veiled(world, one) for one in without_authorization(world)]
    finally:
        if isinstance(box, PassingVault):
            box.forget()
    remarks = [f"{file.origin}: not read: {file.refused}" for file in read.files if file.refused]
    if employee:
        with open_key(employee.key_file, employee.secret) as key_:
            signed = sum(sign(one, employee.id, key_, utc_text(clock.now())) for one in documents)
        remarks.append(f"{signed} certifications signed by {employee.id}")
    return Written(documents, carrier, remarks)


def files(documents: Written, folder: Path) -> Iterator[tuple[Path, str]]:
    """File names and texts, one for each agency and `carrier.json`. Raises InputError if the folder holds something."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError("this folder holds other files", where=str(folder), mend="name a new one")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for document in documents.agencies:
        name = re.sub(r"[^A-Za-z0-9-]", "-", document["agency"])[:60]
        tail = hashlib.sha256(document["agency"].encode()).hexdigest()[:8]
        yield folder / f"agency-{name}-{tail}.json", json.dumps(document, indent=1) + "\n"
    yield folder / "carrier.json", json.dumps({"without_authorization": documents.carrier}, indent=1) + "\n"


def _named(world: World, agency: str | None) -> list[str]:
    known = agencies_of(world)
    if agency is None:
        return known
    if folded(agency) not in map(folded, known):
        raise InputError("no order names that agency", where=agency, mend="write it as the registry does")
    return [agency]


def _registry(tables: Sequence[pa.Table]) -> dict[str, Registry]:
    rows = (row for table in tables for row in table.select(["event_id", "presented_by", "signed_by"]).to_pylist())
    return {row["event_id"].hex(): Registry(row["presented_by"] or "", row["signed_by"] or "") for row in rows}
