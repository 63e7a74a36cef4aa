"""Values of information elements, a column at a time: numbers, addresses, times and words from octets."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from seawall.sources.columns import instants
from seawall.sources.exports import elements
from seawall.sources.exports.elements import IANA, Element
from seawall.sources.exports.options import text
from seawall.sources.exports.templates import Field
from seawall.sources.flows.fields import PROTOCOLS

Ints = NDArray[np.int64]
Words = list[str | None]

__all__ = ["instants"]

UNSET: Final = pa.array(["0.0.0.0", "::"])  # noqa: S104 - what exporters write for an address they do not know
PROTOCOL_NAMES: Final[Words] = [PROTOCOLS.get(number, str(number)) for number in range(256)]
FLAG_NAMES: Final[Words] = [
    "".join(letter if number & 1 << bit else "." for letter, bit in zip("CEUAPRSF", range(7, -1, -1), strict=True))
    for number in range(256)
]
_CARRIERS: Final = {4: "ipip", 41: "6in4", 47: "gre", 97: "etherip", 115: "l2tp"}
CARRIER_NAMES: Final[Words] = [_CARRIERS.get(number, "ip") for number in range(256)]
RATE_SOURCES: Final[Words] = [None, "record", "options", "sample", "header"]
_OCTETS: Final = pa.array([str(number) for number in range(256)])


def integers(column: Field) -> Ints:
    """Numbers of up to eight octets as int64; larger ones, and those above 2^63, are -1."""
    if isinstance(column, list):
        return np.array([_number(value) for value in column], np.int64)
    if column.ndim == 1:
        if column.dtype.itemsize < 8:
            return column.astype(np.int64)
        wide = column.astype(np.uint64)
        return np.where(wide < 1 << 63, wide, 0).astype(np.int64) - (wide >= 1 << 63)
    if column.shape[1] > 8:
        return np.full(len(column), -1, np.int64)
    padded = np.zeros((len(column), 8), np.uint8)
    padded[:, 8 - column.shape[1] :] = column
    return integers(padded.view(">u8")[:, 0])


def _number(value: bytes) -> int:
    found = int.from_bytes(value, "big") if 0 < len(value) <= 8 else -1
    return found if found < 1 << 63 else -1


def counts(numbers: Ints) -> pa.Array:
    """An int column, null where the number was too large to be one."""
    return pa.array(numbers, pa.int64(), mask=numbers < 0)


def table_of(words: Mapping[int, str]) -> Words:
    """Words by number, the number itself where it has none."""
    return [words.get(number, str(number)) for number in range(256)]


def looked_up(numbers: Ints, words: Words) -> pa.Array:
    """Words by number; null for what is no number of theirs."""
    inside = (numbers >= 0) & (numbers < len(words))
    places = pa.array(np.where(inside, numbers, 0).astype(np.int32), mask=~inside)
    return pa.array(words, pa.string()).take(places)


def addresses(column: Field) -> pa.Array:
    """Addresses as texts; IPv4-mapped ones as the IPv4 addresses they are, null where there are too few octets."""
    if not isinstance(column, list) and column.ndim == 1 and column.dtype.itemsize == 4:
        encoded = pa.array(column.astype(np.uint32)).dictionary_encode()
        return _ipv4(encoded.dictionary.to_numpy(zero_copy_only=False)).take(encoded.indices)
    each = _octets_of(column).dictionary_encode()
    return pa.array([address_of(value) for value in each.dictionary.to_pylist()], pa.string()).take(each.indices)


def _ipv4(numbers: NDArray[np.uint32]) -> pa.Array:
    parts = [_OCTETS.take(pa.array(((numbers >> shift) & 255).astype(np.int32))) for shift in (24, 16, 8, 0)]
    return pc.binary_join_element_wise(*parts, ".")


@lru_cache(maxsize=262_144)
def address_of(value: bytes) -> str | None:
    """An address of 4 or 16 octets as text, an IPv4-mapped one as the IPv4 address it is; None if it is neither."""
    if len(value) not in (4, 16):
        return None
    found = ipaddress.ip_address(value)
    return str((found.version == 6 and found.ipv4_mapped) or found)


def _octets_of(column: Field) -> pa.Array:
    """Each value as it stood."""
    if isinstance(column, list):
        return pa.array(column, pa.binary())
    width = column.dtype.itemsize if column.ndim == 1 else column.shape[1]
    plain = np.ascontiguousarray(column)
    offsets = np.arange(len(column) + 1, dtype=np.int32) * width
    return pa.Array.from_buffers(pa.binary(), len(column), [None, pa.py_buffer(offsets), pa.py_buffer(plain)])


def as_text(element: Element, column: Field) -> pa.Array:
    """An element without a column of ours: numbers in decimal, names as names, addresses as such, the rest in hex."""
    enterprise, number = element
    each = _octets_of(column).dictionary_encode()
    made = [_told(enterprise, number, value) for value in each.dictionary.to_pylist()]
    return pa.array(made, pa.string()).take(each.indices)


def _told(enterprise: int, number: int, value: bytes) -> str | None:
    if enterprise == IANA:
        if number in elements.TEXTS:
            return text(value) or None
        if number in elements.MACS and len(value) == 6:
            return value.hex(":")
        if (number in elements.IPV4S and len(value) == 4) or (number in elements.IPV6S and len(value) == 16):
            return address_of(value)
    if 0 < len(value) <= 8:
        return str(int.from_bytes(value, "big"))
    if value and all(32 <= octet < 127 for octet in value.rstrip(b"\0")):
        return text(value) or None
    return value[:512].hex() or None
