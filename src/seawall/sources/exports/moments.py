"""When exported flows began and ended: by uptime, by seconds since 1970, by NTP fractions, by what a header says.

RFC 3954, 5.1 (uptime, which wraps after 49.7 days); RFC 7011, 6.1.7 to 6.1.10; RFC 7012, elements 150 to 161.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from seawall.sources.exports import elements
from seawall.sources.exports.elements import IANA, Element
from seawall.sources.exports.options import Announced
from seawall.sources.exports.templates import Field
from seawall.sources.exports.values import integers

if TYPE_CHECKING:
    from seawall.sources.exports.batches import Heads

Ints = NDArray[np.int64]
_WRAP: Final = 1 << 32
_HALF: Final = 1 << 31
_NTP_EPOCH_S: Final = 2_208_988_800  # from 1900 to 1970
_LATEST_US: Final = 4_102_444_800 * 10**6  # 2100: later moments are errors


def of(said: dict[Element, Field], heads: Heads, datagram: Ints, announced: Announced) -> tuple[Ints, Ints, pa.Array]:
    """Start (always), end (-1: unknown) in UTC microseconds, and the quality of the start."""
    found: dict[str, Ints] = {}
    for number, (side, unit) in elements.MOMENTS.items():
        if (IANA, number) in said:
            made = _micros(number, unit, said, heads, datagram, announced)
            known = found.get(side)
            found[side] = made if known is None else np.where(known >= 0, known, made)
    sent = np.where(heads.received_us >= 0, heads.received_us, heads.export_us)[datagram]
    none = np.full(len(datagram), -1, np.int64)
    start, end = found.get("start", none), found.get("end", none)
    if (IANA, elements.DURATION_MS) in said:
        length = np.maximum(integers(said[IANA, elements.DURATION_MS]), 0) * 1000
        start = np.where((start < 0) & (end >= 0), end - length, start)
        end = np.where((end < 0) & (start >= 0), start + length, end)
    start = np.where((start < 0) & (end >= 0), end, start)
    exact = start >= 0
    grade = np.where(exact, 2, np.where(sent > 0, 1, 0)).astype(np.int32)
    quality = pa.array(["missing", "received", "exact"]).take(pa.array(grade))
    return np.where(exact, start, sent), end, quality


def _micros(
    number: int, unit: str, said: dict[Element, Field], heads: Heads, datagram: Ints, announced: Announced
) -> Ints:
    """Microseconds since 1970, -1 where the value is unset or absurd."""
    value = integers(said[IANA, number])
    if unit == "uptime":
        return _by_uptime(value, said, heads, datagram, announced)
    if unit == "before":  # so many microseconds before the message was sent
        made = heads.export_us[datagram] - value
    elif unit == "ntp":
        wide = _unsigned(said[IANA, number])
        seconds = (wide >> np.uint64(32)).astype(np.int64)
        seconds += np.where(seconds < _HALF, _WRAP, 0)  # the era that begins in 2036
        fraction = (wide & np.uint64(0xFFFFFFFF)).astype(np.int64)
        made = (seconds - _NTP_EPOCH_S) * 10**6 + (fraction * 10**6 >> 32)
        made[wide == 0] = -1
    else:
        factor = {"s": 10**6, "ms": 1000}[unit]
        made = np.where((value > 0) & (value < _LATEST_US // factor), value, 0) * factor
        made = np.where(made > 0, made, -1)
    return np.where((made > 0) & (made < _LATEST_US), made, -1)


def _by_uptime(value: Ints, said: dict[Element, Field], heads: Heads, datagram: Ints, announced: Announced) -> Ints:
    uptime = heads.uptime_ms[datagram]
    if (heads.uptime_ms >= 0).all():
        ago = (uptime - value) & (_WRAP - 1)
        ago = np.where(ago >= _HALF, ago - _WRAP, ago)
        made = heads.export_us[datagram] - ago * 1000
        both = [integers(said[IANA, n]) for n in (21, 22) if (IANA, n) in said]
        unset = np.logical_and.reduce([side == 0 for side in both])  # nothing began and ended at the very boot
        return np.where(unset, -1, made)
    if (IANA, elements.INIT_MS) in said:
        started = integers(said[IANA, elements.INIT_MS])
    elif announced.init_ms is not None:
        started = np.full(len(value), announced.init_ms, np.int64)
    else:
        return np.full(len(value), -1, np.int64)
    # The counter may have wrapped since, or the flow be older than it: take the latest turn before the export.
    passed = heads.export_us[datagram] // 1000 - started - value
    turns = np.maximum((passed + 60_000) // _WRAP, -1)
    return np.where((started > 0) & (started < _LATEST_US // 1000), (started + value + turns * _WRAP) * 1000, -1)


def _unsigned(column: Field) -> NDArray[np.uint64]:
    if isinstance(column, list) or column.ndim != 1 or column.dtype.itemsize != 8:
        return np.maximum(integers(column), 0).astype(np.uint64)
    return column.astype(np.uint64)
