# ruff: noqa: E501 - patterns are as long as they are
"""File transfer logs: xferlog (wu-ftpd, vsftpd, ProFTPD), vsftpd's own log, ProFTPD's ExtendedLog.

xferlog(5) names the fields of the first. OpenSSH's sftp lines stand in syslog and are read by `sftp`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.line_format import Told, kept, number, read_lines, said, sureness
from seawall.sources.line_times import time_at_start
from seawall.sources.records import When

_CTIME: Final = r"(?P<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})"
_XFER: Final = re.compile(
    _CTIME + r" (?P<secs>\d{1,9}) (?P<client>\S{1,255}) (?P<bytes>\d{1,18}) (?P<path>\S.{0,4095}?) (?P<type>[ab]) "
    r"(?P<flag>[CUT_]{1,3}) (?P<way>[oidv]) (?P<mode>[agr]) (?P<user>\S.{0,200}?) (?P<service>\S{1,40}) (?P<auth>[01]) "
    r"(?P<id>\S{1,200})(?: (?P<done>[ci]))?\s*$"
)
_VSFTPD: Final = re.compile(
    _CTIME + r" \[pid (?P<pid>\d{1,10})\] (?:\[(?P<user>[^\]]{0,200})\] )?(?:(?P<ok>OK|FAIL) )?(?P<verb>[A-Z]{3,12}): "
    r'Client "(?P<client>[^"]{1,100})"(?:, "(?P<path>(?:[^"\\]|\\.|"(?!, |$)){0,4096})")?(?:, (?P<bytes>\d{1,18}) bytes)?(?P<rest>.*)$'
)
_VERBS: Final = {  # vsftpd's own words → action, direction
    "DOWNLOAD": ("read", "out"),
    "UPLOAD": ("write", "in"),
    "APPEND": ("write", "in"),
    "DELETE": ("delete", None),
    "RMDIR": ("delete", None),
    "MKDIR": ("write", None),
    "RENAME": ("write", None),
    "CHMOD": ("admin", None),
    "LOGIN": ("login", None),
    "CONNECT": (None, None),
}
_EXTENDED: Final = re.compile(
    r"(?P<client>\S{1,255}) (?P<ident>\S{1,100}) (?P<user>\S{1,200}) \[(?P<time>[^\]]{20,32})\] "
    r'"(?P<verb>[A-Z]{3,4})(?: (?P<argument>[^"]{0,4096}))?" (?P<code>[1-5]\d\d|-) (?P<bytes>\d{1,18}|-)(?: .{0,400})?$'
)
_COMMANDS: Final = {  # FTP commands (RFC 959, RFC 3659) → action, direction
    "RETR": ("read", "out"),
    **dict.fromkeys(("STOR", "STOU", "APPE"), ("write", "in")),
    **dict.fromkeys(("DELE", "RMD", "XRMD"), ("delete", None)),
    **dict.fromkeys(("MKD", "XMKD", "RNFR", "RNTO", "MFMT"), ("write", None)),
    **dict.fromkeys(("LIST", "NLST", "MLSD", "MLST", "STAT"), ("list", "out")),
    "SITE": ("admin", None),
    "PASS": ("login", None),
    **dict.fromkeys(
        (
            "USER",
            "QUIT",
            "CWD",
            "PWD",
            "PASV",
            "EPSV",
            "PORT",
            "EPRT",
            "TYPE",
            "SIZE",
            "MDTM",
            "SYST",
            "FEAT",
            "AUTH",
            "PBSZ",
            "PROT",
            "OPTS",
            "NOOP",
            "REST",
            "CDUP",
            "ABOR",
            "MODE",
            "STRU",
            "CLNT",
            "XCWD",
            "XPWD",
            "ALLO",
        ),
        (None, None),
    ),
}


def tell(text: str, reading: Reading) -> Told | None:
    """What one line of a transfer log says; None if it is none."""
    if found := _XFER.match(text):
        return _xfer(found, text, reading)
    if found := _VSFTPD.match(text):
        return vsftpd(found, text, time_at_start(found["time"], reading))
    if (found := _EXTENDED.match(text)) and found["verb"] in _COMMANDS:
        return _extended(found, text, reading)
    return None


def _xfer(found: re.Match[str], text: str, reading: Reading) -> Told:
    action, direction = {"o": ("read", "out"), "i": ("write", "in")}.get(found["way"], ("delete", None))
    authenticated = found["id"] if found["auth"] == "1" and found["id"] != "*" else None
    values: dict[str, Any] = {
        "action": action,
        "direction": direction,
        "object": found["path"],
        "bytes": number(found["bytes"]),
        "seconds": number(found["secs"]),
        "user": authenticated or found["user"],
        "src_ip": found["client"].removeprefix("::ffff:"),
        "service": found["service"].lower(),
        "outcome": {"c": "success", "i": "failure"}.get(found["done"] or ""),
        "system": "ftp server",
        "raw": kept(text),
    }
    return Told(values, time_at_start(found["time"], reading))


def vsftpd(found: re.Match[str], text: str, when: When) -> Told | None:
    """A line of vsftpd's own log."""
    if found["verb"] not in _VERBS:
        return None
    action, direction = _VERBS[found["verb"]]
    path, new = found["path"], None
    if found["verb"] == "RENAME" and path and " " in path:
        path, _, new = path.partition(" ")
    if found["verb"] == "LOGIN" and path and path.startswith("anon password"):
        path = None
    return Told(
        {
            "action": action,
            "activity": "login" if action == "login" else None,
            "direction": direction,
            "object": None if action == "login" else path,
            "new_object": new,
            "bytes": number(found["bytes"]),
            "user": said(found["user"]),
            "src_ip": found["client"].removeprefix("::ffff:"),
            "service": "ftp",
            "outcome": {"OK": "success", "FAIL": "failure"}.get(found["ok"] or ""),
            "session": found["pid"],
            "system": "vsftpd",
            "raw": kept(re.sub(r'(anon password ")[^"]*', r"\1<masked>", text)),
        },
        when,
    )


def _extended(found: re.Match[str], text: str, reading: Reading) -> Told:
    verb, code = found["verb"], found["code"]
    action, direction = _COMMANDS[verb]
    argument = None if verb == "PASS" else said((found["argument"] or "").strip())
    raw = re.sub(r'"PASS [^"]*"', '"PASS <masked>"', text) if verb == "PASS" else text
    return Told(
        {
            "action": action,
            "activity": "login" if action == "login" else None,
            "direction": direction,
            "object": kept(argument, 4_096) if action != "login" else None,
            "bytes": number(found["bytes"]),
            "user": said(found["user"]),
            "src_ip": found["client"].removeprefix("::ffff:"),
            "service": "ftp",
            "outcome": "success" if code[:1] in "123" else "failure" if code[:1] in "45" else None,
            "system": "ftp server",
            "raw": kept(raw),
        },
        time_at_start(found["time"], reading),
    )


def sniff(evidence: Evidence) -> int:
    """97 if most lines are transfers."""
    return sureness(
        evidence,
        lambda text: bool(
            _XFER.match(text) or _VSFTPD.match(text) or ((m := _EXTENDED.match(text)) and m["verb"] in _COMMANDS)
        ),
        97,
    )


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `transfers` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_lines(evidence, reading, "transfers", tell, "transfer")


SOURCE: Final = Source("transfers", "File transfer logs (xferlog, vsftpd, ProFTPD)", ("transfers",), sniff, read)
