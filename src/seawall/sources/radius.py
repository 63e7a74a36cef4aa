"""RADIUS accounting as servers keep it: FreeRADIUS detail files, Microsoft NPS (IAS, ODBC and XML), CSV with a header.

Times: a server's `Timestamp` (epoch) less `Acct-Delay-Time` is when it happened (RFC 2866, 5.2), the timestamp itself
when the server took it in. Passwords, keys and hashes are masked before anything else is done; packets that start an
intercept are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa

from seawall.platforms.commands import normalise
from seawall.platforms.masking import mask
from seawall.platforms.radius import act_of, address, masked, number, octets, record_of, taps
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.intercepts import LINE_REFUSAL, is_intercept_line
from seawall.sources.lines import head_lines, line_blocks
from seawall.sources.pausing import collector_paused
from seawall.sources.radius_forms import FORMS, form_of
from seawall.sources.radius_packets import Packet
from seawall.sources.records import NEVER, Records, When, read_time
from seawall.sources.syslog_parts import suspects
from seawall.sources.times import moment

_LOOKED_AT: Final = 100


def sniff(evidence: Evidence) -> int:
    """97 if the head is one of the forms, by its shape and the attributes' names."""
    form = form_of(head_lines(evidence.head, _LOOKED_AT))
    return 97 if form else 0


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `radius` and rejects, block by block. Raises InputError if the file cannot be read on."""
    form = form_of(head_lines(evidence.head, _LOOKED_AT)) or FORMS[0]
    with Records("radius", evidence.origin, reading) as records:
        state = form.start()
        for block in line_blocks(evidence):
            notes = tuple(f"{evidence.origin}:{block.first}: {note}" for note in block.notes)
            if block.too_long:
                records.reject(block.first, f"line of {block.too_long} bytes or more, longer than any attribute")
            with collector_paused():
                _add(records, list(state.take(block.texts())), reading)
                made = records.chunk(block.read_bytes, notes)
            yield made
        _add(records, list(state.end()), reading)
        yield records.chunk()


SOURCE: Final = Source("radius", "RADIUS accounting", ("radius",), sniff, read)


def _add(records: Records, packets: list[Packet], reading: Reading) -> None:
    """Packets of a block: the search for secrets and intercepts is one for all."""
    hits = frozenset(suspects(pa.array([packet.record for packet in packets], pa.binary())).tolist())
    for number_, packet in enumerate(packets):
        if packet.wrong:
            records.reject(packet.line, packet.wrong)
        elif taps(packet.pairs) or (number_ in hits and is_intercept_line(packet.record)):
            records.reject(packet.line, LINE_REFUSAL)
        else:
            _take(records, packet, reading, clean=number_ not in hits and b"\\" not in packet.record)


def _take(records: Records, packet: Packet, reading: Reading, *, clean: bool) -> None:
    pairs = masked(packet.pairs, clean=clean)
    said = dict(reversed(pairs))  # of a name met twice the first value counts
    device = said.get("NAS-Identifier") or said.get("NAS-IP-Address") or said.get("NAS-IPv6-Address")
    device = device or said.get("Client-Friendly-Name") or said.get("Client-IP-Address") or None
    when, received = _when(said, packet.time, reading, device or "")
    values = {**_columns(said), "received": received, "attributes": "\t".join(f"{n} = {v}" for n, v in pairs)}
    records.add(packet.line, packet.record, when, device, {**values, "device": device})


def _columns(said: dict[str, str]) -> dict[str, Any]:
    act = act_of(said)
    command = act.command_raw and mask(act.command_raw)
    return {
        "record": record_of(said),
        "session_id": said.get("Acct-Session-Id"),
        "nas_ip": address(said.get("NAS-IP-Address")) or act.dst_ip or address(said.get("Client-IP-Address")),
        "calling_station": said.get("Calling-Station-Id"),
        "called_station": said.get("Called-Station-Id"),
        "framed_ip": said.get("Framed-IP-Address") or said.get("Framed-IPv6-Address"),
        "session_s": number(said.get("Acct-Session-Time")),
        "in_octets": octets(said, "Input"),
        "out_octets": octets(said, "Output"),
        "terminate_cause": said.get("Acct-Terminate-Cause"),
        **act._asdict(),
        "command_raw": command,
        "command": normalise(command, "junos" if "Juniper-Interactive-Command" in said else None) if command else None,
    }


def _when(said: dict[str, str], written: str, reading: Reading, device: str) -> tuple[When, int | None]:
    """When it happened, and when the server took it in (UTC microseconds) where that is told apart."""
    stamp, sure = moment(said.get("Timestamp", ""))
    if stamp is None:
        stamp, sure = moment(written)
    if stamp is None:
        return (read_time(written, reading, device) if written else NEVER), None
    delay = number(said.get("Acct-Delay-Time")) or 0
    quality = "exact" if sure else "zone_assumed"
    return When(stamp - min(delay, 86_400) * 1_000_000, quality), stamp if sure else None
