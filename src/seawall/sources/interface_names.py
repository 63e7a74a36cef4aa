"""Names of interfaces behind the numbers that flow records carry (SNMP ifIndex, RFC 2863), from files.

Read are:

- a table (CSV, TSV) whose header names an exporter, an index and a name;
- what `snmpwalk` prints of IF-MIB (`ifName`, `ifDescr`, `ifAlias`), named or as numbers, plain or with `-Oq`; the
  exporter is its `sysName` and every address of its `ipAdEntAddr` table, else the name of the file;
- what routers print: `show snmp mib ifmib ifindex` (IOS, IOS XR, EOS), `show interface snmp-ifindex` (NX-OS),
  `show snmp mib walk ifDescr` (Junos); the exporter is the name of the file (`pe1.example.net.txt`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from seawall.errors import InputError

MOST_BYTES: Final = 64 << 20  # of one file
LONGEST_NAME: Final = 200
_EXPORTER: Final = ("exporter", "device", "router", "host", "hostname", "agent", "agent_address", "node", "ip")
_INDEX: Final = ("index", "ifindex", "if_index", "interface_index", "snmp_index", "snmpindex")
_NAME: Final = ("name", "ifname", "if_name", "interface", "interface_name", "ifdescr", "if_descr", "port")
_NUMBERED: Final = re.compile(
    r"^\.?(?:iso|1)\.3\.6\.1\.2\.1\.(?:2\.2\.1\.2|31\.1\.1\.1\.(?P<column>1|18))\.(?P<index>[0-9]+)\s*=?\s*"
    r"(?:STRING:\s*)?(?P<name>\S.*)$"
)
_NAMED: Final = re.compile(
    r"^(?:IF-MIB::)?(?P<what>ifName|ifDescr|ifAlias)\.(?P<index>[0-9]+)\s*=?\s*(?:STRING:\s*)?(?P<name>\S.*)$"
)
_SHOWN: Final = re.compile(
    r"^(?P<name>[A-Za-z][\w./:-]{0,80}?):?\s+(?:If[iI]ndex\s*=\s*)?(?P<index>[0-9]{1,10})(?:\s+\(0x[0-9a-fA-F]+\))?\s*$"
)
_SYSTEM: Final = re.compile(
    r"(?:sysName\.0|\.?(?:iso|1)\.3\.6\.1\.2\.1\.1\.5\.0)\s*=?\s*(?:STRING:\s*)?\"?(?P<name>[\w.-]+)\"?\s*$"
)
_OWN: Final = re.compile(
    r"(?:ipAdEntAddr|\.?(?:iso|1)\.3\.6\.1\.2\.1\.4\.20\.1\.1)\.(?P<address>[0-9]{1,3}(?:\.[0-9]{1,3}){3})\b"
)

Names = dict[tuple[str, str], str]  # (exporter, lower case; index as text) → name
_COLUMNS: Final = {"1": "ifName", "2": "ifDescr", "18": "ifAlias", None: "ifDescr"}


def interface_names(files: Iterable[Path]) -> Names:
    """What the files say; an earlier file comes before a later one.

    Raises:
        InputError: a file cannot be read, or names no interface.
    """
    found: Names = {}
    for path in files:
        text = _text(path)
        names = _from_table(text) or _from_walk(text, path)
        if not names:
            raise InputError(
                "names no interface",
                where=str(path),
                mend="give a table with exporter, index, name; or what snmpwalk prints of IF-MIB, one file a device",
            )
        found = names | found
    return found


def _text(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            raise InputError(
                "no file of at most 64 MiB", where=str(path), mend="name a file under `interfaces` in [flows]"
            )
        return path.read_bytes().decode("utf-8-sig", "replace")
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend="make it readable") from error


def _from_table(text: str) -> Names:
    head = text.partition("\n")[0]
    delimiter = max(",\t;|", key=head.count)
    rows = csv.reader(text.splitlines(), delimiter=delimiter)
    names = [re.sub(r"[^a-z_]+", "_", cell.strip().lower()) for cell in head.strip().split(delimiter)]
    exporter, index, name = (
        next((names.index(word) for word in among if word in names), -1) for among in (_EXPORTER, _INDEX, _NAME)
    )
    if min(exporter, index, name) < 0:
        return {}
    found: Names = {}
    try:
        for row in list(rows)[1:]:
            if len(row) > max(exporter, index, name) and row[index].strip().isdigit() and row[name].strip():
                key = (row[exporter].strip().lower(), str(int(row[index])))
                found.setdefault(key, row[name].strip()[:LONGEST_NAME])
    except csv.Error:
        return {}
    return found


def _from_walk(text: str, path: Path) -> Names:
    said: dict[str, dict[str, str]] = {}
    exporters: list[str] = []
    for line in text.splitlines():
        line = line.strip()[:1_000]
        if (system := _SYSTEM.search(line)) or (system := _OWN.search(line)):
            exporters.append(system[1].lower())
        elif told := _NUMBERED.match(line) or _NAMED.match(line):
            what = told.groupdict().get("what") or _COLUMNS[told.groupdict().get("column")]
            said.setdefault(told["index"], {})[what] = told["name"].strip().strip('"')
        elif shown := _SHOWN.match(line):
            said.setdefault(shown["index"], {})["ifName"] = shown["name"]
    named = {index: name for index, one in said.items() if (name := _best(one))}
    short = [name.partition(".")[0] for name in exporters if not name[0].isdigit()]
    whose = [*exporters, *short] or _stems(path)
    return {(exporter, str(int(index))): name for exporter in whose for index, name in named.items()}


def _stems(path: Path) -> Sequence[str]:
    """The name of a file as a device's: `192.0.2.1.txt`, `pe1.example.net.walk`, `pe1`."""
    name = path.name.lower()
    stem = re.sub(r"\.(?:txt|walk|snmpwalk|log|out|mib)$", "", name)
    return [*dict.fromkeys([stem] if stem[0].isdigit() else [stem, stem.partition(".")[0]])]


def _best(said: dict[str, str]) -> str:
    """Name and, where somebody wrote one, what it is for: `xe-0/0/1 (to AS64500)`."""
    name = said.get("ifName") or said.get("ifDescr") or ""
    alias = said.get("ifAlias", "")
    return (f"{name} ({alias})" if name and alias and alias != name else name or alias)[:LONGEST_NAME]
