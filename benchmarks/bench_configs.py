"""Reading device configurations into trees: 20,000 lines of one device, and a folder of real ones.

    python benchmarks/bench_configs.py [FOLDER] [--peer PYTHON]

Without FOLDER, the `device-configs` below `SEAWALL_CORPUS` are read, if they are there. `--peer` names the Python of an
environment of its own that has netutils (Apache-2.0, not a part of Seawall): its parsers then read the same files. They
give lines and the lines these stand under; platform, secrets, groups, references and completeness are not theirs to
find. Processor time of the process, best of three. One JSON line for each measure.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from seawall.platforms.config import read

FOLDERS = {
    "arista-eos": "arista_eos", "cisco-asa": "cisco_asa", "cisco-ios": "cisco_ios", "cisco-iosxe": "cisco_ios",
    "cisco-iosxr": "cisco_iosxr", "cisco-nxos": "cisco_nxos", "fortinet-fortios": "fortinet_fortios",
    "hp-comware": "hp_comware", "juniper-junos": "juniper_junos", "nokia-sros": "nokia_sros",
    "mikrotik-routeros": "mikrotik_routeros", "paloalto-panos": "paloalto_panos",
}  # fmt: skip
PEER = """
import json, sys, time
from netutils.config.compliance import parser_map
files = json.load(sys.stdin)
best, failed, lines, seen = 1e9, 0, 0, 0
for _ in range(3):
    start, failed, seen = time.process_time(), 0, 0
    for name, text in files:
        try:
            parser = parser_map[name]
            seen += len(parser(text).config_lines)
        except Exception:
            failed += 1
    best = min(best, time.process_time() - start)
print(json.dumps({"seconds": round(best, 3), "refused": failed, "lines": seen}))
"""


def ios(lines: int) -> str:
    """A provider edge: interfaces, lists, users."""
    out = ["Building configuration...", "version 17.9", "hostname pe1"]
    number = 0
    while len(out) < lines - 30:
        number += 1
        a, b = number // 250 % 250, number % 250
        out += [f"interface GigabitEthernet{number // 1000}/{number % 1000}", f" description customer {number}"]
        out += [f" ip address 198.51.{a}.{b} 255.255.255.0", " no ip redirects", " ip access-group A5 in", "!"]
        if number % 5 == 0:
            out += [f"ip access-list extended A{number}"]
            out += [f" {10 * n} permit tcp host 192.0.2.{b} any eq {n}" for n in range(10)]
        if number % 7 == 0:
            out += [f"username user{number} privilege 1 secret 9 $9$abcd{number}$efghijklm"]
    return "\n".join([*out, "end", ""])


def junos(lines: int) -> str:
    """The same for Junos, as set lines with groups."""
    out = ["set version 21.4R3", "set system host-name pe2", "set apply-groups base"]
    out += ["set groups base interfaces <*> unit <*> family inet rpf-check"]
    for number in range((lines - 4) // 4):
        port = f"ge-{number // 48}/0/{number % 48}"
        out += [f"set interfaces {port} unit 0 family inet address 198.51.{number // 250 % 250}.{number % 250}/24"]
        out += [f"set interfaces {port} description customer{number}"]
        source, peer_address = f"192.0.2.{number % 250}/32", f"203.0.{number // 250 % 250}.{number % 250}"
        out += [f"set firewall family inet filter F{number % 50} term t{number} from source-address {source}"]
        out += [f"set protocols bgp group C neighbor {peer_address} peer-as {64_512 + number}"]
    return "\n".join([*out, ""])


def seconds(work: Any) -> float:
    """Processor seconds of the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def peer(python: str, files: list[tuple[str, str]]) -> dict[str, Any]:
    """What netutils needs for the same files."""
    said = json.dumps(files)
    done = subprocess.run([python, "-c", PEER], input=said, capture_output=True, text=True, timeout=900, check=True)
    return dict(json.loads(done.stdout))


def tell(what: str, files: list[tuple[str, str]], python: str | None) -> None:
    """Measure and print."""
    lines = sum(text.count("\n") for _, text in files)
    took = seconds(lambda: [read(text) for _, text in files])
    figures: dict[str, Any] = {"bench": "configs", "what": what, "files": len(files), "lines": lines}
    figures |= {"seconds": round(took, 3), "lines_per_second": round(lines / took)}
    if python:
        figures["netutils"] = peer(python, files)
    print(json.dumps(figures | {"machine": platform.machine(), "python": platform.python_version()}))


def main(arguments: list[str]) -> None:
    """Measure one long configuration of each style, then a folder of real ones."""
    python = arguments[arguments.index("--peer") + 1] if "--peer" in arguments else None
    rest = [one for one in arguments if one not in ("--peer", python)]
    tell("one device, 20,000 lines, IOS XE", [("cisco_ios", ios(20_000))], python)
    tell("one device, 20,000 lines, Junos", [("juniper_junos", junos(20_000))], python)
    root = os.environ.get("SEAWALL_CORPUS")
    folder = Path(rest[0]) if rest else Path(root) / "device-configs" if root else None
    if folder is None or not folder.is_dir():
        print("no folder of configurations: give one, or set SEAWALL_CORPUS", file=sys.stderr)
        return
    files = [
        (FOLDERS.get(path.parent.name, ""), path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".json", ".md")
    ]
    tell("a folder of real configurations", files, python)


if __name__ == "__main__":
    main(sys.argv[1:])
