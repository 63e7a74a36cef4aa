"""Logs of web servers and proxies: Apache, nginx (also the one inside IOS XE), IIS, HAProxy, Squid and their kin.

Access lines of the common and combined forms are read by one pattern; own log formats by what their fields look like
(`web_fields`). JSON lines with the usual names, W3C lines under their `#Fields:` header, and the error lines of nginx
and Apache are read too. The same lines inside syslog are read by `within`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from seawall.sources import web_errors, web_json, web_lines
from seawall.sources.base import SNIFFING, Chunk, Evidence, Reading, Source
from seawall.sources.line_format import NOTHING, Told, read_lines, share
from seawall.sources.web_w3c import W3c


def tell(text: str, reading: Reading) -> Told | None:
    """What one line of a web server says; None if it is none."""
    if text[:1] == "{":
        return web_json.tell(text, reading)
    return web_lines.tell(text, reading) or web_errors.tell(text, reading)


class _Reader:
    """`tell`, for a file whose `#` lines name columns."""

    def __init__(self) -> None:
        self._w3c: W3c | None = None

    def __call__(self, text: str, reading: Reading) -> Told | None:
        if text.startswith("#"):
            self._w3c = W3c.of(text) or self._w3c
            return NOTHING
        return (self._w3c.tell(text, reading) if self._w3c else None) or tell(text, reading)


def sniff(evidence: Evidence) -> int:
    """96 if most lines are requests or errors of a web server; a single odd one is not enough."""
    reader = _Reader()

    def fits(text: str) -> bool:
        told = reader(text, SNIFFING)
        return told is not None and told is not NOTHING

    good, asked = share(evidence, fits, skip="")
    headers = sum(1 for line in evidence.head.splitlines()[:60] if line.startswith(b"#"))
    if not good:
        return 0
    return 96 if good * 2 >= asked - headers else 30


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `web` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_lines(evidence, reading, "web", _Reader(), "line of a web server")


SOURCE: Final = Source("web", "Web server and proxy logs (Apache, nginx, IOS XE, IIS, Squid)", ("web",), sniff, read)
