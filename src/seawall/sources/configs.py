"""Device configurations: one event per line, each knowing its section, its number and the snapshot it stands in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

import pyarrow as pa

from seawall.model.events import arrow_schema, event_ids
from seawall.platforms.config_styles import Guess, guess_of
from seawall.platforms.config_tree import ConfigLine, hostname_in, section_path, tree_of
from seawall.platforms.masking import mask
from seawall.platforms.snapshots import changed_at, device_of, taken_at
from seawall.sources.base import Chunk, Evidence, Reading, Reject, Source

MAX_BYTES: Final = 64 << 20  # larger than any device's configuration
_ROWS: Final = 50_000


def _sniff(evidence: Evidence) -> int:
    if b"\0" in evidence.head[:4096]:
        return 0
    found = guess_of(_lines(evidence.head))
    return found.sure if found else 0


def _lines(content: bytes) -> list[str]:
    """The lines of a configuration: UTF-8, or Latin-1 where it is not; byte-order mark and ^M taken away."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a configuration whole: structure needs neighbours, and no device has one larger than `MAX_BYTES`."""
    with closing(evidence.open()) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        what = f"configuration larger than {MAX_BYTES >> 20} MiB; split it, or remove what is no configuration"
        yield Chunk(rejects=(Reject(evidence.origin, what),), rejected=1)
        return
    lines = _lines(content)
    found = guess_of(lines) or Guess("", "indent", 0)
    host = hostname_in(lines, found.platform)
    about = _About(host, host or device_of(evidence.origin), taken_at(evidence.origin), changed_at(lines))
    digest = hashlib.sha256(content)
    tree = tree_of(lines, found)
    read_bytes = len(content)
    while piece := list(islice(tree, _ROWS)):
        table = _table(piece, found, about, digest.digest(), evidence.origin, reading)
        yield Chunk({"config_lines": table}, read_bytes=read_bytes)
        read_bytes = 0
    if host is None:
        named = f"it is taken for {about.device}, as its file is named" if about.device else "its lines have no device"
        yield Chunk(notes=(f"configuration does not name its device: {named}",))


class _About(NamedTuple):
    """What holds for every line of a snapshot. Ids rest on `host` alone: a file's name may change."""

    host: str | None  # as the configuration names itself
    device: str | None  # host, else as the file is named
    taken: datetime | None
    changed: datetime | None


def _table(
    piece: list[ConfigLine], found: Guess, about: _About, digest: bytes, origin: str, reading: Reading
) -> pa.Table:
    count, host = len(piece), about.host
    sections: dict[tuple[str, ...], str] = {}
    for line in piece:
        if line.section not in sections:
            sections[line.section] = mask(section_path(line))
    columns: dict[str, list[object]] = {
        "event_id": list(
            event_ids("config_lines", [host or ""] * count, [digest + line.number.to_bytes(8, "big") for line in piece])
        ),
        "time_quality": ["missing"] * count,
        "observer": [host] * count,
        "origin": [f"{origin}:{line.number}" for line in piece],
        "trust": [reading.trust] * count,
        "tenant": [reading.tenant] * count,
        "scope": [reading.scope] * count,
        "device": [about.device] * count,
        "taken": [about.taken] * count,
        "changed": [about.changed] * count,
        "platform": [found.platform or None] * count,
        "snapshot": [digest.hex()] * count,
        "number": [line.number for line in piece],
        "depth": [line.depth for line in piece],
        "section": [sections[line.section] for line in piece],
        "text": [mask(line.text) for line in piece],
    }
    schema = arrow_schema("config_lines")
    return pa.table(
        [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(count, f.type) for f in schema],
        schema=schema,
    )


SOURCE: Final = Source(
    name="configs",
    title="Device configurations (IOS family, Junos and kin)",
    kinds=("config_lines",),
    sniff=_sniff,
    read=_read,
)
