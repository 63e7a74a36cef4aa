"""Text compared without case, the same way for rules and for values.

Letters are lowered one by one by Unicode's simple mapping, so the folded form of a part of a text is a part of the
text's folded form: what the literal search rests on.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc


def fold(text: str) -> str:
    """Text as compared without case, by the same rules the columns are folded with."""
    return text.lower() if text.isascii() else str(pc.utf8_lower(pa.scalar(text)).as_py())


def folded(values: pa.Array) -> pa.Array:
    """A text array, folded. Plain ASCII, the usual case, is ten times as quick as the rest."""
    data, _ = bytes_of(values)
    return pc.utf8_lower(values) if len(data) and data.max() >= 128 else pc.ascii_lower(values)


def bytes_of(values: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The bytes of a text array without nulls, and where in them each value starts (one more: the end)."""
    _, offsets_at, data_at = values.buffers()
    count = len(values)
    if not count or data_at is None:
        return np.empty(0, dtype=np.uint8), np.zeros(count + 1, dtype=np.int32)
    offsets = np.frombuffer(offsets_at, dtype=np.int32, count=count + 1, offset=4 * values.offset)
    data = np.frombuffer(data_at, dtype=np.uint8)[offsets[0] : offsets[-1]]
    return data, offsets - offsets[0] if offsets[0] else offsets
