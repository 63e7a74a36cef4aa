# ruff: noqa: E501 - patterns are as long as they are
"""Error lines of nginx and Apache: who asked for what when the server complained."""

from __future__ import annotations

import re
from typing import Any, Final

from seawall.sources.base import Reading
from seawall.sources.line_format import Told, kept, number, said
from seawall.sources.line_times import time_at_start
from seawall.sources.web_lines import address_of, request_of

_NGINX: Final = re.compile(
    r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?P<level>debug|info|notice|warn|error|crit|alert|emerg)\] "
    r"\d{1,10}#\d{1,10}: (?:\*\d{1,20} )?(?P<text>.*)$"
)
_NGINX_FIELD: Final = re.compile(r', (client|server|request|upstream|host|referrer): (?:"((?:[^"\\]|\\.)*)"|([^,\s]*))')
_APACHE: Final = re.compile(
    r"\[(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4})\] "
    r"\[(?:[\w\-]{1,40}:)?(?P<level>\w{1,10})\] (?:\[pid [^\]]{1,60}\] )?(?:\[client (?P<client>[^\]]{1,120})\] )?(?P<text>.*)$"
)
_APACHE_REFERRER: Final = re.compile(r", referer: (\S{1,4000})$")
_APACHE_FILE: Final = re.compile(r"(?:user (?P<user>[^\s:,]{1,100}).{0,40}?: ?|URI |uri )\"?(?P<uri>/[^\s\",]{0,4000})")


def tell(text: str, reading: Reading) -> Told | None:
    """What an error line says; None if it is none."""
    if found := _NGINX.match(text):
        return _nginx(found, text, reading)
    if found := _APACHE.match(text):
        return _apache(found, text, reading)
    return None


def _nginx(found: re.Match[str], text: str, reading: Reading) -> Told:
    fields = {m[1]: m[2] if m[2] is not None else m[3] for m in _NGINX_FIELD.finditer(found["text"])}
    values: dict[str, Any] = {"level": found["level"], "message": kept(found["text"]), "raw": kept(text)}
    if "request" in fields:
        values.update(request_of(fields["request"]))
    if "client" in fields:
        values.update(address_of(fields["client"].removeprefix("unix:")))
    host, _, port = fields.get("host", "").partition(":")
    values["host"], values["dst_port"] = said(host), number(port)
    values["referrer"] = kept(said(fields.get("referrer")))
    if user := re.search(r'user "([^"]{1,100})"', found["text"]):
        values["user"] = user[1]
    return Told(values, time_at_start(found["time"], reading))


def _apache(found: re.Match[str], text: str, reading: Reading) -> Told:
    values: dict[str, Any] = {"level": found["level"], "message": kept(found["text"]), "raw": kept(text)}
    if found["client"]:
        values.update(address_of(found["client"]))
    if referrer := _APACHE_REFERRER.search(found["text"]):
        values["referrer"] = kept(referrer[1])
    if file := _APACHE_FILE.search(found["text"]):
        values["user"], values["uri"] = said(file["user"]), kept(file["uri"])
    return Told(values, time_at_start(found["time"], reading))
