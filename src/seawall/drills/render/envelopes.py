"""CEF and LEEF records, as security products send them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Record:
    """What a product has to say."""

    vendor: str
    product: str
    event: str
    name: str
    severity: int = 5
    fields: Mapping[str, str] = field(default_factory=dict)
    version: str = "1.0"


def write_cef(record: Record) -> str:
    """ArcSight Common Event Format, version 0."""
    head = "|".join(
        map(_header, (record.vendor, record.product, record.version, record.event, record.name, str(record.severity)))
    )
    body = " ".join(f"{name}={_value(value)}" for name, value in record.fields.items())
    return f"CEF:0|{head}|{body}"


def write_leef(record: Record, delimiter: str = "\t") -> str:
    """QRadar's LEEF: 1.0 with tabs, 2.0 with another sign."""
    head = f"{record.vendor}|{record.product}|{record.version}|{record.event}"
    body = delimiter.join(f"{name}={value}" for name, value in record.fields.items())
    return f"LEEF:1.0|{head}|{body}" if delimiter == "\t" else f"LEEF:2.0|{head}|{delimiter}|{body}"


def _header(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("=", "\\=").replace("\n", "\\n")
