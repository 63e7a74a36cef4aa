"""Media types of TAXII 2.1 (1.6.8): compared without regard to blanks, letter case and the order of parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

TAXII: Final = "application/taxii+json;version=2.1"
STIX: Final = "application/stix+json;version="
_MOST: Final = 64  # ranges looked at in one Accept header


def _split(text: str, mark: str) -> Iterator[str]:
    """Parts between marks that stand outside quotes."""
    part, quoted = "", False
    for letter in text:
        quoted ^= letter == '"'
        if letter == mark and not quoted:
            yield part.strip()
            part = ""
        else:
            part += letter
    yield part.strip()


def _read(text: str) -> tuple[str, dict[str, str]]:
    kind, *parameters = _split(text, ";")
    pairs = (parameter.partition("=") for parameter in parameters if parameter)
    return kind.lower(), {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in pairs}


def acceptable(accept: str | None) -> bool:
    """Whether an `Accept` header takes TAXII 2.1. Without a header, or without a version, the newest is meant."""
    if accept is None or not accept.strip():
        return True
    best = (-1, 0.0)  # the most specific range decides (RFC 9110, 12.5.1)
    for number, text in enumerate(_split(accept[:8_192], ",")):
        if number == _MOST:
            break
        kind, parameters = _read(text)
        weight = _weight(parameters.pop("q", "1"))
        rank = {"application/taxii+json": 2, "application/*": 1, "*/*": 0}.get(kind)
        if rank is None or not _is_ours(parameters):
            continue
        best = max(best, (rank + bool(parameters), weight))
    return best[1] > 0


def is_taxii(content_type: str | None) -> bool:
    """Whether a `Content-Type` is TAXII 2.1, or TAXII without a version."""
    kind, parameters = _read((content_type or "")[:1_024])
    return kind == "application/taxii+json" and _is_ours(parameters)


def _is_ours(parameters: dict[str, str]) -> bool:
    """JSON is UTF-8 by itself, so saying so changes nothing."""
    rest = {name: value for name, value in parameters.items() if (name, value) != ("charset", "utf-8")}
    return rest in ({}, {"version": "2.1"})


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        return 0.0
    return weight if 0 <= weight <= 1 else 0.0
