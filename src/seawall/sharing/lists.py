"""Indicators as CSV and as block lists, for tools that know nothing better.

The CSV is read back by `share import` and by `hunt --indicators`. A block list is for a person to put into force: it
holds what is sure and undisputed, and says at its head that an indicator alone is no proof.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from seawall.model.indicator_values import HIGH_FROM
from seawall.model.tlp import Light
from seawall.sharing.known import Known, row_of

COLUMNS: Final = (
    *("indicator", "type", "confidence", "first_seen", "last_seen", "valid_until", "source", "tlp", "note"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(known: Sequence[Known]) -> str:
    """A CSV with a header, one indicator a line. No cell starts a formula."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for one in known:
        if one.standing:
            row = row_of(one)
            writer.writerow({name: _cell(row.get({"indicator": "value"}.get(name, name))) for name in COLUMNS})
    return out.getvalue()


def block_list(known: Sequence[Known], light: Light) -> tuple[str, int]:
    """One value a line, those that are sure and undisputed; and how many were left out as they are not."""
    sure = [one for one in known if one.standing and one.confidence >= HIGH_FROM and not one.conflicts]
    lines = [
        f"# {light.label}. Sure and undisputed indicators, {len(sure)} of {len(known)}.",
        "# An indicator alone is no proof: look before you block, let blocks end, and keep your safelist above them.",
    ]
    for kind in ("ip", "domain", "url", "hash", "email"):
        values = [one.value for one in sure if one.kind == kind]
        lines += [f"# {kind}: {len(values)}", *values] if values else []
    return "\n".join(lines) + "\n", len(known) - len(sure)


def _cell(value: object) -> str:
    text = " ".join(str(value).split()) if value not in (None, False) else ""
    return f"'{text}" if text.startswith(_FORMULA) else text
