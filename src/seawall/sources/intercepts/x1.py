"""X1 messages (ETSI TS 103 221-1): what an element answers when it is asked for its tasks, and what it was told to do.

Read: GetAllDetails, GetAllTaskDetails, GetTaskDetails, ListAllDetails and destination answers (taps of the element),
Activate, Modify and Deactivate requests (what management provisioned), and every message as a line of administration.
Names are resolved by namespace, never by prefix. A document type, an entity or an encoding that could hide one is
refused. What breaks the schema (an upper-case XID, a DID that is no UUID, elements out of order) is read and said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, BinaryIO, Final
from xml.etree import ElementTree as ET

from seawall.errors import InputError
from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, dumped, micros, text, when
from seawall.sources.records import When

NAMESPACE: Final = "uri.etsi.org/03221/X1"
MAX_DEPTH: Final = 64
BROKEN: Final = "broken XML; what stood before it was read"
_BLOCK: Final = 1 << 18
_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "utf-16", "windows-1252"})
_DECLARED: Final = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_FORBIDDEN: Final = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SCOPES: Final = {
    "x2only": "IRI",
    "x3only": "CC",
    "x2andx3": "IRIandCC",
    "hi2only": "IRI",
    "hi3only": "CC",
    "hi2andhi3": "IRIandCC",
}
NARROWING: Final = frozenset(  # they narrow a target beside them, and name nobody by themselves
    {"tcpPort", "tcpPortRange", "udpPort", "udpPortRange", "tcpPortList", "udpPortList", "callPartyRole", "vrf"}
)
_LIVE: Final = {"complete": "active", "failed": "inactive", "awaitingprovisioning": "inactive"}


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    return 100 if NAMESPACE.encode() in head and b"<" in head[:200] else 0


def events(stream: BinaryIO, where: str) -> Iterator[tuple[str, ET.Element]]:
    """Local name and element of each element that ends, in hostile XML; clear what was read, and memory stays bounded.

    Raises:
        InputError: a document type or entity, an encoding not agreed on, nesting beyond reason, or broken XML (what
            stood before it has been yielded).
    """
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    before = b""
    wide = ""
    depth = 0
    first = True
    while True:
        block = stream.read(_BLOCK)
        if first:
            wide = _encoding(block, where)
            first = False
        plain = (before + block).replace(b"\0", b"") if wide else before + block
        if _FORBIDDEN.search(plain):
            raise InputError(
                "XML with a document type or entities is refused", where=where, mend="export it without a DTD"
            )
        before = (before + block)[-64:]
        broken = _fed(parser, block)
        told: Iterator[Any] = parser.read_events()
        try:
            for event, element in told:
                if event == "start":
                    depth += 1
                    if depth > MAX_DEPTH:
                        raise InputError(f"XML nested deeper than {MAX_DEPTH}", where=where)
                    continue
                depth -= 1
                yield _bare(element.tag), element
        except ET.ParseError as error:
            broken = error
        if broken is not None:
            line = getattr(broken, "position", (0, 0))[0]
            raise InputError(BROKEN, where=f"{where}:{line}")
        if not block:
            return


def _encoding(block: bytes, where: str) -> str:
    if block.startswith((b"\xff\xfe", b"\xfe\xff")) or block[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16"
    declared = _DECLARED.search(block[:1_000])
    if declared and declared[1].decode().lower() not in _ENCODINGS:
        raise InputError("XML in an encoding nobody agreed on", where=where, mend="export it in UTF-8")
    return ""


def _fed(parser: ET.XMLPullParser[ET.Element], block: bytes) -> ET.ParseError | None:
    try:
        if block:
            parser.feed(block)
        else:
            parser.close()
    except ET.ParseError as error:
        return error
    except (ValueError, LookupError):
        return ET.ParseError("unreadable")
    return None


@lru_cache(maxsize=4_096)
def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def local(element: ET.Element) -> str:
    """An element's name without its namespace."""
    tag = element.tag
    return _bare(tag) if isinstance(tag, str) else ""


