"""HI1 (ETSI TS 103 120): warrants as agencies send them. Authorisation and task objects become orders.

A task joins its authorisation by AssociatedObjects; of one object the highest Generation counts. Names are resolved by
namespace or by local name; a document type or an entity is refused, as in X1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final
from xml.etree import ElementTree as ET

from seawall.errors import InputError
from seawall.sources import warrants
from seawall.sources.base import Chunk, Evidence, Reading
from seawall.sources.intercepts.x1 import child, events, every, joined, said

MAX_OBJECTS: Final = 500_000
_SCOPES: Final = {"irionly": "IRIOnly", "cconly": "CCOnly", "iriandcc": "IRIandCC"}
_LIVE: Final = frozenset({"", "active", "awaitingprovisioning", "approved"})


def sniff(evidence: Evidence) -> int:
    """How sure it is that this is HI1."""
    head = evidence.head
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    return 99 if b"uri.etsi.org/03120" in head and b"<" in head[:200] else 0


def read(evidence: Evidence, reading: Reading, frame: dict[str, Any]) -> Iterator[Chunk]:
    """All orders of a file, through the vault."""
    objects: dict[str, tuple[int, str, dict[str, Any]]] = {}
    as_of, trouble = "", ""
    try:
        for kind, one, stamp in _objects(evidence):
            as_of = stamp or as_of
            name = said(one, "ObjectIdentifier").lower() or f"#{len(objects)}"
            generation = said(one, "Generation")
            count = int(generation) if generation.isdigit() and len(generation) < 9 else 0
            if name not in objects or objects[name][0] <= count:
                made = _authorisation(one) if "Authorisation" in kind else _task(one)
                objects[name] = (count, kind, made)
            if len(objects) > MAX_OBJECTS:
                raise InputError(f"more than {MAX_OBJECTS} objects in one file", mend="split it")
    except InputError as error:
        trouble = error.what
    yield warrants.chunk_of(
        evidence, reading, list(_orders(objects)), frame | ({"as_of": as_of} if as_of else {}), trouble
    )


def _objects(evidence: Evidence) -> Iterator[tuple[str, ET.Element, str]]:
    stamp = ""
    with closing(evidence.open()) as stream:
        for name, element in events(stream, evidence.origin):
            if name == "Timestamp":
                stamp = (element.text or "").strip()[:40]
            elif name == "HI1Object":
                kind = next((v.rpartition(":")[2] for n, v in element.attrib.items() if n.endswith("}type")), "")
                if kind in ("AuthorisationObject", "LITaskObject"):
                    yield kind, element, stamp
                element.clear()


def _dictionary(element: ET.Element | None, name: str) -> str:
    """A dictionary value: Owner, Name, Value; or the text itself."""
    return said(element, name, "Value") or said(element, name)


def _common(one: ET.Element) -> dict[str, Any]:
    return {
        "object": said(one, "ObjectIdentifier").lower(),
        "associated": [
            (e.text or "").strip().lower() for e in every(child(one, "AssociatedObjects"), "AssociatedObject")
        ],
        "agency_id": said(one, "OwnerIdentifier"),
        "jurisdiction": said(one, "CountryCode"),
        "changed": said(one, "LastChanged"),
    }


def _authorisation(one: ET.Element) -> dict[str, Any]:
    span = child(one, "AuthorisationTimespan")
    approvals = every(one, "AuthorisationApprovalDetails")
    status = _dictionary(one, "AuthorisationStatus")
    if not status and any(said(a, "ApprovalIsEmergency").lower() in ("true", "1") for a in approvals):
        status = "EmergencyApproval"
    return _common(one) | {
        "warrant_id": said(one, "AuthorisationReference"),
        "order_type": _dictionary(one, "AuthorisationLegalType"),
        "authority": said(one, "AuthorisationLegalEntity"),
        "signed_by": next(
            (said(a, "ApproverDetails", "ApproverName") or said(a, "ApproverDetails", "Name") for a in approvals), ""
        ),
        "status": status,
        "desired_status": _dictionary(one, "AuthorisationDesiredStatus"),
        "valid_from": said(span, "StartTime"),
        "valid_to": said(one, "AuthorisationTerminationTimestamp") or said(span, "EndTime"),
        "flags": [said(f, "Value") or (f.text or "").strip() for f in every(one, "AuthorisationFlag")],
    }


def _task(one: ET.Element) -> dict[str, Any]:
    span = child(one, "Timespan")
    values = every(child(one, "TargetIdentifier"), "TargetIdentifierValue")
    legs: dict[str, str] = {}
    for place in every(one, "DeliveryDestination"):
        leg = "hi3" if "cc" in _dictionary(place, "IRIorCC").lower().replace("irionly", "") else "hi2"
        legs[leg] = _address(child(place, "DeliveryAddress"))
    return _common(one) | {
        "liid": said(one, "Reference"),
        "task_status": _dictionary(one, "Status"),
        "desired_status": _dictionary(one, "DesiredStatus"),
        "valid_from": said(span, "StartTime"),
        "valid_to": said(span, "TerminationTime") or said(span, "EndTime"),
        "scope": _SCOPES.get(_dictionary(one, "DeliveryType").lower(), _dictionary(one, "DeliveryType")),
        "targets": [{"format": said(v, "FormatType", "FormatName"), "value": said(v, "Value")} for v in values],
        "delivery": legs,
        "flags": [said(f, "Value") or (f.text or "").strip() for f in every(one, "TaskFlag")],
    }


def _address(element: ET.Element | None) -> str:
    if element is None:
        return ""
    host = next((e.text for n in ("IPv4Address", "IPv6Address") for e in every(element, n) if e.text), "")
    port = next((e.text for n in ("TCPPort", "UDPPort", "Port") for e in every(element, n) if e.text), "")
    return (
        joined(host, port) if host else next((e.text.strip() for e in element.iter() if e.text and e.text.strip()), "")
    )


def _orders(objects: dict[str, tuple[int, str, dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """An order for each task under its authorisation, and one for each authorisation without a task."""
    warrants_ = {name: made for name, (_, kind, made) in objects.items() if kind == "AuthorisationObject"}
    used: set[str] = set()
    for _, kind, task in objects.values():
        if kind != "LITaskObject":
            continue
        above = next((a for a in task["associated"] if a in warrants_), "") or next(
            (n for n, made in warrants_.items() if task["object"] in made["associated"]), ""
        )
        used.add(above)
        yield _joined(warrants_.get(above, {}), task)
    for name, made in warrants_.items():
        if name not in used:
            yield _joined(made, {})


def _joined(above: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
    status, state = above.get("status", ""), task.get("task_status", "")
    order = {k: v for k, v in (task | {k: v for k, v in above.items() if v}).items() if v}
    order["status"] = state if state.lower() not in _LIVE else status or ("Approved" if state else "")
    order["desired_status"] = above.get("desired_status") or (
        task.get("desired_status") if task.get("desired_status", "").lower() not in _LIVE else ""
    )
    order["desired_since"] = task.get("changed") or above.get("changed")
    order["warrant_id"] = above.get("warrant_id") or task.get("liid")
    for name, better in (("valid_from", max), ("valid_to", min)):  # the narrower of the two
        both = [v for v in (above.get(name), task.get(name)) if v]
        order[name] = better(both) if both else None
    order["flags"] = [*above.get("flags", ()), *task.get("flags", ())]
    return {k: v for k, v in order.items() if v and k not in ("object", "associated", "changed", "task_status")}
