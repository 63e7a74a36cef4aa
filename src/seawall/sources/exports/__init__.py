"""Flow export as routers send it: files of NetFlow v5, v9, IPFIX and sFlow v5 datagrams, as a receiver kept them.

Decoding knows nothing of where datagrams come from (`decoder`): captures and the service use it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.exports.batches import Batch
from seawall.sources.exports.clocks import Clocks
from seawall.sources.exports.decoder import Decoder
from seawall.sources.exports.files import datagrams, prefix_of
from seawall.sources.records import Columns, Records

KIND: Final = "flow_records"
_EVERY: Final = 20_000  # datagrams between two pieces, at most


def add(records: Records, batch: Batch, origin: str) -> None:
    """Add the flows of a batch; datagrams are counted from 1 in `origin`."""
    rows = batch.rows()
    places = pa.array([str(place) for place in batch.heads.places]).take(pa.array(rows.datagrams))
    origins = pc.binary_join_element_wise(
        pc.binary_join_element_wise(origin, places, "#"), pa.array(rows.ordinals).cast(pa.string()), ":"
    )
    lines = np.zeros(len(rows.micros), np.int64)
    records.add_columns(Columns(rows.micros, rows.quality, rows.exporter, origins, lines, rows.records, rows.values))


def hand_over(decoder: Decoder, records: Records, origin: str, *, last: bool = False) -> None:
    """Move everything a decoder has, or all that is full, to the rows and rejects of a file."""
    for batch in decoder.close() if last else decoder.ready():
        add(records, batch, origin)
    rejects, decoder.rejects = decoder.rejects, []
    for place, what in rejects:
        records.reject(f"{origin}#{place}", what)


def notes_of(decoder: Decoder) -> tuple[str, ...]:
    """What is worth saying once all was decoded: losses, and what was left out on purpose."""
    left_out = (f"{times} {what} left out: they are no flows" for what, times in decoder.counted.items())
    return (*decoder.sequences.notes(), *left_out)


def _sniff(evidence: Evidence) -> int:
    return 96 if prefix_of(evidence.head) is not None else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a file of datagrams; those that cannot be read are rejects, the others go on."""
    prefix = prefix_of(evidence.head)
    decoder, clocks = Decoder(), Clocks(evidence.origin)
    read = 0
    with Records(KIND, evidence.origin, reading) as records:
        for number, cut in enumerate(datagrams(evidence, prefix) if prefix else (), 1):
            if cut.fault:
                records.reject(f"{evidence.origin}#{number}", cut.fault)
                continue
            read += len(cut.data)
            clocks.see(cut.data, "", None)
            decoder.take(cut.data, place=number)
            if number % _EVERY == 0:
                hand_over(decoder, records, evidence.origin)
                yield records.chunk(read)
                read = 0
        hand_over(decoder, records, evidence.origin, last=True)
        yield records.chunk(read, (*notes_of(decoder), *clocks.notes()))


SOURCE: Final = Source(
    name="exports",
    title="Flow export datagrams (NetFlow v5 and v9, IPFIX, sFlow v5)",
    kinds=(KIND,),
    sniff=_sniff,
    read=_read,
)
