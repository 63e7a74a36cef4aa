"""CEF and LEEF: the envelopes in which security products send anything. One reader for all of them.

CEF: ArcSight Common Event Format, `CEF:0|vendor|product|version|id|name|severity|key=value …`, with `csN`/`csNLabel`
pairs; LEEF 1.0 and 2.0: QRadar, tab or a named sign between the pairs. Backslashes escape `|`, `=` and `\\`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from seawall.platforms.masking import MASK
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.deeds import deed_of, outcome_of
from seawall.sources.line_format import IP, Told, kept, number, read_lines, said, sureness
from seawall.sources.line_times import time_at_start
from seawall.sources.records import NEVER, When

_START: Final = re.compile(r"(?:^|[\s:>\]])(?P<form>CEF:\s?\d{1,2}|LEEF:\s?\d(?:\.\d)?)\|")
_HEADER_CELL: Final = re.compile(r"((?:[^|\\]|\\.)*)(\||$)")
_CEF_KEY: Final = re.compile(r"(?:^|(?<=[ \t]))([A-Za-z_][\w.\-\[\]]{0,100})=")
_MAX_FIELDS: Final = 300
_MAX_START: Final = 300  # characters of syslog header in front


@dataclass(frozen=True, slots=True)
class Envelope:
    """One record in an envelope."""

    form: str  # CEF or LEEF
    vendor: str
    product: str
    version: str
    event: str  # the product's number or name of the event
    name: str  # what happened, in words; LEEF has none
    severity: str
    fields: dict[str, str]  # custom fields under their labels
    start: int  # where it begins in the text


def open_envelope(text: str) -> Envelope | None:
    """The envelope in a text; None if there is none, or its header is cut short."""
    found = _START.search(text, 0, _MAX_START)
    if found is None:
        return None
    cef = found["form"].startswith("CEF")
    wanted = 6 if cef else 5 if "2" in found["form"].partition(".")[0] else 4
    cells, at = _header(text, found.end(), wanted)
    if len(cells) < (6 if cef else 4):
        return None
    if cef:
        vendor, product, version, event, name, severity = cells
        pairs = _cef_pairs(text[at:])
    else:
        vendor, product, version, event = cells[:4]
        delimiter = "\t"
        if wanted == 5:
            if len(cells) == 5 and _is_delimiter(cells[4]):
                delimiter = _delimiter(cells[4])
            else:
                at = _header(text, found.end(), 4)[1]
        pairs = _leef_pairs(text[at:], delimiter)
        name, severity = event, pairs.get("sev", "")
    return Envelope(
        "CEF" if cef else "LEEF", vendor, product, version, event, name, severity, _labelled(pairs), found.start("form")
    )


def _header(text: str, at: int, count: int) -> tuple[list[str], int]:
    cells: list[str] = []
    while len(cells) < count and (found := _HEADER_CELL.match(text, at)):
        if not found[2] and len(cells) < count - 1:
            break
        cells.append(re.sub(r"\\(.)", r"\1", found[1]).strip())
        at = found.end()
        if not found[2]:
            break
    return cells, at


def _is_delimiter(cell: str) -> bool:
    return len(cell) <= 1 or re.fullmatch(r"(?:0x|x|\\x)[0-9A-Fa-f]{1,4}", cell) is not None


def _delimiter(cell: str) -> str:
    if len(cell) <= 1:
        return cell or "\t"
    return chr(int(re.sub(r"^(?:0x|\\x|x)", "", cell), 16)) or "\t"


def _cef_pairs(text: str) -> dict[str, str]:
    """The extension: values may hold blanks; a value ends where the next `key=` begins."""
    text = text.strip("\r\n ")
    starts = [m for m in _CEF_KEY.finditer(text) if not _escaped(text, m.end() - 1)][: _MAX_FIELDS + 1]
    pairs: dict[str, str] = {}
    for found, after in zip(starts, [*starts[1:], None], strict=False):
        value = text[found.end() : after.start() if after else len(text)].strip()
        pairs.setdefault(found[1], _plain(value))
    return dict(list(pairs.items())[:_MAX_FIELDS])


def _escaped(text: str, at: int) -> bool:
    return at > 0 and text[at - 1] == "\\"


def _plain(value: str) -> str:
    if "\\" not in value:
        return value.strip('"') if value[:1] == '"' and value[-1:] == '"' else value
    return re.sub(r"\\([=\\|nr])", lambda m: {"n": "\n", "r": "\r"}.get(m[1], m[1]), value)


def _leef_pairs(text: str, delimiter: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    if delimiter == "\t" and "\t" not in text:
        return _cef_pairs(text)  # relays that turn tabs into blanks
    for part in text.strip("\r\n").split(delimiter, _MAX_FIELDS)[:_MAX_FIELDS]:
        name, equals, value = part.partition("=")
        if equals and re.fullmatch(r"[A-Za-z_][\w.\- ]{0,100}", name.strip()):
            pairs.setdefault(name.strip(), value.strip())
    return pairs


def _labelled(pairs: dict[str, str]) -> dict[str, str]:
    """`cs1Label=Reason cs1=x` as `Reason: x`; a label that is a word of CEF itself stays with its number."""
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
_SECRET: Final = re.compile(
    r"(?:^|_)(?:passw(?:or)?d|pwd|passphrase|secret|token|api_?key|private_?key)$", re.IGNORECASE
)


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
    deed = deed_of(" ".join((envelope.name, act, lowered.get("cat", ""))), result)
    values |= {
        "system": f"{envelope.vendor} {envelope.product}".strip(),
        "operation": kept(envelope.name or envelope.event),
        "action": deed.action,
        "activity": deed.activity,
        "outcome": deed.outcome or outcome_of(act),
        "service": said(lowered.get("app")) or said(lowered.get("proto")),
        "severity": said(envelope.severity),
        "raw": kept(text),
    }
    if command := said(lowered.get("cmd") or lowered.get("command")):
        values |= {"command_raw": kept(command), "activity": "command"}
    taken = _OWN | {name.lower() for name in values}
    for name, value in envelope.fields.items():
        if name.lower() not in taken and said(value) is not None:
            values[name] = MASK if _SECRET.search(name) else kept(value)
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
