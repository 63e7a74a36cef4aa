"""CEF and LEEF: the envelopes in which security products send anything. One reader for all of them.

CEF: ArcSight Common Event Format, `CEF:0|vendor|product|version|id|name|severity|key=value …`, with `csN`/`csNLabel`
pairs; LEEF 1.0 and 2.0: QRadar, tab or a named sign between the pairs. Backslashes escape `|`, `=` and `\\`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from seawall.platforms.fields import Shipped, shipped
from seawall.platforms.masking import MASK, names_a_secret, struck
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.deeds import deed_of, outcome_of
from seawall.sources.line_format import IP, Told, kept, number, read_lines, said, sureness
from seawall.sources.line_times import time_at_start
from seawall.sources.records import NEVER, When

_START: Final = re.compile(r"(?:^|[\s:>\]])(?:CEF: ?[01]|LEEF: ?[12]\.0)\|")
_MAX_START: Final = 300  # characters of syslog header in front


class Envelope(NamedTuple):
    """A record in an envelope, its custom fields under their labels, and where it begins in the text."""

    record: Shipped
    fields: dict[str, str]
    start: int


def open_envelope(text: str) -> Envelope | None:
    """The envelope in a text; None if there is none, or its header is cut short."""
    found = _START.search(text, 0, _MAX_START)
    if found is None:
        return None
    start = found.start() + (text[found.start()] not in "CL")
    record = shipped(text[start:])
    return Envelope(record, _labelled(record.fields), start) if record else None


def _labelled(pairs: dict[str, str]) -> dict[str, str]:
    """`cs1Label=Reason cs1=x` as `Reason: x`; a label that is a name of the record already stays with its number."""
    made: dict[str, str] = {}
    for name, value in pairs.items():
        if name.endswith("Label") and name[:-5] in pairs:
            continue
        label = re.sub(r"\W+", "_", pairs.get(f"{name}Label", "").strip().strip('"')).strip("_")[:60]
        made[label if label and label not in pairs else name] = value
    return made


_PLACES: Final[dict[str, tuple[str, ...]]] = {  # ours → theirs, lower case, best first
    "user": ("suser", "usrname", "username", "duser", "user", "accountname", "suid", "login"),
    "src_ip": ("src", "sourceaddress", "c6a2", "srcip", "sourceip", "shost", "identsrc"),
    "dst_ip": ("dst", "destinationaddress", "dstip", "c6a3"),
    "device": ("dvchost", "devname", "dvc", "device", "deviceexternalid"),
    "object": (
        "fname",
        "filename",
        "filepath",
        "object",
        "resource",
        "duser",
        "dhost",
        "destinationservicename",
        "request",
    ),
    "session": ("session", "sessionid", "externalid", "psid"),
    "message": ("msg", "message", "reason"),
    "rows": ("rows", "rowcount", "cnt"),
    "bytes": ("out", "bytesout", "dstbytes", "fsize"),
}
_TIMES: Final = ("rt", "devtime", "start", "end", "eventtime", "timestamp", "deviceReceiptTime".lower())
_OWN: Final = frozenset(
    ("event_id", "time", "time_quality", "received", "observer", "origin", "trust", "tenant", "scope")
)
_ADDRESS: Final = re.compile(IP)


def values_of(envelope: Envelope, text: str) -> dict[str, Any]:
    """The columns of an `access` row; fields without a place of ours keep their names."""
    lowered = {name.lower(): value for name, value in envelope.fields.items()}
    values: dict[str, Any] = {}
    for ours, theirs in _PLACES.items():
        found = next((said(lowered[name]) for name in theirs if said(lowered.get(name)) is not None), None)
        if ours == "src_ip" and found and not _ADDRESS.fullmatch(found):
            found = None
        values[ours] = number(found) if ours in ("rows", "bytes") else kept(found)
    if values["object"] == values["user"]:
        values["object"] = kept(said(lowered.get("dhost")) or said(lowered.get("dst")))
    act, result = (
        lowered.get("act", ""),
        lowered.get("outcome", "") or lowered.get("result", "") or lowered.get("status", ""),
    )
    record = envelope.record
    name = record.name or record.event
    deed = deed_of(" ".join((name, act, lowered.get("cat", ""))), result)
    values |= {
        "system": f"{record.vendor} {record.product}".strip(),
        "operation": kept(name),
        "action": deed.action,
        "activity": deed.activity,
        "outcome": deed.outcome or outcome_of(act),
        "service": said(lowered.get("app")) or said(lowered.get("proto")),
        "severity": said(record.severity),
        "raw": kept(struck(text, [v for n, v in envelope.fields.items() if names_a_secret(n)])),
    }
    if command := said(lowered.get("cmd") or lowered.get("command")):
        values |= {"command_raw": kept(command), "activity": "command"}
    taken = _OWN | {name.lower() for name in values}
    for field, value in envelope.fields.items():
        if field.lower() not in taken and said(value) is not None:
            values[field] = MASK if names_a_secret(field) else kept(value)
    return values


def time_of(envelope: Envelope, reading: Reading) -> When:
    """When the product says it was: `rt`, `devTime` and the like; milliseconds since 1970 or a date in words."""
    lowered = {name.lower(): value for name, value in envelope.fields.items()}
    for name in _TIMES:
        value = lowered.get(name, "")
        if re.fullmatch(r"\d{13}", value):
            return When(int(value) * 1_000, "exact")
        if value and (when := time_at_start(value, reading)) is not NEVER:
            return when
    return NEVER


def tell(text: str, reading: Reading) -> Told | None:
    """What a line with an envelope says; None if it has none."""
    envelope = open_envelope(text)
    if envelope is None:
        return None
    when = time_of(envelope, reading)
    front = text[: envelope.start].strip()
    if when is NEVER and front:
        when = time_at_start(re.sub(r"^<\d{1,3}>\d?\s?", "", front), reading)
    return Told(values_of(envelope, text), when, said(envelope.fields.get("dvchost") or envelope.fields.get("dvc")))


def sniff(evidence: Evidence) -> int:
    """97 for lines that begin with an envelope; behind a syslog header they are `syslog` lines, read by `within`."""
    return sureness(evidence, lambda text: text.startswith(("CEF:", "LEEF:")) and open_envelope(text) is not None, 97)


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `access` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_lines(evidence, reading, "access", tell, "CEF or LEEF record")


SOURCE: Final = Source("envelopes", "CEF and LEEF records (PAM, VPN, security products)", ("access",), sniff, read)
