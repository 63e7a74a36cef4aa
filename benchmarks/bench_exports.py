"""NetFlow v9 records per second and core: decoding, and rows for the lake, beside `struct`.

    python benchmarks/bench_exports.py [RECORDS]        default: 1000000

Records of the template routers send most (14 fields, 43 octets, 28 to a datagram) are generated (seed 7). Decoding
gives every column as an array of numbers; rows add texts and estimates. The naive decoder unpacks each record with
`struct` into a dict. CPU seconds, best of three.
"""

from __future__ import annotations

import datetime
import random
import struct
import sys

from bench_flows import best_s, tell

from seawall.sources import exports
from seawall.sources.base import Reading
from seawall.sources.exports.decoder import Decoder
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.years import SurveyedYears

_FIELDS = (
    (8, 4), (12, 4), (15, 4), (10, 2), (14, 2), (2, 4), (1, 4), (22, 4), (21, 4), (7, 2),
    (11, 2), (6, 1), (4, 1), (5, 1),
)  # fmt: skip
_RECORD = struct.Struct(">IIIHHIIIIHHBBB")
_EACH = 28
_NAMES = (
    "src",
    "dst",
    "hop",
    "in",
    "out",
    "pkts",
    "octets",
    "first",
    "last",
    "sport",
    "dport",
    "flags",
    "proto",
    "tos",
)


def datagrams(records: int) -> list[bytes]:
    """Export datagrams of so many records, a template first."""
    chance = random.Random(7)
    fields = b"".join(struct.pack(">HH", *field) for field in _FIELDS)
    template = struct.pack(">HHHH", 0, 8 + len(fields), 256, len(_FIELDS)) + fields
    made = [struct.pack(">HHIIII", 9, 1, 3_600_000, 1_772_359_200, 0, 7) + template]
    for first in range(0, records, _EACH):
        body = b"".join(
            _RECORD.pack(
                0x0A010000 + chance.randrange(60_000), 0xCB007100 + chance.randrange(250), 0, 12, 34,
                chance.randrange(1, 90), chance.randrange(40, 1 << 20), 3_500_000 + n, 3_500_100 + n,
                1024 + chance.randrange(60_000), 443, 27, 6, 0,
            )
            for n in range(_EACH)
        )  # fmt: skip
        padding = -len(body) % 4
        head = struct.pack(">HHIIII", 9, _EACH, 3_600_000, 1_772_359_200 + first // 100_000, 1 + first // _EACH, 7)
        made.append(head + struct.pack(">HH", 256, 4 + len(body) + padding) + body + bytes(padding))
    return made


def decoded(payloads: list[bytes]) -> int:
    """Decode to columns of numbers; returns records."""
    decoder, count = Decoder(), 0
    for payload in payloads:
        decoder.take(payload, "192.0.2.1")
        for batch in decoder.ready():
            count += len(batch.numbers()["start"])
    return count + sum(len(batch.numbers()["start"]) for batch in decoder.close())


def rows(payloads: list[bytes]) -> int:
    """Decode to the columns of the lake, without ids; returns records."""
    decoder, count = Decoder(), 0
    for payload in payloads:
        decoder.take(payload, "192.0.2.1")
        for batch in decoder.ready():
            count += len(batch.rows().micros)
    return count + sum(len(batch.rows().micros) for batch in decoder.close())


def evidence(payloads: list[bytes]) -> int:
    """Read as a file: columns, ids and order, all an ingest does before Parquet; returns records."""
    given = evidence_from_bytes(b"".join(payloads), "v9.dat")
    reading = Reading(SurveyedYears(datetime.date(2026, 1, 1)))
    return sum(table.num_rows for chunk in exports.SOURCE.read(given, reading) for table in chunk.tables.values())


def naive(payloads: list[bytes]) -> int:
    """Each record a dict, as small decoders do it."""
    count = 0
    for payload in payloads[1:]:
        uptime, seconds = struct.unpack_from(">II", payload, 4)
        length = struct.unpack_from(">H", payload, 22)[0] - 4
        for values in _RECORD.iter_unpack(payload[24 : 24 + length // _RECORD.size * _RECORD.size]):
            flow = dict(zip(_NAMES, values, strict=True))
            flow["start"] = seconds * 1000 - uptime + flow["first"]
            flow["end"] = seconds * 1000 - uptime + flow["last"]
            count += 1
    return count


def main(records: int) -> None:
    """Print one JSON line per figure."""
    payloads = datagrams(records)
    data = f"{records} generated records of 43 octets, seed 7"
    theirs, _ = best_s(lambda: naive(payloads))
    for name, read in (("v9, decoded to numbers", decoded), ("v9, columns of the lake", rows), ("v9, file", evidence)):
        ours, count = best_s(lambda read=read: read(payloads))
        tell(name, ours, theirs, count, "struct.iter_unpack to dicts", data)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
