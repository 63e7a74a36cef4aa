"""The registry of court orders (`warrants.json`): read only while the vault is open, and without its targets.

Fields and their variants: an object with `warrants`, a list, one object a line, names in any case; `warrant_rows`.
No byte of a target reaches a row, a reject, a note or an error: each identifier goes through the vault first.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from seawall.errors import InputError
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.json_places import BadJsonError, JsonText, Placed
from seawall.sources.records import Records, When
from seawall.sources.scrubbing import Scrub
from seawall.sources.warrant_rows import ORDER_NAMES, RECORD_LIST, Frame, Order, squeezed
from seawall.vault.client import Target, VaultClient, VaultClosedError
from seawall.vault.protection import no_dumps

KIND: Final = "warrants"
MAX_BYTES: Final = 128 << 20  # decompressed; a registry of a million orders
_OPENS: Final = re.compile(rb"\s*[\[{]")
_NAMES: Final = re.compile(rb"\"\s*(?:warrants|court[_ -]?orders)\s*\"\s*:\s*[\[{]", re.I)
_ORDER: Final = re.compile(rb"\"\s*warrant[_ -]?id\s*\"\s*:", re.I)
_ORDER_TOO: Final = re.compile(
    rb"\"\s*(?:targets?|valid[_ -]?(?:from|to)|(?:signed|presented)[_ -]?by"
    rb"|order[_ -]?type|agency[_ -]?id|liid)\s*\"\s*:",
    re.I,
)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not _OPENS.match(head):
        return 0
    return 100 if _NAMES.search(head) or (_ORDER.search(head) and _ORDER_TOO.search(head)) else 0


@dataclass(slots=True)
class _Registry:
    """What a file holds, before anything of it is committed."""

    frame: dict[str, Any] = field(default_factory=dict)  # what stands beside the orders
    records: list[Placed] = field(default_factory=list)
    trouble: str = ""  # why reading ended early


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """A registry by itself."""
    return read_framed(evidence, reading, {})


def read_framed(evidence: Evidence, reading: Reading, frame: dict[str, Any]) -> Iterator[Chunk]:
    """Everything of a file, or nothing: rows come once the vault has committed and kept all of it.

    `frame` is what another file (the policy) says of `registry_tz` and `default_country_code`; its own word wins.
    """
    vault = reading.vault
    if vault is None:
        raise VaultClosedError
    vault.require_open()
    no_dumps()  # from here on this process knows identifiers
    with closing(evidence.open()) as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InputError(f"a registry of more than {MAX_BYTES >> 20} MiB", mend="split it into several files")
    registry = _records(content)
    try:
        registry.frame = frame | registry.frame
        yield _rows(evidence, reading, content, registry, vault)
    finally:
        vault.close()  # what was not finished is forgotten


def chunk_of(
    evidence: Evidence, reading: Reading, orders: list[dict[str, Any]], frame: dict[str, Any], trouble: str = ""
) -> Chunk:
    """Rows of orders another reader found (CSV, HI1), in the fields of the dictionary.

    Raises:
        VaultClosedError, InputError, PeerError: nothing of them is remembered then.
    """
    vault = reading.vault
    if vault is None:
        raise VaultClosedError
    vault.require_open()
    no_dumps()
    placed = [Placed(order, 0, 0, orjson.dumps(order, option=orjson.OPT_SORT_KEYS, default=str)) for order in orders]
    with closing(evidence.open()) as stream:
        content = stream.read(MAX_BYTES)
    try:
        return _rows(evidence, reading, content, _Registry(frame, placed, trouble), vault)
    finally:
        vault.close()


def _records(content: bytes) -> _Registry:
    found = _Registry()
    try:
        text = JsonText(content)
        place = text.skip(0)
        while text.at(place):
            place = text.skip(_top(text, place, found))
    except BadJsonError as error:
        found.trouble = str(error)
    except UnicodeDecodeError:
        found.trouble = "no text from the start on"
    return found


def _top(text: JsonText, place: int, found: _Registry) -> int:
    """One value at the top: a list of orders, an object that holds them, or an order by itself."""
    value, end = text.value(place)
    if isinstance(value.value, list):
        found.records += text.items(place)
    elif isinstance(value.value, dict) and RECORD_LIST & {squeezed(name) for name in value.value}:
        _members(text, place, found)
    else:
        found.records.append(value)
    return end


def _members(text: JsonText, place: int, found: _Registry) -> None:
    for name, value, start in text.members(place):
        if squeezed(name) not in RECORD_LIST:
            found.frame[name] = value.value
        elif isinstance(value.value, dict) and not ORDER_NAMES & {squeezed(one) for one in value.value}:  # by their key
            found.records += (order for _, order, _ in text.members(start))
        else:
            found.records += text.items(start) if isinstance(value.value, list) else [value]


def _rows(evidence: Evidence, reading: Reading, content: bytes, registry: _Registry, vault: VaultClient) -> Chunk:
    digest = hashlib.sha256(content).hexdigest()
    frame = Frame(registry.frame, reading)
    with Records(KIND, evidence.origin, reading) as records:
        orders = []
        for number, placed in enumerate(registry.records, 1):
            try:
                orders.append(Order(number, placed, frame))
            except InputError as error:
                records.reject(f"{evidence.origin}#{number}", error.what)
        scrub = Scrub(clear for order in orders for clear in order.clear_values())
        _commit(orders, vault, digest)
        _commit_names(orders, scrub, vault, digest)
        keyed = vault.key_records([order.placed.raw for order in orders])
        for order, record in zip(orders, keyed, strict=True):
            place = f"{evidence.origin}#{order.number}"
            records.add(place, record, When(frame.as_of, frame.quality), None, order.row(scrub))
            for what in order.troubles:
                records.reject(place, what)
        if registry.trouble:
            records.reject(evidence.origin, registry.trouble)
        vault.finish(digest, evidence.path)
        return records.chunk(len(content), frame.notes(orders, scrub))


def _commit(orders: list[Order], vault: VaultClient, digest: str) -> None:
    """Put every identifier of the file through the vault, by the country its numbers are dialled in."""
    by_country: dict[str, list[tuple[Order, int, Target]]] = {}
    for order in orders:
        for index, (country, target) in enumerate(order.targets):
            by_country.setdefault(country, []).append((order, index, target))
    for country, some in by_country.items():
        for (order, index, _), made in zip(some, vault.commit(digest, [t for *_, t in some], country), strict=True):
            order.committed[index] = made


def _commit_names(orders: list[Order], scrub: Scrub, vault: VaultClient, digest: str) -> None:
    """Keys of orders that are themselves a target's identifier (a LIID that is the number) become commitments."""
    asked = [(order, name, target) for order in orders for name, target in order.telltale(scrub)]
    made = vault.commit(digest, [target for *_, target in asked]) if asked else []
    for (order, name, _), one in zip(asked, made, strict=True):
        order.replaced[name] = one["commitment"]


SOURCE: Final = Source(
    name="warrants",
    title="Registry of court orders (needs the vault)",
    kinds=(KIND,),
    sniff=_sniff,
    read=_read,
)
