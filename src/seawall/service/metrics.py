"""`/metrics` and `/healthz`: how the service fares, for Prometheus (text format 0.0.4) and for load balancers.

Figures are counts and times of the service itself. No finding, incident, account or address of a customer stands in
them, and nothing of the intercept case: neither a count nor a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from seawall import __version__
from seawall.service.status import read_status

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_NAME: Final = re.compile(r"[^a-zA-Z0-9_]")
_HELP: Final[dict[str, str]] = {
    "seawall_up": "Whether a process of the service lives and says it is well (1), or not (0).",
    "seawall_status_age_seconds": "How long ago a process last said how it fares.",
    "seawall_source_total": "What each source gave and what of it was lost, by what.",
    "seawall_detect_total": "What the detector has done since it started, by what.",
    "seawall_detect": "How the detector fares: what waits, and seconds from a sealed segment to told findings.",
    "seawall_deliveries": "Notices, findings and tickets by channel, kind and what became of them.",
    "seawall_starts_total": "How often the supervisor started a process.",
    "seawall_connections": "Open connections of senders.",
    "seawall_spool_octets": "Octets in the spool that wait to be read.",
    "seawall_info": "The version that runs.",
}
_COUNTERS: Final = frozenset({"seawall_source_total", "seawall_detect_total", "seawall_starts_total"})

Sample = tuple[str, Mapping[str, str], float]


def metrics_text(case_folder: Path, deliveries: Mapping[tuple[str, str, str], int]) -> str:
    """All figures, one family after another."""
    families: dict[str, list[Sample]] = {}
    for sample in _samples(read_status(case_folder), deliveries):
        families.setdefault(sample[0], []).append(sample)
    lines: list[str] = []
    for name, samples in sorted(families.items()):
        lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} {'counter' if name in _COUNTERS else 'gauge'}"]
        lines += [f"{name}{_labels(labels)} {_number(value)}" for _, labels, value in samples]
    return "\n".join(lines) + "\n"


def _samples(
    statuses: Mapping[str, Mapping[str, Any]], deliveries: Mapping[tuple[str, str, str], int]
) -> Iterator[Sample]:
    yield "seawall_info", {"version": __version__}, 1
    for process, said in statuses.items():
        yield "seawall_up", {"process": process}, float(_well(said))
        yield "seawall_status_age_seconds", {"process": process}, _float(said.get("age_s"))
        for source, counts in _tables(said.get("sources")):
            for what, value in _numbers(counts):
                yield "seawall_source_total", {"process": process, "source": source, "what": what}, value
        for child, facts in _tables(said.get("children")):
            yield "seawall_starts_total", {"process": child}, _float(facts.get("starts"))
        if isinstance(said.get("connections"), int):
            yield "seawall_connections", {"process": process}, _float(said["connections"])
        if isinstance(said.get("spool"), Mapping):
            yield "seawall_spool_octets", {"process": process}, _float(said["spool"].get("octets"))
        if process == "detect":
            for what, value in _numbers(said.get("counts")):
                yield "seawall_detect_total", {"what": what}, value
            for what, value in _numbers(said.get("gauges")):
                yield "seawall_detect", {"what": what}, value
    for (channel, kind, what), count in sorted(deliveries.items()):
        yield "seawall_deliveries", {"channel": channel, "kind": kind, "state": what}, count


def health(case_folder: Path) -> tuple[bool, dict[str, Any]]:
    """Whether every process is well, and what each says. A service that never ran is not well."""
    statuses = read_status(case_folder)
    processes = {
        name: {"health": "silent" if _silent(said) else str(said.get("health", "unknown")),
               "why": [str(why) for why in said.get("why", ())][:20]}
        for name, said in statuses.items()
    }  # fmt: skip
    well = bool(statuses) and all(_well(said) for said in statuses.values())
    return well, {"health": "ok" if well else "degraded", "processes": processes}


def _silent(said: Mapping[str, Any]) -> bool:
    return bool(said.get("stale")) and said.get("health") != "stopped"


def _well(said: Mapping[str, Any]) -> bool:
    return said.get("health") == "ok" and not said.get("stale")


def _tables(said: Any) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return [(str(k), v) for k, v in said.items() if isinstance(v, Mapping)] if isinstance(said, Mapping) else []


def _numbers(said: Any) -> Iterable[tuple[str, float]]:
    if not isinstance(said, Mapping):
        return []
    return [(str(k), float(v)) for k, v in said.items() if isinstance(v, int | float) and not isinstance(v, bool)]


def _float(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _labels(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{_NAME.sub("_", name)}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""


def _escaped(text: str) -> str:
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:200])
    return printable.replace("\\", "\\\\").replace('"', '\\"')
