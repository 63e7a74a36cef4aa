"""Access lines of web servers: the common log format, the combined one, and the formats people make of them.

Apache's mod_log_config and nginx's log_module name the fields. An own format is cut into bracketed, quoted, named and
bare fields; the time and the request must be there, the others are told by what they look like and where they stand.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from seawall.sources.base import Reading
from seawall.sources.line_format import IP, Told, has_syslog_header, is_clean, kept, number, said
from seawall.sources.line_times import time_at_start
from seawall.sources.records import NEVER

_QUOTED: Final = r'"((?:[^"\\]|\\.)*)"'
_LINE: Final = re.compile(
    r"(?:(?P<host>[A-Za-z0-9_.\-]{1,253})(?::(?P<port>\d{1,5}))? )?(?P<client>[0-9A-Za-z_.:\-\[\]%]{1,253})"
    r" (?P<ident>[^\s\[]{1,200}) (?P<user>[^\[\"]{1,200}?) "
    r"\[(?P<time>\d\d/[A-Z][a-z]{2}/\d{4}:[\d:.]{8,15} [+-]\d{4})\] "
    + _QUOTED.replace("(", "(?P<request>", 1)
    + r" (?P<status>\d{3}|-) (?P<bytes>\d{1,18}|-)"
    r"(?: " + _QUOTED.replace("(", "(?P<referrer>", 1) + " " + _QUOTED.replace("(", "(?P<agent>", 1) + ")?(?P<rest>.*)$"
)
_USUAL: Final = re.compile(  # the same for almost every line: one client, no blanks and no escapes within fields
    r"([0-9A-Fa-f.:]{2,45}) [^\s\[]{1,200} ([^\s\[\"]{1,200}) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
    r'"([A-Z][A-Z_\-]{1,30}) ([^\s"\\]+) (HTTP/\d(?:\.\d)?)" (\d{3}) (\d{1,18}|-)(?: "([^"\\]*)" "([^"\\]*)")?$'
)
_REQUEST: Final = re.compile(r"([A-Z][A-Z_\-]{1,30}) (\S.*?)(?: (HTTP/\d(?:\.\d)?|RTSP/\d\.\d|SIP/\d\.\d))?$")
_FTP: Final = frozenset(
    {"RETR", "STOR", "STOU", "APPE", "USER", "PASS", "CWD", "PWD", "PASV", "EPSV", "PORT", "TYPE", "NLST", "LIST"}
    | {"MLSD", "DELE", "RNFR", "RNTO", "QUIT", "SIZE", "MDTM", "SYST", "FEAT", "AUTH", "PBSZ", "PROT", "MKD", "RMD"}
)
_FIELD: Final = re.compile(
    r'(?P<key>[A-Za-z_][\w.\-]{0,60})=(?:"(?P<qvalue>(?:[^"\\]|\\.)*)"|(?P<value>[^\s"]*))'
    r'|\[(?P<bracket>[^\[\]]*)\]|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^\s\["]+)|(?P<odd>\S)'
)
_ADDRESS: Final = re.compile(rf"\[?(?P<ip>{IP}(?:%\w{{1,20}})?)\]?$")
_WITH_PORT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$")
_ADDRESSES: Final = re.compile(r"(?:[0-9A-Fa-f.:\[\]]{3,45}|unknown)(?:, ?(?:[0-9A-Fa-f.:\[\]]{3,45}|unknown))*$")
_TIME: Final = re.compile(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_BTRACE: Final = re.compile(  # IOS XE, show logging process nginx
    r"(?P<time>\d{4}/\d\d/\d\d \d\d:\d\d:\d\d\.\d{1,9}) \{nginx[^}]{0,40}\}\{\d{1,3}\}: \[[^\]]{0,60}\] \[\d{1,10}\]: "
    r"\((?P<level>\w{1,12})\): (?P<text>.*)$"
)
_SQUID: Final = re.compile(
    r"(?P<time>\d{9,10}\.\d{3}) +\d{1,12} (?P<client>\S{2,60}) [A-Z_]{3,40}/(?P<status>\d{3}) (?P<bytes>\d{1,18}) "
    r"(?P<method>[A-Z]{3,20}) (?P<uri>\S{1,8000}) (?P<user>\S{1,200}) [A-Z_]{3,60}/(?P<dst>\S{1,60})(?: \S{1,200})?$"
)
_ESCAPED: Final = re.compile(r"\\x([0-9A-Fa-f]{2})|\\([\"\\])")
_MAX_FIELDS: Final = 120


def tell(text: str, reading: Reading) -> Told | None:
    """What an access line says; None if it is none."""
    if is_clean(text) and (found := _USUAL.match(text)):
        return _usual(found, text, reading)
    if found := _LINE.match(text):
        return _common(found, text, reading)
    if found := _SQUID.match(text):
        return _squid(found, text, reading)
    if found := _BTRACE.match(text):
        inner = tell(found["text"], reading)
        if inner is None:
            values = {"level": found["level"], "message": kept(found["text"]), "raw": kept(text)}
            return Told(values, time_at_start(found["time"], reading))
        when = inner.when if inner.when is not NEVER else time_at_start(found["time"], reading)
        return Told({**inner.values, "raw": kept(text)}, when)
    return _own_format(text, reading)


def _usual(found: re.Match[str], text: str, reading: Reading) -> Told:
    """As `_common`, where nothing needs a second look."""
    client, user, time, method, uri, protocol, status, count, referrer, agent = found.groups()
    values: dict[str, Any] = {
        "method": method,
        "uri": uri,
        "protocol": protocol,
        "src_ip": client,
        "host": None,
        "dst_port": None,
        "user": None if user == "-" else user_of(user),
        "status": int(status),
        "bytes": None if count == "-" else int(count),
        "referrer": said(referrer),
        "user_agent": said(agent),
        "raw": text,
    }
    if ":" in client:
        values.update(address_of(client))
    return Told(values, time_at_start(time, reading))


def _common(found: re.Match[str], text: str, reading: Reading) -> Told | None:
    request = request_of(found["request"])
    if request["protocol"] is None and request["method"] in _FTP:
        return None
    values: dict[str, Any] = {
        **request,
        **address_of(found["client"]),
        "host": said(found["host"]),
        "dst_port": number(found["port"]),
        "user": user_of(found["user"]),
        "status": number(found["status"]),
        "bytes": number(found["bytes"]),
        "referrer": kept(said(unescaped(found["referrer"] or ""))),
        "user_agent": kept(said(unescaped(found["agent"] or ""))),
        "raw": kept(text),
    }
    if rest := found["rest"].strip():
        _further(values, list(_fields(rest)))
    return Told(values, time_at_start(found["time"], reading))


def _squid(found: re.Match[str], text: str, reading: Reading) -> Told:
    values = {
        "method": found["method"],
        "uri": kept(found["uri"]),
        "src_ip": found["client"],
        "dst_ip": said(found["dst"]),
        "user": said(found["user"]),
        "status": number(found["status"]),
        "bytes": number(found["bytes"]),
        "raw": kept(text),
    }
    return Told(values, time_at_start(found["time"], reading))


def request_of(text: str) -> dict[str, str | None]:
    """method, uri and protocol of a request line; garbage sent by scanners is kept as the `uri`."""
    text = unescaped(text)
    if found := _REQUEST.match(text):
        return {"method": found[1], "uri": kept(found[2]), "protocol": found[3]}
    return {"method": None, "uri": kept(said(text)), "protocol": None}


def user_of(text: str) -> str | None:
    """The account an access line names; `-`, `""` and blanks name nobody."""
    return said(text.strip().strip('"'))


def address_of(text: str) -> dict[str, Any]:
    """src_ip and src_port of a client as written."""
    if found := _WITH_PORT.match(text):
        return {"src_ip": found[1].strip("[]"), "src_port": number(found[2])}
    return {"src_ip": said(text.strip("[]"))}


def unescaped(text: str) -> str:
    r"""A quoted field without its backslashes (`\"`, `\\`, `\x41`); what is not printable stays escaped."""
    if "\\" not in text:
        return text

    def plain(found: re.Match[str]) -> str:
        made = chr(int(found[1], 16)) if found[1] else found[2]
        return made if made.isprintable() and made.isascii() else found[0]

    return _ESCAPED.sub(plain, text)


class _Field(NamedTuple):
    kind: str  # key, bracket, quoted, bare
    text: str
    name: str = ""


def _fields(text: str) -> list[_Field]:
    """The fields of an own format, in order."""
    found: list[_Field] = []
    for match in _FIELD.finditer(text):
        if len(found) >= _MAX_FIELDS:
            break
        if match["key"]:
            value = match["qvalue"] if match["qvalue"] is not None else match["value"]
            found.append(_Field("key", unescaped(value), match["key"]))
        elif match["bracket"] is not None:
            found.append(_Field("bracket", match["bracket"]))
        elif match["quoted"] is not None:
            found.append(_Field("quoted", unescaped(match["quoted"])))
        elif match["bare"]:
            found.append(_Field("bare", match["bare"]))
    return found


def _own_format(text: str, reading: Reading) -> Told | None:
    """A line of a format somebody made: time and request must be there."""
    if "HTTP/" not in text or not _TIME.search(text) or has_syslog_header(text):
        return None
    fields = _fields(text)
    when, at_time = NEVER, -1
    for at, field in enumerate(fields):
        if _TIME.match(field.text) and (stamp := time_at_start(field.text, reading)).micros is not None:
            when, at_time = stamp, at
            break
    at_request = next((i for i, f in enumerate(fields) if f.kind in ("quoted", "key") and _is_request(f.text)), -1)
    if at_time < 0 or at_request < 0:
        return None
    values: dict[str, Any] = dict(request_of(fields[at_request].text))
    before = [f for f in fields[: min(at_time, at_request)] if f.kind in ("bare", "quoted")]
    _who(values, before, fields, at_request)
    _further(values, fields[at_request + 1 :] + [f for f in fields[:at_request] if f.kind == "key"])
    values["raw"] = kept(text)
    return Told(values, when)


def _is_request(text: str) -> bool:
    found = _REQUEST.match(text)
    return bool(found and found[3])


def _who(values: dict[str, Any], before: list[_Field], fields: list[_Field], at_request: int) -> None:
    """Client, virtual host and user from the fields in front of the time; else the first address of the line."""
    at = next((i for i, f in enumerate(before) if _ADDRESS.match(f.text) or _WITH_PORT.match(f.text)), -1)
    if at >= 0:
        values.update(address_of(before[at].text))
        if at > 0 and "." in before[at - 1].text:
            host, _, port = before[at - 1].text.partition(":")
            values["host"], values["dst_port"] = said(host), number(port)
        if len(before) - at >= 3:
            values["user"] = user_of(before[-1].text)
        return
    for field in fields[:at_request]:
        if _ADDRESS.match(field.text) or _WITH_PORT.match(field.text):
            values.update(address_of(field.text))
            return


_NAMES: Final = {  # what people call fields of their own formats → ours
    **dict.fromkeys(("host", "http_host", "vhost", "server_name", "hostname"), "host"),
    **dict.fromkeys(
        ("xff", "x_forwarded_for", "http_x_forwarded_for", "x-forwarded-for", "forwarded"), "forwarded_for"
    ),
    **dict.fromkeys(("ua", "user_agent", "http_user_agent", "agent"), "user_agent"),
    **dict.fromkeys(("ref", "referer", "http_referer", "referrer"), "referrer"),
    **dict.fromkeys(("user", "remote_user"), "user"),
    **dict.fromkeys(("remote_addr", "client", "client_ip", "clientip", "ip", "src"), "src_ip"),
    **dict.fromkeys(("status", "code"), "status"),
    **dict.fromkeys(("bytes", "size", "body_bytes_sent", "bytes_sent"), "bytes"),
    **dict.fromkeys(("port", "server_port"), "dst_port"),
    "remote_port": "src_port",
}
_INTS: Final = frozenset({"status", "bytes", "src_port", "dst_port"})
_TAKEN: Final = frozenset(("method", "uri", "protocol", "raw", "level", "message", "device", "time", "origin"))


def put(values: dict[str, Any], name: str, text: str) -> None:
    """Set a named field of an own format: under our name if it has one, else as a column of its own."""
    ours = _NAMES.get(name.lower(), name)
    if ours in _INTS:
        values.setdefault(ours, number(text))
    elif ours.lower() not in _TAKEN and not values.get(ours):
        values[ours] = kept(said(text))


def _further(values: dict[str, Any], fields: list[_Field]) -> None:
    """What stands behind the request: status, octets, referrer, agent, forwarded addresses, named fields."""
    for field in fields:
        if field.kind == "key":
            put(values, field.name, field.text)
        elif field.kind == "bare":
            _bare(values, field.text)
        elif field.kind == "quoted":
            _quoted(values, field.text)


def _bare(values: dict[str, Any], text: str) -> None:
    if values.get("status") is None and re.fullmatch(r"[1-5]\d\d", text):
        values["status"] = int(text)
    elif "bytes" not in values and (text == "-" or number(text) is not None) and values.get("status") is not None:
        values["bytes"] = number(text)
    elif _ADDRESS.match(text) and "." in text and not values.get("forwarded_for"):
        values.setdefault("src_ip", text)


def _quoted(values: dict[str, Any], text: str) -> None:
    if _ADDRESSES.match(text) and re.search(r"[.:]", text):
        if not values.get("forwarded_for"):
            values["forwarded_for"] = kept(text)
    elif "referrer" not in values:
        values["referrer"] = kept(said(text))
    elif "user_agent" not in values:
        values["user_agent"] = kept(said(text))
    elif not values.get("host") and re.fullmatch(r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+", text):
        values["host"] = text
