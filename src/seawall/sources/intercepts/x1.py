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
from typing import BinaryIO, Final
from xml.etree import ElementTree as ET

from seawall.errors import InputError
from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, dumped, micros, text, when
from seawall.sources.records import When

NAMESPACE: Final = "uri.etsi.org/03221/X1"
MAX_DEPTH: Final = 64
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
    """Start and end events of hostile XML, in bounded memory for who clears what it has read.

    Raises:
        InputError: a document type or entity, an encoding not agreed on, nesting beyond reason, or broken XML (what
            stood before it has been yielded).
    """
    parser: ET.XMLPullParser[ET.Element] = ET.XMLPullParser(("start", "end"))
    before = b""
    wide = ""
    first = True
    while block := stream.read(_BLOCK):
        if first:
            wide = _encoding(block, where)
            first = False
        plain = (before + block).replace(b"\0", b"") if wide else before + block
        if _FORBIDDEN.search(plain):
            raise InputError(
                "XML with a document type or entities is refused", where=where, mend="export it without a DTD"
            )
        before = (before + block)[-64:]
        yield from _fed(parser, block, where)
    yield from _fed(parser, None, where)


def _encoding(block: bytes, where: str) -> str:
    if block.startswith((b"\xff\xfe", b"\xfe\xff")) or block[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16"
    declared = _DECLARED.search(block[:1_000])
    if declared and declared[1].decode().lower() not in _ENCODINGS:
        raise InputError("XML in an encoding nobody agreed on", where=where, mend="export it in UTF-8")
    return ""


def _fed(parser: ET.XMLPullParser[ET.Element], block: bytes | None, where: str) -> Iterator[tuple[str, ET.Element]]:
    broken: ET.ParseError | None = None
    try:
        if block is None:
            parser.close()
        else:
            parser.feed(block)
    except (ET.ParseError, ValueError, LookupError) as error:
        broken = error if isinstance(error, ET.ParseError) else ET.ParseError("unreadable")
    try:
        for told in parser.read_events():
            event, element = tuple(told)
            assert isinstance(element, ET.Element)
            yield str(event), element
    except ET.ParseError as error:
        broken = error
    if broken is not None:
        line = getattr(broken, "position", (0, 0))[0]
        raise InputError("broken XML; what stood before it was read", where=f"{where}:{line}") from None


def local(element: ET.Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: ET.Element | None, *path: str) -> ET.Element | None:
    """The first descendant along a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
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
    bare = raw.strip().lower().removeprefix("urn:uuid:").strip("{}")
    squeezed = re.sub(r"[^0-9a-f]", "", bare)
    if len(squeezed) == 32 and re.fullmatch(r"[0-9a-f\-\s]+", bare):
        return "-".join((squeezed[:8], squeezed[8:12], squeezed[12:16], squeezed[16:20], squeezed[20:]))
    return bare


class _Message:
    """One message while it is read: its head, destinations as they come, tasks until destinations are known."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.type = ""
        self.tasks: list[ET.Element] = []
        self.destinations: dict[str, str] = {}
        self.sets: list[ET.Element] = []  # destination sets
        self.names: list[str] = []
        self.status = ""
        self.error = ""


_HEAD: Final = ("admfIdentifier", "neIdentifier", "messageTimestamp", "version", "x1TransactionId")


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    with closing(evidence.open()) as stream:
        stack: list[ET.Element] = []
        message: _Message | None = None
        number = 0
        for event, element in events(stream, evidence.origin):
            if event == "start":
                stack.append(element)
                if len(stack) > MAX_DEPTH:
                    raise InputError(f"XML nested deeper than {MAX_DEPTH}", where=evidence.origin)
                if local(element) in ("x1RequestMessage", "x1ResponseMessage", "X1TopLevelErrorResponse"):
                    message = _Message()
                    number += 1
                    message.type = next(
                        (v.rpartition(":")[2] for n, v in element.attrib.items() if n.endswith("}type")), local(element)
                    )
                continue
            stack.pop()
            if message is None:
                continue
            name = local(element)
            if name in ("x1RequestMessage", "x1ResponseMessage", "X1TopLevelErrorResponse"):
                yield from _finish(message, number, evidence, reading, rows)
                message = None
                element.clear()
            else:
                _take(message, name, element, stack)


def _take(message: _Message, name: str, element: ET.Element, stack: list[ET.Element]) -> None:
    """Keep what matters of an element that ended; let go of everything large."""
    if name in _HEAD and len(stack) <= 3:
        message.head[name] = text(element.text)
    elif name == "taskResponseDetails" or (name == "taskDetails" and local(stack[-1]) != "taskResponseDetails"):
        message.tasks.append(element)
    elif name == "destinationDetails":
        did = said(element, "dId").lower()
        message.destinations[did] = address_of(child(element, "deliveryAddress"))
    elif name == "listOfAssociatedDIDs" and stack:
        message.sets.append(stack[-1])
    elif name == "xId" and local(stack[-1]) not in ("taskDetails", "AssociatedObject"):
        message.names.append(text(element.text))
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


def _finish(message: _Message, number: int, evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    kind = message.type
    moment = when(message.head.get("messageTimestamp"), reading)
    system = message.head.get("neIdentifier", "")
    report = f"{evidence.origin}#{number}"
    answer = kind.endswith("Response")
    if not (system or message.tasks or message.names):
        rows.reject(
            f"{evidence.origin}#{number}",
            "an X1 message that names no element"
            if not message.error
            else f"an X1 error ({message.error}) that names no element",
        )
    if not UUID.fullmatch(message.head.get("x1TransactionId", "")):
        rows.note("x1TransactionId is no lower-case UUID; read as it is")
    by_manager = bool(re.match(r"(?:admf|lipf|licf)", evidence.origin.rpartition("/")[2], re.I))
    for place, task in enumerate(message.tasks, 1):
        path = "element" if answer and not by_manager else "management"
        _task(task, f"{report}.{place}", message, system, path, moment, reading, rows)
        task.clear()
        if rows.full:
            yield
    listing = kind.startswith("ListAllDetails")
    if listing:
        for place, name in enumerate(message.names, 1):
            values = {
                "system": system,
                "path": "element",
                "form": "x1",
                "tap": xid_of(name),
                "xid": xid_of(name),
                "state": "unknown",
                "report": report,
            }
            rows.add("taps", f"{report}.{place}", f"{system}\0{name}".encode(), values, when=moment)
    if answer and kind.startswith(("GetAllDetails", "GetAllTaskDetails", "ListAllDetails", "GetNEStatus")):
        told: dict[str, object] = {
            "system": system,
            "path": "management" if by_manager else "element",
            "form": "x1",
            "report": report,
            "status": message.status,
            "complete": not kind.startswith("GetNEStatus"),
            "names_only": listing,
            "taps": len(message.names) if listing else len(message.tasks),
        }
        rows.add("tap_reports", report, f"{system}\0{kind}\0{number}".encode(), told, when=moment)
    if answer and not (message.tasks or message.names or kind.startswith("Get")):
        rows.note(f"{text(kind)}: names no task")
    if kind.endswith("Request"):
        _act(message, kind.removesuffix("Request"), report, system, moment, rows)
    elif message.error:
        rows.note(f"{kind}: the element answered with error {message.error}")


def _act(message: _Message, request: str, report: str, system: str, moment: When, rows: Rows) -> None:
    xid = next((xid_of(said(one, "xId")) for one in message.tasks if said(one, "xId")), "")
    xid = xid or (xid_of(message.names[0]) if message.names else "")
    values = {
        "system": system,
        "admf": message.head.get("admfIdentifier", ""),
        "request": request,
        "xid": xid,
        "form": "x1",
    }
    rows.add("intercept_audit", report, f"{system}\0{request}\0{xid}".encode(), values, when=moment)


def targets_of(task: ET.Element) -> list[Given]:
    """Form and value of each target identifier."""
    found: list[Given] = []
    for one in every(task, "targetIdentifier"):
        for inner in one:
            if local(inner) in NARROWING:
                continue
            leaf = [e for e in inner.iter() if e.text and e.text.strip()]
            if leaf:
                found.append((local(inner), " ".join(e.text.strip() for e in leaf if e.text)))
    return found


def _task(
    element: ET.Element,
    place: str,
    message: _Message,
    system: str,
    path: str,
    moment: When,
    reading: Reading,
    rows: Rows,
) -> None:
    details = element if local(element) == "taskDetails" else child(element, "taskDetails")
    status = child(element, "taskStatus") if details is not element else None
    if details is None:
        rows.reject(place, "a task without its details")
        return
    raw = said(details, "xId")
    xid = xid_of(raw)
    mediation = every(details, "mediationDetails")
    deviations = []
    if not UUID.fullmatch(raw):
        deviations.append("xId is no lower-case UUID")
        rows.note("an XID that is no lower-case UUID; read, and compared whatever its case")
    provisioning = said(status, "provisioningStatus")
    delivery, unresolved, redundant = _destinations(details, message)
    values: dict[str, object] = {
        "system": system,
        "path": path,
        "form": "x1",
        "tap": xid,
        "xid": xid,
        "liids": dumped([said(one, "LIID") for one in mediation if said(one, "LIID")]),
        "state": _LIVE.get(provisioning.lower(), "active") if message.type.endswith("Response") else "unknown",
        "state_raw": provisioning,
        "tap_scope": SCOPES.get(said(details, "deliveryType").lower()),
        "starts": min((t for m in mediation if (t := micros(said(m, "StartTime"), reading))), default=None),
        "ends": max((t for m in mediation if (t := micros(said(m, "EndTime"), reading))), default=None),
        "delivery": dumped(delivery),
        "unresolved": dumped(unresolved),
        "redundant": redundant,
        "modified": micros(said(status, "timeOfLastModification"), reading),
        "modifications": number_of(said(status, "numberOfModifications")),
        "deviations": dumped(deviations),
        "report": place.rpartition(".")[0],
    }
    targets = targets_of(details)
    record = "\0".join((system, raw, provisioning, *(f"{f}\1{v}" for f, v in targets), *delivery)).encode()
    rows.add("taps", place, record, values, when=moment, targets=targets)


def number_of(raw: str) -> int | None:
    """A count, or None."""
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else None


def _destinations(details: ET.Element, message: _Message) -> tuple[list[str], list[str], bool]:
    listed = child(details, "listOfDIDs")
    dids = [text(one.text).lower() for one in every(listed, "dId")]
    sets = [text(one.text).lower() for one in every(listed, "dSId")]
    members = {
        said(one, "objectId").lower(): [said(two, "dId").lower() for two in every(one, "AssociatedDID")]
        for one in message.sets
    }
    within = [did for one in sets for did in members.get(one, [])]
    known = [message.destinations[did] for did in (*dids, *within) if message.destinations.get(did)]
    unknown = [did for did in (*dids, *within) if not message.destinations.get(did)]
    unknown += [one for one in sets if one not in members]
    return list(dict.fromkeys(known)), unknown, bool(sets) and not dids


FORMAT: Final = Format("x1", "X1 messages (ETSI TS 103 221-1)", _sniff, _read)
