"""Blocks of syslog lines to rows and rejects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.idset import IdSet
from seawall.model.events import arrow_schema
from seawall.platforms import recognise
from seawall.platforms.masking import mask
from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.acts import LONGEST_MESSAGE, Acts, act_columns
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Cut, Reading, Reject
from seawall.sources.clocks import Doubts, times_of
from seawall.sources.clockwatch import ClockWatch
from seawall.sources.intercepts import LINE_REFUSAL, is_intercept_line
from seawall.sources.lines import LineBlock
from seawall.sources.ordinals import Ordinals
from seawall.sources.syslog_forms import Inner, special
from seawall.sources.syslog_frames import unframed
from seawall.sources.syslog_glued import unglued
from seawall.sources.syslog_heads import find_parts
from seawall.sources.syslog_lacks import lacks
from seawall.sources.syslog_parts import Parts, masked_parts, suspects
from seawall.sources.times import Ints, digits

_HINTS: Final = {
    h.Form.NODE: "node",
    h.Form.YEAR_FIRST: "year_first",
    h.Form.TAGGED: "tagged",
    h.Form.ACCOUNTING: "accounting",
}

_NO_LINES: Final[Ints] = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Beside:
    """What else is to be known of a block to settle it."""

    numbers: Ints  # of its rows' lines
    glued: int = 0  # line ends lost
    doubts: tuple[tuple[str, int], ...] = ()  # of its clocks: what, and the first line
    unmasked: dict[int, bytes] = field(default_factory=dict)  # records of rows whose `raw` is masked; never kept


class SyslogReader:
    """Settles the cuts of one file in order; keeps the ordinals and what was already said of its clocks."""

    def __init__(self, origin: str, reading: Reading, seen: IdSet | None = None) -> None:
        self._origin = origin
        self._ordinals = Ordinals("syslog", seen)
        self._doubts = Doubts(origin, reading.clock)
        self._watch = ClockWatch(origin)
        self._cutter = Cutter(origin, reading)
        self._glued = 0

    def chunk(self, block: LineBlock) -> Chunk:
        """Rows and rejects of one block, the next in order."""
        return self.settle(self._cutter.read(block))

    def settle(self, one: Cut) -> Chunk:
        """The piece a block is, now that all before it are known."""
        chunk, beside = one.chunk, one.beside
        assert isinstance(beside, Beside), "a cut of syslog"
        self._glued += beside.glued
        for what, line in beside.doubts:
            self._doubts.say(what, line)
        notes = (*chunk.notes, *self._doubts.new())
        if not chunk.tables:
            return replace(chunk, notes=notes)
        table = chunk.tables["syslog"]

        def spoken(rows: list[int]) -> Iterator[tuple[str | None, bytes]]:
            some = table.select(["observer", "raw"]).take(pa.array(rows)).to_pylist()
            for row, said in zip(rows, some, strict=True):
                yield said["observer"], beside.unmasked.get(row) or said["raw"].encode()

        ids = self._ordinals.settle(table["event_id"].combine_chunks(), spoken)
        self._see(table, beside.numbers)
        place = table.schema.get_field_index("event_id")
        table = table.set_column(place, table.schema.field(place), ids)
        return replace(chunk, tables={"syslog": table}, notes=notes)

    def _see(self, table: pa.Table, numbers: Ints) -> None:
        """Let the watch see what the clocks say."""
        who = table["observer"].combine_chunks().dictionary_encode()
        names = [*who.dictionary.to_pylist(), ""]
        hosts = pc.fill_null(who.indices, len(names) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
        micros, valid = _micros(table["time"])
        received, relayed = _micros(table["received"])
        quality = table["time_quality"]
        own = valid & pc.not_equal(quality, "received").to_numpy()
        self._watch.see(hosts, names, micros, own, received, relayed, pc.equal(quality, "exact").to_numpy(), numbers)

    def end(self) -> Chunk:
        """What can be said only when the whole file was seen: how its clocks behave, how many lines were glued."""
        notes = self._watch.notes()
        if self._glued:
            lines = "1 line end" if self._glued == 1 else f"{self._glued:,} line ends"
            notes += (
                f"{self._origin}: {lines} lost, messages glued together; each is a row, told apart by its header",
            )
        return Chunk(notes=notes)


def _micros(times: pa.ChunkedArray) -> tuple[Ints, cut.Flags]:
    valid = times.is_valid().to_numpy()
    return pc.fill_null(times.cast(pa.int64()), 0).to_numpy(), valid


class Cutter:
    """Reads blocks of lines in any order; what it keeps, the shapes met, only saves time."""

    def __init__(self, origin: str, reading: Reading) -> None:
        self._origin, self._reading = origin, reading
        self._shapes = h.Shapes()
        self._ids = Ordinals("syslog")

    def read(self, block: LineBlock) -> Cut:
        """Rows and rejects of one block; its ids are first ids."""
        notes = [f"{self._origin}:{block.first}: {note}" for note in block.notes]
        if block.too_long:
            what = f"line of {block.too_long} bytes or more, longer than any log line"
            reject = Reject(f"{self._origin}:{block.first}", what)
            return Cut(Chunk({}, (reject,), 1, block.read_bytes, tuple(notes)), Beside(_NO_LINES))
        doubts = Doubts(self._origin, self._reading.clock)
        starts, ends, framed = unframed(block.data, block.starts, block.ends)
        counted = len(starts)  # a message behind a count lost no line end
        starts, ends, lines = unglued(block.data, starts, ends)
        lines = framed[lines]
        glued = len(starts) - counted
        filled = np.flatnonzero(ends > starts)
        starts, ends, numbers = starts[filled], ends[filled], block.first + lines[filled]
        records = cut.lines_of(block.data, starts, ends, binary=True)
        hits = suspects(records)
        refused = [i for i in hits.tolist() if is_intercept_line(records[i].as_buffer().to_pybytes())]
        rejects = [Reject(f"{self._origin}:{numbers[i]}", LINE_REFUSAL) for i in refused[:MAX_REJECTS_KEPT]]
        if refused:
            kept_rows = np.delete(np.arange(len(numbers)), refused)
            hits = np.flatnonzero(np.isin(kept_rows, hits))
            starts, ends, numbers = starts[kept_rows], ends[kept_rows], numbers[kept_rows]
            records = records.take(pa.array(kept_rows))
        if not len(numbers):
            chunk = Chunk({}, tuple(rejects), len(refused), block.read_bytes, tuple(notes))
            return Cut(chunk, Beside(_NO_LINES, glued))
        parts = masked_parts(block.data, starts, ends, numbers, hits)
        find_parts(parts, self._shapes)
        forms = special(parts.data, parts.bytes_, parts.message, parts.ends, parts.mnemonics == 0)
        known = (parts.column(h.FORM) != h.Form.NONE) | (parts.mnemonics > 0)
        known[list(forms)] = True
        rejects += self._rejects(parts, ~known)
        unknown = int((~known).sum())
        tables = {}
        if known.any():
            if unknown:
                parts.keep(known)
                records = records.filter(pa.array(known))
                place = np.cumsum(known) - 1
                forms = {int(place[row]): form for row, form in forms.items()}
            tables["syslog"] = self._table(parts, records, forms, doubts)
        chunk = Chunk(tables, tuple(rejects[:MAX_REJECTS_KEPT]), len(refused) + unknown, block.read_bytes, tuple(notes))
        unmasked = _unmasked(records, tables["syslog"]) if len(hits) and tables else {}
        return Cut(chunk, Beside(parts.numbers, glued, tuple(doubts.take()), unmasked))

    def _rejects(self, parts: Parts, rows: cut.Flags) -> list[Reject]:
        found = []
        for i in np.flatnonzero(rows)[:MAX_REJECTS_KEPT].tolist():
            text = mask(parts.data[parts.starts[i] : parts.ends[i]].decode("utf-8", "replace"))
            what = "continues the line before" if text[:1] in " \t" and text.strip() else "no syslog header"
            excerpt = "".join(c if c.isprintable() else "·" for c in text[:80])
            found.append(Reject(f"{self._origin}:{parts.numbers[i]}", f"{what}: {excerpt}"))
        return found

    def _table(self, parts: Parts, records: pa.Array, forms: dict[int, Inner], doubts: Doubts) -> pa.Table:
        for row, form in forms.items():
            if form.mnemonic:
                parts.mnemonics[row] = parts.name(form.mnemonic, form.severity)
            parts.message[row] += form.skip
        hosts, host_names = _observers(parts, forms)
        when = times_of(parts, hosts, host_names, self._reading.years, doubts)
        for row, form in forms.items():
            if form.micros is not None:
                when.override(row, form.micros, zone_written=form.zone_written)
        programs, program_names = cut.encode(cut.spans(parts.data, *_ends(parts.span(h.PROGRAM))))
        platforms, platform_names = _platforms(parts, programs, program_names, forms)
        message = cut.spans(parts.data, np.minimum(parts.message, parts.ends), parts.ends)
        long = parts.ends - parts.message > LONGEST_MESSAGE
        if long.any():
            line = int(parts.numbers[long.argmax()])
            doubts.say(f"message above {LONGEST_MESSAGE} characters, kept but not interpreted", line)
        joined = {row: form.whole for row, form in forms.items() if form.whole}
        named = (parts.mnemonics, parts.names), (platforms, platform_names), (programs, program_names)
        acts = Acts.of(message, *named, joined)
        who = pa.DictionaryArray.from_arrays(pa.array(hosts.astype(np.int32)), pa.array(host_names, pa.string()))
        observer = cut.decode(hosts, [name or None for name in host_names])
        numbers = _numbers(parts, forms)
        values: dict[str, pa.Array] = {
            "event_id": self._ids.first_ids(who, records),
            "time": cut.instants(when.micros, when.valid),
            "time_quality": when.quality(),
            "received": cut.instants(when.received, when.received_valid),
            "observer": observer,
            "device": observer,
            "origin": cut.origins(self._origin, parts.numbers),
            "mnemonic": cut.decode(parts.mnemonics, parts.names),
            "program": cut.decode(programs, [name or None for name in program_names]),
            "platform": cut.decode(platforms, platform_names),
            "message": message,
            "raw": cut.lines_of(parts.data, parts.starts, parts.ends),
            "lacks": lacks(
                parts,
                np.array([bool(name) for name in host_names])[hosts],
                when.valid,
                numbers["severity"].is_valid().to_numpy(zero_copy_only=False),
                np.array([bool(name) for name in program_names])[programs],
                forms,
            ),
            **numbers,
            **cut.constants(len(parts.starts), self._reading),
            **act_columns(len(parts.starts), acts),
        }
        schema = arrow_schema("syslog")
        return pa.table([values[name] for name in schema.names], schema=schema)


def _unmasked(records: pa.Array, table: pa.Table) -> dict[int, bytes]:
    """The records whose `raw` is not what stood there, because a secret was masked."""
    changed = pc.not_equal(records, table["raw"].combine_chunks().cast(pa.binary()))
    rows = np.flatnonzero(changed.to_numpy(zero_copy_only=False))
    return dict(zip(rows.tolist(), records.take(pa.array(rows)).to_pylist(), strict=True))


def _observers(parts: Parts, forms: dict[int, Inner]) -> tuple[Ints, list[str]]:
    """Who said each line, as a number and the names; an empty name where the line does not say."""
    hosts, names = cut.encode(cut.spans(parts.data, *_ends(parts.span(h.HOST))))
    numbers = {name: number for number, name in enumerate(names)}
    for row, form in forms.items():
        if form.observer:
            hosts[row] = numbers.setdefault(form.observer, len(numbers))
    return hosts, list(numbers)


def _ends(span: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    return span[0], span[0] + span[1]


def _platforms(
    parts: Parts, programs: Ints, program_names: list[str], forms: dict[int, Inner]
) -> tuple[Ints, list[str | None]]:
    """The platform of each line, asked once per distinct (form, mnemonic, program)."""
    width, depth = len(program_names), len(parts.names)
    questions, which = np.unique(
        (parts.column(h.FORM) * depth + parts.mnemonics) * width + programs, return_inverse=True
    )
    names: list[str | None] = [None]
    answers = []
    for question in questions.tolist():
        rest, program = divmod(question, width)
        form, mnemonic = divmod(rest, depth)
        name = recognise(parts.names[mnemonic], program_names[program] or None, _HINTS.get(h.Form(form)))
        if name not in names:
            names.append(name)
        answers.append(names.index(name))
    found = np.array(answers, np.int64)[which]
    for row, form in forms.items():
        if platform := form.platform:
            if platform not in names:
                names.append(platform)
            found[row] = names.index(platform)
    return found, names


def _numbers(parts: Parts, forms: dict[int, Inner]) -> dict[str, pa.Array]:
    """facility, severity, pid and sequence."""
    pri_at, pri_length = parts.span(h.PRI)
    pri = digits(parts.bytes_, pri_at, pri_length)
    has_pri = (pri_length > 0) & (pri <= 191)
    own = np.array(parts.severities, np.int64)[parts.mnemonics]
    severity = np.where(own >= 0, own, pri & 7)
    pid_at, pid_length = parts.span(h.PID)
    seq_at, seq_length = parts.span(h.SEQUENCE)
    sequence, has_sequence = digits(parts.bytes_, seq_at, np.minimum(seq_length, 18)), seq_length > 0
    for row, form in forms.items():
        if (written := form.sequence) is not None:
            sequence[row], has_sequence[row] = written, True
    return {
        "facility": cut.numbers(pri >> 3, has_pri),
        "severity": cut.numbers(severity, has_pri | (own >= 0)),
        "pid": cut.numbers(digits(parts.bytes_, pid_at, pid_length), pid_length > 0),
        "sequence": cut.numbers(sequence, has_sequence),
    }
