"""A mapping to start from, for a table or JSON nobody knows: what its columns seem to be, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from seawall.sources.base import Evidence
from seawall.sources.flows.fields import field_of
from seawall.sources.jsonlines import first_object, flattened
from seawall.sources.records import excerpt
from seawall.sources.tables import first_header

_LISTED: Final = 12
_NAME: Final = re.compile(r"[^a-z0-9]+")
_THEIRS: Final[dict[str, str]] = {  # our column → what others call it, by letters and digits
    "time": "time timestamp attimestamp datetime date eventtime logtime ts createdat occurredat generatedtime "
    "receivetime starttime",
    "device": "device host hostname devicename dvc node router observername hostname agentname devname ne "
    "networkelement",
    "user": "user username useraccount account login srcuser loginname username userid operator actor uid",
    "src_ip": "srcip src sourceip sourceaddress clientip remoteip remoteaddr ipaddress ip srcaddr callerip from",
    "dst_ip": "dstip dst dest destip destinationip destinationaddress targetip serverip dstaddr",
    "src_port": "srcport sport sourceport",
    "dst_port": "dstport dport destport destinationport",
    "proto": "proto protocol transport networktransport",
    "src_bytes": "bytes srcbytes bytessent sentbytes bytesout networkbytes sentbyte octets",
    "dst_bytes": "dstbytes bytesreceived rcvdbytes receivedbytes rcvdbyte",
    "src_pkts": "packets pkts sentpkt networkpackets",
    "command_raw": "command cmd cmdline commandline cli cmdset",
    "outcome": "outcome result status success eventoutcome",
    "message": "message msg raw text logmessage eventmessage description",
    "severity": "severity level",
}
_KNOWN: Final = {name: ours for ours, names in _THEIRS.items() for name in names.split()}
_FLOW_ONLY: Final = ("src_bytes", "dst_bytes", "src_pkts", "proto")


def columns_in(evidence: Evidence) -> tuple[str, list[str]] | None:
    """(form, columns or keys) of a table or JSON; None if it is neither."""
    record = first_object(evidence.head)
    if record is not None:
        return "json", list(flattened(record, "."))
    header = first_header(evidence.head)
    rows = evidence.head.count(b"\n")
    return ("csv", list(header.names)) if header and len(header.names) > 2 and rows else None


def why(evidence: Evidence) -> str:
    """What a table or JSON is, and how it could be read, as the end of a sentence; empty if it is neither."""
    found = columns_in(evidence)
    if found is None:
        return ""
    form, names = found
    what = "JSON with the keys" if form == "json" else "a table with the columns"
    listed = excerpt(", ".join(names[:_LISTED]), 300) + (" …" if len(names) > _LISTED else "")
    missing = _missing(_guessed(names))
    lacks = f"; it says no {' and no '.join(missing)}" if missing else ""
    return (
        f"{what} {listed}{lacks}; a mapping file reads it: `seawall ingest --explain` proposes one, give it with --map"
    )


def _guessed(names: list[str]) -> dict[str, str]:
    """Our column → theirs, as far as their names tell."""
    found: dict[str, str] = {}
    for name in names:
        last = _NAME.sub("", name.lower())
        for said in (last, _NAME.sub("", name.rpartition(".")[2].lower())):
            ours = _KNOWN.get(said)
            if ours and ours not in found:
                found[ours] = name
                break
    if "src_ip" in found and "dst_ip" not in found:
        target = next((name for name in names if field_of(name) == "dst_ip"), None)
        found |= {"dst_ip": target} if target else {}
    return found


def _missing(found: Mapping[str, str]) -> list[str]:
    lacks = [] if "time" in found else ["time"]
    if not {"device", "user", "src_ip", "message"} & set(found):
        lacks.append("device, user, address or message")
    return lacks


def proposal(evidence: Evidence) -> str:
    """A mapping file to start from; empty for what is no table and no JSON."""
    columns = columns_in(evidence)
    if columns is None:
        return ""
    form, names = columns
    found = _guessed(names)
    flows = {"src_ip", "dst_ip"} <= set(found) and any(name in found for name in _FLOW_ONLY)
    kind = "flow_records" if flows else "mapped"
    time = found.pop("time", "")
    if not flows:
        for name in _FLOW_ONLY:
            found.pop(name, None)
    stem = evidence.origin.rpartition("/")[2].partition(".")[0]
    has = [name for name in dict.fromkeys((*found.values(), *names)) if name][:3]
    lines = [
        "[[map]]",
        f"name = {_toml(stem or 'my export')}",
        f"kind = {_toml(kind)}" + ("" if flows else "  # or another of docs/reference/events.md"),
        f"form = {_toml(form)}",
        f"has = [{', '.join(map(_toml, has))}]  # the columns that tell these files from others",
        "",
        "[map.time]",
        f"column = {_toml(time)}" + ("" if time else "  # MISSING: name the column that says when"),
        'zone = "UTC"  # of times that name none',
        "",
        "[map.fields]",
        *(f"{ours} = {_toml(theirs)}" for ours, theirs in found.items()),
    ]
    if not found:
        lines.append('message = ""  # MISSING: name at least one column')
    left = [name for name in names if name not in found.values() and name != time]
    if left:
        lines.append(f"# kept under their own names: {excerpt(', '.join(left[:20]), 200)}")
    return "\n".join(lines) + "\n"


def _toml(text: str) -> str:
    plain = excerpt(text, 200)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
