"""A file that a packet capture was written to is deleted within a day, whatever it is called.

Names that end in .pcap are told by a rule; a careful intruder calls the file something else. Evidence is every line
that wrote the capture and every line that deleted the file, on the same device.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

LIVES_HOURS: Final = 24
# Lines that write a capture, and how the file stands in them, by platform.
WRITES: Final[tuple[str, ...]] = (
    r"^monitor capture \S+ export (\S+)",  # IOS and IOS XE
    r"^monitor traffic .*write-file (\S+)",  # Junos
    r"^ethanalyzer .*\bwrite (\S+)",  # NX-OS
    r"^copy /pcap \S+ (\S+)",  # ASA
    r"\b(?:tcpdump|tpacap|tshark|dumpcap)\b.* -w ?(\S+)",  # shells of every system
    r"^(?:bash )?tcpdump .*\bfile (\S+)",  # EOS
    r"^capture-packet .*\bfile (\S+)",  # VRP
)
_DELETES: Final = (
    r"^(?:delete|file delete|execute .*delete"
    r"|(?:run |bash |start shell command .?)*(?:sudo )?(?:rm|unlink|shred))\b.* \S+$"
)
_LAST_WORD: Final = r"(\S+)$"
# The path before the name differs with who looks (flash:x, bootflash:/x, /bootflash/x).
_NAME: Final = r"([^:/\\\"']+)[\"']?$"


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Lines that wrote a capture to a file and lines that deleted the file of that name within a day, by device."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    text = told.command.lower().re_replace(r"( no-prompt)?\s*(<cr>)?\s*$", "")
    written = ibis.coalesce(*(text.re_extract(pattern, 1).nullif("") for pattern in WRITES))
    deleted = ibis.ifelse(text.re_search(_DELETES), text.re_extract(_LAST_WORD, 1), ibis.null("string"))
    lines = told.mutate(
        file=ibis.coalesce(written, deleted).re_extract(_NAME, 1).nullif(""),
        written_at=ibis.ifelse(written.notnull(), told.time, ibis.null("timestamp('UTC')")),
        deleted_at=ibis.ifelse(written.isnull() & deleted.notnull(), told.time, ibis.null("timestamp('UTC')")),
    )
    lines = lines.filter(lines.file.notnull())
    day = ibis.interval(hours=LIVES_HOURS)
    keys = ["device", "file"]
    behind = ibis.range_window(preceding=day, following=0, group_by=keys, order_by="time")
    ahead = ibis.range_window(preceding=0, following=day, group_by=keys, order_by="time")
    paired = lines.mutate(made=lines.written_at.max().over(behind), gone=lines.deleted_at.min().over(ahead))
    kept = paired.filter(
        (paired.deleted_at.notnull() & paired.made.notnull()) | (paired.written_at.notnull() & paired.gone.notnull())
    )
    return kept.drop("made", "gone", "written_at", "deleted_at", "file")


ANALYTIC: Final = Analytic(
    about=About(
        id="evasion.capture_file_deleted",
        title="File of a packet capture deleted within a day",
        severity=Severity.MEDIUM,
        confidence=70,
        needs=(
            Need(
                "commands",
                ("time", "user", "command"),
                "aaa accounting commands 15 default start-stop group tacacs+",
            ),
        ),
        attack=(vocabulary.versioned("T1070.004"),),
        tags=("behaviour:D-17",),
        why="{user} wrote a capture to a file on {device}, and the file was deleted within a day",
    ),
    subject=subjects.BY_VIEW["commands"],
    question=question,
)
