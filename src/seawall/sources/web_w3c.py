"""W3C extended log files (IIS, and proxies that write them): `#Fields:` names the columns of the lines below it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from seawall.sources.base import Reading
from seawall.sources.line_format import Told, kept, number, said
from seawall.sources.line_times import time_at_start
from seawall.sources.web_lines import put

_OURS: Final = {
    "cs-method": "method",
    "cs-host": "host",
    "cs-username": "user",
    "c-ip": "src_ip",
    "s-ip": "dst_ip",
    "c-port": "src_port",
    "s-port": "dst_port",
    "sc-status": "status",
    "sc-bytes": "bytes",
    "cs-version": "protocol",
    "cs(user-agent)": "user_agent",
    "cs(referer)": "referrer",
    "cs(host)": "host",
    "x-forwarded-for": "forwarded_for",
    "cs(x-forwarded-for)": "forwarded_for",
}
_INTS: Final = frozenset({"src_port", "dst_port", "status", "bytes"})
_CELL: Final = re.compile(r'"((?:[^"]|"")*)"(?=[ \t]|$)|([^ \t]+)')
_MAX_FIELDS: Final = 200


@dataclass(frozen=True, slots=True)
class W3c:
    """The columns of a W3C log, by the header that stands above them."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, line: str) -> W3c | None:
        """The columns a `#Fields:` line names, if it names those of a web log."""
        head, _, rest = line.partition(":")
        names = tuple(rest.lower().split()[:_MAX_FIELDS])
        if head.strip().lower() != "#fields" or not {"cs-method", "cs-uri-stem", "cs-uri", "sc-status"} & set(names):
            return None
        return cls(names)

    def tell(self, text: str, reading: Reading) -> Told | None:
        """What a line says; None if it has not as many fields as the header."""
        cells = [m[1].replace('""', '"') if m[1] is not None else m[2] for m in _CELL.finditer(text)]
        if len(cells) != len(self.names):
            return None
        said_by = dict(zip(self.names, cells, strict=True))
        values: dict[str, Any] = {"raw": kept(text)}
        stem, query = said_by.pop("cs-uri-stem", ""), said(said_by.pop("cs-uri-query", ""))
        whole = said_by.pop("cs-uri", "") or (f"{stem}?{query}" if query else stem)
        values["uri"] = kept(said(whole))
        when = time_at_start(f"{said_by.pop('date', '')} {said_by.pop('time', '')}Z", reading)
        for name, cell in said_by.items():
            ours = _OURS.get(name)
            if ours in _INTS:
                values[ours] = number(cell)
            elif ours:
                # IIS writes a blank as `+` in these fields
                values[ours] = kept(said(cell.replace("+", " ") if ours in ("user_agent", "referrer") else cell))
            else:
                put(values, re.sub(r"\W+", "_", name).strip("_"), cell)
        return Told(values, when, said(said_by.get("s-computername")))
