"""The distinct values of one field in one batch, and the judging of patterns on them.

A field is dictionary-encoded once; every pattern is judged once per distinct value. Before that, all patterns of
the field are sieved in one pass: a pattern whose four-byte pieces do not all occur somewhere in the field's
text cannot match any value, and most of a large rule set falls there.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma import regexes, timeparts
from seawall.detect.sigma.plan import Atom, Op

Mask: TypeAlias = npt.NDArray[np.bool_]

_GRAM: Final = 4  # bytes of a piece in the sieve
_SIEVE_BITS: Final = 20
_MIX: Final = np.uint32(2_654_435_761)  # Knuth's multiplicative hash


def grams(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint32]:
    """Hashes of all four-byte pieces of `data`, in order."""
    if len(data) < _GRAM:
        return np.empty(0, dtype=np.uint32)
    wide = data.astype(np.uint32)
    joined = wide[:-3] | (wide[1:-2] << np.uint32(8)) | (wide[2:-1] << np.uint32(16)) | (wide[3:] << np.uint32(24))
    return np.asarray((joined * _MIX) >> np.uint32(32 - _SIEVE_BITS))


def fold(text: str) -> str:
    """Text as compared without case, by the same rules the columns are folded with."""
    return str(pc.utf8_lower(pa.scalar(text)).as_py())


@dataclass(frozen=True)
class Sieve:
    """The plain texts a field's atoms cannot do without, ready to be sieved in one pass."""

    atoms: tuple[Atom, ...]

    @cached_property
    def _pieces(self) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64], tuple[Atom, ...]]:
        hashes: list[npt.NDArray[np.uint32]] = []
        starts: list[int] = []
        owners: list[Atom] = []
        at = 0
        for atom in self.atoms:
            own = [grams(np.frombuffer(fold(text).encode(), dtype=np.uint8)) for text in needed_texts(atom)]
            joined = np.concatenate(own) if own else np.empty(0, dtype=np.uint32)
            if len(joined):
                hashes.append(joined)
                starts.append(at)
                owners.append(atom)
                at += len(joined)
        flat = np.concatenate(hashes) if hashes else np.empty(0, dtype=np.uint32)
        return flat, np.asarray(starts, dtype=np.int64), tuple(owners)

    def hopeless(self, folded: pa.Array) -> frozenset[Atom]:
        """The atoms that no value of this (already folded) array can satisfy."""
        hashes, starts, owners = self._pieces
        data = folded.buffers()[2]
        if not owners:
            return frozenset()
        if data is None:
            return frozenset(owners)
        bits = np.zeros(1 << _SIEVE_BITS, dtype=bool)
        bits[grams(np.frombuffer(data, dtype=np.uint8))] = True
        alive = np.logical_and.reduceat(bits[hashes], starts)
        return frozenset(owner for owner, is_alive in zip(owners, alive, strict=True) if not is_alive)


def needed_texts(atom: Atom) -> Sequence[str]:
    """Plain texts that stand in every value the atom accepts."""
    if atom.op in (Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS):
        return (atom.value,)
    return atom.pieces if atom.op is Op.GLOB else ()


