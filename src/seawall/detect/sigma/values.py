"""An array of values, and the judging of single questions on each of them, all at once."""

from __future__ import annotations

import re
import socket
from functools import cached_property
from ipaddress import ip_network
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma import regexes, timeparts
from seawall.detect.sigma.folding import bytes_of, fold, folded
from seawall.detect.sigma.plan import Atom, Op

Mask: TypeAlias = npt.NDArray[np.bool_]
Ids: TypeAlias = npt.NDArray[np.int64]

_PLAIN: Final = frozenset({Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS})
_LONG_CHARS: Final = 64  # what a regular expression must need at least, for lengths to be looked at first
_MANY_BYTES: Final = 4_096  # from which on RE2 outruns Arrow's own substring search


class Values:
    """Values of one field, none of them null; usually each different one once."""

    def __init__(self, texts: pa.Array, *, numeric: bool = False, lowered: pa.Array | None = None) -> None:
        self.texts = texts
        self.numeric = numeric
        self.size = len(texts)
        self._lowered = lowered

    @property
    def folded(self) -> pa.Array:
        """The values, folded for comparison without case."""
        if self._lowered is None:
            self._lowered = folded(self.texts)
        return self._lowered

    def take(self, which: Ids) -> Values:
        """Some of them."""
        places = pa.array(which)
        lowered = None if self._lowered is None else self._lowered.take(places)
        return Values(self.texts.take(places), numeric=self.numeric, lowered=lowered)

    def since(self, start: int) -> Values:
        """Those from a number on."""
        if not start:
            return self
        return Values(self.texts.slice(start), numeric=self.numeric, lowered=self.folded.slice(start))

    def judge(self, atom: Atom) -> Mask:
        """Which values the atom accepts. ABSENT is never asked of a value."""
        candidates = self._candidates(atom)
        if candidates is None:
            return self._judge(atom)
        found = np.zeros(self.size, dtype=bool)
        if len(candidates):
            found[candidates] = self.take(candidates)._judge(atom)
        return found

    def _candidates(self, atom: Atom) -> Ids | None:
        """The only values the atom can accept, if that is quickly said: its text is not ASCII, or it is long."""
        if is_foreign(atom):
            return self.odd if len(self.odd) < self.size else None
        if atom.op is Op.REGEX and (least := regexes.least_chars(atom.value)) >= _LONG_CHARS:
            candidates = np.flatnonzero(np.asarray(pc.binary_length(self.texts)) >= least)
            return candidates if len(candidates) < self.size else None
        return None

    @cached_property
    def odd(self) -> Ids:
        """The values that hold other than ASCII, folded or not."""
        data, _ = bytes_of(self.texts)
        if not len(data) or data.max() < 128:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(~np.asarray(pc.string_is_ascii(self.texts).to_numpy(zero_copy_only=False)))

    def _judge(self, atom: Atom) -> Mask:
        values = self.texts if atom.cased else self.folded
        text = atom.value if atom.cased or atom.op in (Op.GLOB, Op.REGEX, Op.CIDR) else fold(atom.value)
        match atom.op:
            case Op.PRESENT:
                return np.ones(self.size, dtype=bool)
            case Op.EQUALS:
                return _bools(pc.equal(values, text))
            case Op.STARTS:
                return _bools(pc.starts_with(values, text))
            case Op.ENDS:
                return _bools(pc.ends_with(values, text))
            case Op.CONTAINS:
                return _contains(values, text)
            case Op.GLOB:
                return regexes.search(values, text)
            case Op.REGEX:
                return regexes.search(self.texts, text)
            case Op.CIDR:
                return self._inside(text)
            case Op.NUMBER:
                return self.numbers == float(text) if self.numeric else _bools(pc.equal(values, text))
            case Op.TIME:
                return timeparts.judge(self.texts.to_pylist(), atom.value)
            case _:
                return self._compared(atom.op, float(text))

    def _compared(self, op: Op, bound: float) -> Mask:
        match op:
            case Op.GT:
                return self.numbers > bound
            case Op.GTE:
                return self.numbers >= bound
            case Op.LT:
                return self.numbers < bound
            case Op.LTE:
                return self.numbers <= bound
            case _:
                raise AssertionError(f"{op} is not asked of single values")

    @cached_property
    def numbers(self) -> npt.NDArray[np.float64]:
        """The values as numbers; NaN for what is none, which no comparison accepts."""
        return np.fromiter((_number(v) for v in self.texts.to_pylist()), dtype=np.float64, count=self.size)

    @cached_property
    def _addresses(self) -> tuple[Ids, dict[int, int]]:
        """IPv4 addresses as numbers (-1 for none), and IPv6 addresses by value number."""
        four = np.full(self.size, -1, dtype=np.int64)
        six: dict[int, int] = {}
        for at, text in enumerate(self.texts.to_pylist()):
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


def is_foreign(atom: Atom) -> bool:
    """Whether only values that hold other than ASCII can be accepted."""
    return atom.op in _PLAIN and not atom.value.isascii() and not fold(atom.value).isascii()


def _contains(values: pa.Array, text: str) -> Mask:
    if values.nbytes < _MANY_BYTES or "\0" in text:
        return _bools(pc.match_substring(values, text))
    return _bools(pc.match_substring_regex(values, re.escape(text)))


def _bools(found: pa.Array) -> Mask:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)  # no value is null, so no answer is


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def as_text(values: pa.Array) -> pa.Array:
    """Values as text: JSON's words for booleans, plain decimals for whole numbers, hex for bytes."""
    if pa.types.is_string(values.type):
        return values
    if pa.types.is_binary(values.type) or pa.types.is_fixed_size_binary(values.type):
        return pa.array([v.hex() for v in values.to_pylist()], pa.string())
    return pc.cast(values, pa.string())