def child(element: ET.Element | None, *path: str) -> ET.Element | None:
    """The first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        for one in element:
            if local(one) == name:
                element = one
                break
        else:
            return None
    return element


def said(element: ET.Element | None, *path: str) -> str:
    """Its text, trimmed; empty where it is not there."""
    found = child(element, *path)
    return text(found.text) if found is not None and found.text else ""


def every(element: ET.Element | None, name: str) -> list[ET.Element]:
    """All descendants of a local name."""
    return [one for one in element.iter() if local(one) == name] if element is not None else []


def xid_of(raw: str) -> str:
    """An XID as one spelling: lower case, no braces, no urn:uuid:."""
    if len(raw) == 36 and UUID.fullmatch(raw):
        return raw
    bare = raw.strip().lower().removeprefix("urn:uuid:").strip("{}")
    squeezed = re.sub(r"[^0-9a-f]", "", bare)
    if len(squeezed) == 32 and re.fullmatch(r"[0-9a-f\-\s]+", bare):
        return "-".join((squeezed[:8], squeezed[8:12], squeezed[12:16], squeezed[16:20], squeezed[20:]))
    return bare


@dataclass(slots=True)
class _Task:
    """What a task said; where it delivers is known when its message ends."""

    raw: str
    place: str
    values: dict[str, object]
    targets: list[Given]
    dids: list[str]
    sets: list[str]


@dataclass(slots=True)
class _Message:
    """One message while it is read: destinations as they come, tasks until destinations are known."""

    head: dict[str, str] = field(default_factory=dict)
    type: str = ""
    tasks: list[_Task] = field(default_factory=list)
    destinations: dict[str, str] = field(default_factory=dict)
    sets: dict[str, list[str]] = field(default_factory=dict)
    members: list[str] | None = None  # of a destination set not named yet
    names: list[str] = field(default_factory=list)
    status: str = ""
    error: str = ""
    answered: bool = False  # it held a task's status: an element's own answer, whatever its type says


_HEAD: Final = frozenset({"admfIdentifier", "neIdentifier", "messageTimestamp", "version", "x1TransactionId"})
_REPORTS: Final = ("GetAllDetailsR", "GetAllTaskDetailsR", "ListAllDetailsR", "GetNEStatusR")
_MESSAGES: Final = frozenset({"x1RequestMessage", "x1ResponseMessage", "X1TopLevelErrorResponse"})


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    kept = _Kept()
    try:
        yield from _messages(evidence, reading, rows, kept)
    except InputError as error:
        message = kept.message
        if error.what == BROKEN and message.answered and message.tasks:  # its tasks were told; its end is not known
            message.type = "CutOffResponse"
            yield from _finish(message, ET.Element("x1ResponseMessage"), kept.number, evidence, reading, rows)
        raise


@dataclass(slots=True)
class _Kept:
    """The message that is being read."""

    message: _Message = field(default_factory=_Message)
    number: int = 1


def _messages(evidence: Evidence, reading: Reading, rows: Rows, kept: _Kept) -> Iterator[None]:
    with closing(evidence.open()) as stream:
        message, number, waiting = kept.message, 1, False
        for name, element in events(stream, evidence.origin):
            if name in _HEAD:
                message.head.setdefault(name, text(element.text))
            elif name == "taskDetails":
                waiting = True
                message.tasks.append(_task(element, f"{evidence.origin}#{number}", reading, rows))
                element.clear()
            elif name == "taskResponseDetails":
                message.answered = True
                if waiting and message.tasks:
                    _status(message.tasks[-1], child(element, "taskStatus"), reading)
                else:
                    rows.reject(f"{evidence.origin}#{number}", "a task without its details")
                waiting = False
                element.clear()
            elif name in _MESSAGES:
                message.type = next(
                    (v.rpartition(":")[2] for n, v in element.attrib.items() if n.endswith("}type")), name
                )
                yield from _finish(message, element, number, evidence, reading, rows)
                message, number, waiting = _Message(), number + 1, False
                kept.message, kept.number = message, number
                element.clear()
            else:
                _take(message, name, element)


def _take(message: _Message, name: str, element: ET.Element) -> None:
    """Keep what matters of an element that ended."""
    if name == "destinationDetails":
        message.destinations[said(element, "dId").lower()] = address_of(child(element, "deliveryAddress"))
    elif name == "listOfAssociatedDIDs":
        message.members = [said(one, "dId").lower() for one in every(element, "AssociatedDID")]
    elif message.members is not None and child(element, "listOfAssociatedDIDs") is not None:  # a destination set
        message.sets[said(element, "objectId").lower()] = message.members
        message.members = None
    elif name == "ListOfXIDs" or name == "listOfXIDs":
        message.names += [text(one.text) for one in element if local(one) == "xId"]
        element.clear()
    elif name == "neStatus":
        message.status = text(element.text)
    elif name == "errorCode" and not message.error:
        message.error = text(element.text)


def address_of(element: ET.Element | None) -> str:
    """A delivery address as `address:port`, a number, a URI or a mailbox."""
    if element is None:
        return ""
    host = next((text(e.text) for n in ("IPv4Address", "IPv6Address") for e in every(element, n) if e.text), "")
    port = next((text(e.text) for n in ("TCPPort", "UDPPort") for e in every(element, n) if e.text), "")
    if host:
        return joined(host, port)
    return next((text(e.text) for e in element.iter() if e.text and e.text.strip()), "")


def joined(host: str, port: object) -> str:
    """`192.0.2.1:443`, `[2001:db8::1]:443`, or the host alone."""
    port = text(port)
    host = host.strip("[]")
    if not port or port == "0":
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _finish(
    message: _Message, element: ET.Element, number: int, evidence: Evidence, reading: Reading, rows: Rows
) -> Iterator[None]:
    kind = message.type
    moment = when(message.head.get("messageTimestamp"), reading)
    system = message.head.get("neIdentifier", "")
    report = f"{evidence.origin}#{number}"
    answer = kind.endswith("Response")
    message.names += [said(one) or text(one.text) for one in element if local(one) == "xId"]
    if not (system or message.tasks or message.names):
        why = f"an X1 error ({message.error})" if message.error else "an X1 message"
        rows.reject(report, f"{why} that names no element")
    if not UUID.fullmatch(message.head.get("x1TransactionId", "")):
        rows.note("x1TransactionId is no lower-case UUID; read as it is")
    by_manager = bool(re.match(r"(?:admf|lipf|licf)", evidence.origin.rpartition("/")[2], re.I))
    path = "element" if answer and not by_manager else "management"
    for place, task in enumerate(message.tasks, 1):
        _row(task, f"{report}.{place}", message, system, path, moment, rows)
        if rows.full:
            yield
    _report(message, report, system, path, moment, rows)
    _destinations(message, report, system, moment, rows)
    told = message.tasks or message.names or message.error or message.destinations or message.sets
    if answer and not (told or kind.startswith(_REPORTS)):
        rows.note(f"{text(kind)}: names no task")
    if kind.endswith("Request"):
        _act(message, kind.removesuffix("Request"), report, system, moment, rows)
    elif message.error:
        rows.note(f"{text(kind)}: the element answered with error {message.error}")


def _report(message: _Message, report: str, system: str, path: str, moment: When, rows: Rows) -> None:
    """That the element answered, and the names of tasks where it gave names alone."""
    kind = message.type
    listing = kind.startswith("ListAllDetails")
    for place, name in enumerate(message.names if listing else (), 1):
        xid = xid_of(name)
        values = {"system": system, "path": path, "form": "x1", "tap": xid, "xid": xid, "state": "unknown",
                  "report": report}  # fmt: skip
        rows.add("taps", f"{report}.{place}", f"{system}\0{name}".encode(), values, when=moment)
    if kind.startswith(_REPORTS) and kind.endswith("Response"):
        told: dict[str, object] = {
            "system": system,
            "path": path,
            "form": "x1",
            "report": report,
            "status": message.status,
            "complete": not kind.startswith("GetNEStatus"),
            "names_only": listing,
            "taps": len(message.names) if listing else len(message.tasks),
        }
        rows.add("tap_reports", report, f"{system}\0{kind}\0{report}".encode(), told, when=moment)


def _destinations(message: _Message, report: str, system: str, moment: When, rows: Rows) -> None:
    """Where destinations lead, for tasks that stand in other answers of the same element."""
    pairs: list[tuple[str, str | None, str | None]] = [
        (did, address, None) for did, address in message.destinations.items() if did and address
    ]
    pairs += [(one, None, did) for one, members in message.sets.items() for did in members if one and did]
    for place, (did, address, member) in enumerate(pairs, 1):
        values = {"system": system, "did": did, "address": address, "member": member}
        rows.add("tap_destinations", f"{report}.d{place}", f"{system}\0{did}\0{address}\0{member}".encode(), values,
                 when=moment)  # fmt: skip


def _act(message: _Message, request: str, report: str, system: str, moment: When, rows: Rows) -> None:
    xid = next((str(one.values["xid"]) for one in message.tasks), "")
    xid = xid or (xid_of(message.names[0]) if message.names else "")
    values = {"system": system, "admf": message.head.get("admfIdentifier", ""), "request": request, "xid": xid,
              "form": "x1"}  # fmt: skip
    rows.add("intercept_audit", report, f"{system}\0{request}\0{xid}".encode(), values, when=moment)


def targets_of(task: ET.Element | None) -> list[Given]:
    """Form and value of each target identifier."""
    found: list[Given] = []
    for one in task if task is not None else ():
        for inner in one:
            name = local(inner)
            if name in NARROWING:
                continue
            value = inner.text.strip() if inner.text else ""
            if len(inner):
                value = " ".join(e.text.strip() for e in inner.iter() if e.text and e.text.strip())
            if value:
                found.append((name, value))
    return found


def _task(details: ET.Element, report: str, reading: Reading, rows: Rows) -> _Task:
    """What a task says of itself, before its status and its destinations are known."""
    parts = {local(one): one for one in details}
    raw = text(parts["xId"].text) if "xId" in parts else ""
    xid = xid_of(raw)
    deviations = []
    if not UUID.fullmatch(raw):
        deviations.append("xId is no lower-case UUID")
        rows.note("an XID that is no lower-case UUID; read, and compared whatever its case")
    mediation = every(parts.get("listOfMediationDetails"), "mediationDetails")
    starts = [t for m in mediation if (t := micros(said(m, "StartTime"), reading)) is not None]
    ends = [t for m in mediation if (t := micros(said(m, "EndTime"), reading)) is not None]
    listed = parts.get("listOfDIDs")
    ids = [(local(one), text(one.text).lower()) for one in listed] if listed is not None else []
    scope = parts.get("deliveryType")
    values: dict[str, object] = {
        "form": "x1",
        "tap": xid,
        "xid": xid,
        "liids": dumped([said(one, "LIID") for one in mediation if said(one, "LIID")]),
        "state": "",
        "tap_scope": SCOPES.get(text(scope.text).lower()) if scope is not None else None,
        "starts": min(starts, default=None),
        "ends": max(ends, default=None),
        "deviations": dumped(deviations),
        "report": report,
    }
    dids = [v for n, v in ids if n == "dId"]
    sets = [v for n, v in ids if n == "dSId"]
    return _Task(raw, report, values, targets_of(parts.get("targetIdentifiers")), dids, sets)


def _status(task: _Task, status: ET.Element | None, reading: Reading) -> None:
    if status is None:
        return
    provisioning = said(status, "provisioningStatus")
    task.values["state_raw"] = provisioning
    task.values["state"] = _LIVE.get(provisioning.lower(), "active")
    if changed := said(status, "timeOfLastModification"):
        task.values["modified"] = micros(changed, reading)
    task.values["modifications"] = number_of(said(status, "numberOfModifications"))


def _row(task: _Task, place: str, message: _Message, system: str, path: str, moment: When, rows: Rows) -> None:
    """A task as a row, now that its message named every destination."""
    within = [did for one in task.sets for did in message.sets.get(one, [])]
    dids = [*task.dids, *within]
    known = [message.destinations[did] for did in dids if message.destinations.get(did)]
    unknown = [did for did in dids if not message.destinations.get(did)]
    unknown += [one for one in task.sets if one not in message.sets]
    delivery = list(dict.fromkeys(known))
    answered = message.type.endswith("Response")
    state = (task.values["state"] or "active") if answered else "unknown"
    values = task.values | {
        "system": system,
        "path": path,
        "state": state,
        "delivery": dumped(delivery),
        "unresolved": dumped(unknown),
        "redundant": bool(task.sets) and not task.dids,
    }
    said_ = (f"{form}\1{value}" for form, value in task.targets)
    record = "\0".join((system, task.raw, str(values.get("state_raw")), *said_, *delivery)).encode()
    rows.add("taps", place, record, values, when=moment, targets=task.targets)


def number_of(raw: str) -> int | None:
    """A count, or None."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else None


FORMAT: Final = Format("x1", "X1 messages (ETSI TS 103 221-1)", _sniff, _read)
