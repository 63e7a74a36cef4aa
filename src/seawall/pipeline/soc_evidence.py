"""What the SOC's case hands to the intercept case: its findings, sessions on devices, and who sent how much to whom.

The SOC exports all of it and is asked for nothing in particular: the question itself would tell what was found. JSON
lines: a head, then `{"finding": …}`, `{"session": …}` and `{"flow": …}`. Nothing of an intercept case is ever in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.compartment import NOTICE, may_leave
from seawall.model.finding import Finding, finding_from_dict, finding_to_dict, utc_text
from seawall.model.site import Site
from seawall.pipeline.cases import case_settings, case_state

FORM: Final = "seawall-soc-evidence"
MOST: Final = 200_000  # sessions, and as many flows; the newest are kept, and a cut is said
MAX_LINE: Final = 4 << 20
_SESSION: Final = ("event_id", "time", "end", "origin", "device", "user", "src_ip", "service", "commands", "path")


@dataclass(slots=True)
class SocEvidence:
    """What was handed over. Times are UTC."""

    findings: list[Finding] = field(default_factory=list)
    sessions: list[dict[str, Any]] = field(default_factory=list)  # event_id, time, end, device, user, src_ip, path …
    flows: list[dict[str, Any]] = field(default_factory=list)  # src_ip, dst_ip, dst_port, first, last, flows, octets
    cut: tuple[str, ...] = ()  # what the SOC could not hand over whole
    unread: int = 0  # lines that could not be read


def export(case: Case, site: Site, clock: Clock, since: datetime | None = None) -> Iterator[str]:
    """The lines of a SOC case's export."""
    lake = Lake(case.lake, memory_mb=case_settings(case).lake.memory_mb)
    backend = lake.ibis(site)
    names = set(backend.list_tables())
    sessions = list(_sessions(backend, since)) if "sessions" in names else []
    flows = list(_flows(backend, since)) if "flows" in names else []
    cut = [name for name, rows in (("sessions", sessions), ("flows", flows)) if len(rows) > MOST]
    yield _line({"form": FORM, "v": 1, "taken": utc_text(clock.now()), "cut": cut})
    with case_state(case, case_settings(case)) as state:
        for finding in state.findings():
            if finding.detector != NOTICE and (since is None or finding.last >= since):
                yield _line({"finding": finding_to_dict(finding)})
    yield from (_line({"session": row}) for row in sessions[:MOST])
    yield from (_line({"flow": row}) for row in flows[:MOST])


def _sessions(backend: Any, since: datetime | None) -> Iterator[dict[str, Any]]:
    table = backend.table("sessions")
    question = table.filter(table.time >= since) if since else table
    question = question.select(*_SESSION).order_by(table.time.desc()).limit(MOST + 1)
    for batch in question.to_pyarrow_batches():
        for row in batch.to_pylist():
            yield row | {"event_id": row["event_id"].hex(), "time": _text(row["time"]), "end": _text(row["end"])}


def _flows(backend: Any, since: datetime | None) -> Iterator[dict[str, Any]]:
    """One row for each pair of addresses and port."""
    table = backend.table("flows")
    some = table.filter(table.time >= since) if since else table
    pairs = some.group_by("src_ip", "dst_ip", "dst_port").agg(
        first=some.time.min(), last=some.time.max(), flows=some.count(), octets=some.src_bytes.sum()
    )
    for batch in pairs.order_by(pairs["last"].desc()).limit(MOST + 1).to_pyarrow_batches():
        for row in batch.to_pylist():
            if row["first"] is not None:
                yield row | {"first": _text(row["first"]), "last": _text(row["last"])}


def _text(moment: datetime | None) -> str | None:
    return utc_text(moment if moment.tzinfo else moment.replace(tzinfo=UTC)) if moment else None


def _line(document: Mapping[str, Any]) -> str:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=True) + "\n"


def read(path: Path) -> SocEvidence:
    """An export of a SOC's case. Lines that cannot be read are counted. Raises InputError if it is no such export."""
    found = SocEvidence()
    with path.open("rb") as file:
        head = _parsed(file.readline(MAX_LINE))
        if head.get("form") != FORM or head.get("v") != 1:
            raise InputError(
                "no export of a SOC's case", where=str(path), mend="seawall intercepts evidence --out FILE"
            )
        found.cut = tuple(str(name)[:40] for name in head.get("cut", ()) if isinstance(name, str))
        for line in _lines(file):
            if not _take(_parsed(line), found):
                found.unread += 1
    return found


def _lines(file: Any) -> Iterable[bytes]:
    while line := file.readline(MAX_LINE):
        yield line


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _take(raw: dict[str, Any], found: SocEvidence) -> bool:
    """Keep what a line holds; false if it holds nothing sound."""
    try:
        if "finding" in raw:
            found.findings += may_leave([finding_from_dict(raw["finding"])])
        elif "session" in raw and len(found.sessions) < MOST:
            found.sessions.append(_timed(raw["session"], "time", "end"))
        elif "flow" in raw and len(found.flows) < MOST:
            found.flows.append(_timed(raw["flow"], "first", "last"))
        else:
            return False
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True


def _timed(row: dict[str, Any], *names: str) -> dict[str, Any]:
    """A row with its times as times; the first must be there."""
    times = {name: datetime.fromisoformat(row[name]) if row.get(name) else None for name in names}
    if times[names[0]] is None or any(moment and moment.tzinfo is None for moment in times.values()):
        raise ValueError("no time")
    return row | times