class Values:
    """The distinct values of one column and where they stand.

    `codes` holds, per row, the number of its value; rows without a value hold `size`, so that a mask over values
    with one extra place answers for every row by one `take`.
    """

    def __init__(self, column: pa.Array, sieve: Sieve) -> None:
        self.numeric = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
        encoded = pc.dictionary_encode(column)
        self.distinct = _as_text(encoded.dictionary)
        self.size = len(self.distinct)
        self.codes = np.asarray(pc.fill_null(encoded.indices, self.size).to_numpy(zero_copy_only=False))
        self._sieve = sieve
        self._judged: dict[Atom, Mask | None] = {}

    @cached_property
    def folded(self) -> pa.Array:
        """The distinct values, folded for comparison without case."""
        return pc.utf8_lower(self.distinct)

    @cached_property
    def _hopeless(self) -> frozenset[Atom]:
        return self._sieve.hopeless(self.folded)

    def judge(self, atom: Atom) -> Mask | None:
        """Which values the atom accepts (the last place is for rows without one); None if none does."""
        if atom.op is Op.ABSENT:
            return self._presence(absent=True)
        if not self.size or atom in self._hopeless:
            return None
        if atom not in self._judged:
            mask = self._presence(absent=False) if atom.op is Op.PRESENT else self._judge(atom)
            self._judged[atom] = mask if mask.any() else None
        return self._judged[atom]

    def _presence(self, *, absent: bool) -> Mask:
        mask = np.full(self.size + 1, not absent)
        mask[-1] = absent
        return mask

    def _judge(self, atom: Atom) -> Mask:
        values = self.distinct if atom.cased else self.folded
        text = atom.value if atom.cased or atom.op in (Op.GLOB, Op.REGEX, Op.CIDR) else fold(atom.value)
        match atom.op:
            case Op.EQUALS:
                found = _bools(pc.equal(values, text))
            case Op.STARTS:
                found = _bools(pc.starts_with(values, text))
            case Op.ENDS:
                found = _bools(pc.ends_with(values, text))
            case Op.CONTAINS:
                found = _bools(pc.match_substring(values, text))
            case Op.GLOB:
                found = regexes.search(values, text)
            case Op.REGEX:
                found = regexes.search(self.distinct, text)
            case Op.CIDR:
                found = self._inside(text)
            case Op.NUMBER:
                found = self.numbers == float(text) if self.numeric else _bools(pc.equal(values, text))
            case Op.GT:
                found = self.numbers > float(text)
            case Op.GTE:
                found = self.numbers >= float(text)
            case Op.LT:
                found = self.numbers < float(text)
            case Op.LTE:
                found = self.numbers <= float(text)
            case Op.TIME:
                found = timeparts.judge(self.distinct.to_pylist(), atom.value)
            case _:
                raise AssertionError(f"{atom.op} is not asked of single values")
        return np.append(found, False)

    @cached_property
    def numbers(self) -> npt.NDArray[np.float64]:
        """The distinct values as numbers; NaN for what is none, which no comparison accepts."""
        return np.fromiter((_number(v) for v in self.distinct.to_pylist()), dtype=np.float64, count=self.size)

    @cached_property
    def _addresses(self) -> tuple[npt.NDArray[np.int64], dict[int, int]]:
        """IPv4 addresses as numbers (-1 for none), and IPv6 addresses by value number."""
        four = np.full(self.size, -1, dtype=np.int64)
        six: dict[int, int] = {}
        for at, text in enumerate(self.distinct.to_pylist()):
            try:
                if ":" in text:
                    six[at] = int.from_bytes(socket.inet_pton(socket.AF_INET6, text.partition("%")[0]), "big")
                else:
                    four[at] = int.from_bytes(socket.inet_pton(socket.AF_INET, text), "big")
            except (OSError, ValueError):
                continue
        return four, six

    def _inside(self, network_text: str) -> Mask:
        network = ip_network(network_text, strict=False)
        low, high = int(network.network_address), int(network.broadcast_address)
        four, six = self._addresses
        if network.version == 4:
            return np.asarray((four >= low) & (four <= high))
        mask = np.zeros(self.size, dtype=bool)
        for at, number in six.items():
            mask[at] = low <= number <= high
        return mask


def _bools(found: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(found, False).to_numpy(zero_copy_only=False), dtype=bool)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _as_text(values: pa.Array) -> pa.Array:
    """Values as text: JSON's words for booleans, plain decimals for whole numbers."""
    if pa.types.is_string(values.type):
        return values
    if pa.types.is_binary(values.type) or pa.types.is_fixed_size_binary(values.type):
        return pa.array([v.hex() for v in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())
