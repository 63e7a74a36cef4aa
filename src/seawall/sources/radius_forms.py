"""The forms RADIUS servers write packets in, and which one a file is in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.sources.radius_packets import Detail, State, detailed
from seawall.sources.radius_rows import Rows, Table, header, ias, is_ias, is_odbc, is_xml, odbc, rows_fit, xml


@dataclass(frozen=True, slots=True)
class Form:
    """A way of writing packets."""

    name: str
    fits: Callable[[Sequence[str]], bool]  # whether the first lines of a file are such
    start: Callable[[], State]


FORMS: Final[tuple[Form, ...]] = (
    Form("detail", detailed, Detail),
    Form("NPS, IAS format", rows_fit(is_ias), lambda: Rows(ias, "an IAS log")),
    Form("NPS, database format", rows_fit(is_odbc), lambda: Rows(odbc, "an NPS log")),
    Form("NPS, XML", rows_fit(is_xml), lambda: Rows(xml, "an NPS log")),
    Form("CSV", lambda lines: bool(lines) and header(lines[0]) is not None, Table),
)


def form_of(lines: Sequence[bytes]) -> Form | None:
    """The form the first lines of a file are written in."""
    texts = [line.decode("utf-8", "replace") for line in lines]
    return next((form for form in FORMS if form.fits(texts)), None)
