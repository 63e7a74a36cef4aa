"""Access lines of a web server: common and combined log format, and what nginx writes when it complains."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seawall.drills.render.sender import MONTHS

FORMS: Final = ("common", "combined", "vhost", "forwarded")


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a server tells it; empty texts are not known."""

    time: datetime  # UTC
    client: str
    method: str
    uri: str
    status: int
    octets: int
    user: str = ""
    host: str = ""
    port: int = 443
    referrer: str = ""
    agent: str = ""
    forwarded_for: str = ""


def write(request: Request, form: str = "combined") -> str:
    """The access line in one of `FORMS`: Apache's names, `forwarded` is combined with the forwarded address behind."""
    day = f"{request.time.day:02d}/{MONTHS[request.time.month]}/{request.time.year}"
    stamp = f"[{day}:{request.time:%H:%M:%S} +0000]"
    line = (
        f"{request.client} - {request.user or '-'} {stamp} "
        f'"{request.method} {_escaped(request.uri)} HTTP/1.1" {request.status} {request.octets}'
    )
    if form == "common":
        return line
    line += f' "{_escaped(request.referrer) or "-"}" "{_escaped(request.agent) or "-"}"'
    if form == "vhost":
        return f"{request.host}:{request.port} {line}"
    return f'{line} "{request.forwarded_for or "-"}"' if form == "forwarded" else line


def write_error(request: Request, text: str, level: str = "error") -> str:
    """nginx's error line about a request."""
    return (
        f"{request.time:%Y/%m/%d %H:%M:%S} [{level}] 811#811: *7 {text}, client: {request.client}, server: _, "
        f'request: "{request.method} {_escaped(request.uri)} HTTP/1.1", host: "{request.host}"'
    )


def _escaped(text: str) -> str:
    r"""As nginx and Apache write quotes and backslashes: `\x22`, `\\`."""
    return text.replace("\\", "\\\\").replace('"', "\\x22")
