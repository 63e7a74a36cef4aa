"""File transfer logs: xferlog, vsftpd's own log, and OpenSSH's sftp server in syslog."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seawall.drills.render.sender import MONTHS, WEEKDAYS, stamp

FORMS: Final = ("xferlog", "vsftpd", "extended")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One file fetched from a server (`out`) or sent to it (`in`)."""

    time: datetime  # UTC
    user: str
    client: str
    path: str
    octets: int
    direction: str = "out"
    complete: bool = True


def write(transfer: Transfer, form: str = "xferlog") -> str:
    """The line an FTP server logs."""
    t, out = transfer.time, transfer.direction == "out"
    when = f"{WEEKDAYS[t.weekday()]} {MONTHS[t.month]} {t.day:2d} {t:%H:%M:%S} {t.year}"
    if form == "xferlog":
        way, done = ("o" if out else "i"), ("c" if transfer.complete else "i")
        return (
            f"{when} 1 {transfer.client} {transfer.octets} {transfer.path} b _ {way} r {transfer.user} ftp 0 * {done}"
        )
    if form == "extended":
        clf = f"{t.day:02d}/{MONTHS[t.month]}/{t.year}:{t:%H:%M:%S} +0000"
        code = 226 if transfer.complete else 426
        verb = "RETR" if out else "STOR"
        return f'{transfer.client} UNKNOWN {transfer.user} [{clf}] "{verb} {transfer.path}" {code} {transfer.octets}'
    verb = "DOWNLOAD" if out else "UPLOAD"
    ok = "OK" if transfer.complete else "FAIL"
    return (
        f'{when} [pid 711] [{transfer.user}] {ok} {verb}: Client "{transfer.client}", "{transfer.path}", '
        f"{transfer.octets} bytes, 120.31Kbyte/sec"
    )


def write_sftp(transfer: Transfer, host: str, pid: int) -> list[str]:
    """The syslog lines of an sftp session that moves one file (OpenSSH, `internal-sftp -l INFO`)."""
    head = f"{stamp(transfer.time)} {host} internal-sftp[{pid}]:"
    out = transfer.direction == "out"
    flags = "READ" if out else "WRITE,CREATE,TRUNCATE"
    moved = f"bytes read {transfer.octets if out else 0} written {0 if out else transfer.octets}"
    forced = "" if transfer.complete else "forced "
    return [
        f"{head} session opened for local user {transfer.user} from [{transfer.client}]",
        f'{head} open "{transfer.path}" flags {flags} mode 0666',
        f'{head} {forced}close "{transfer.path}" {moved}',
        f"{head} session closed for local user {transfer.user} from [{transfer.client}]",
    ]
