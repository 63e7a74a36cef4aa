"""Look again at a folder of exports, and tell only what was not told before.

What was told lies in the case by digests, findings in its state. One problem is one as long as its kind and what it is
about stay the same: a later poll shows the same rogue tap under other event ids. What somebody did (the kinds about the
audit trail) is told once for each time it was done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from seawall.detect.oversight.kinds import KINDS
from seawall.disk.durable import Disk
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import Finding, utc_text
from seawall.pipeline import oversight
from seawall.pipeline.cases import case_settings, case_state, case_vault
from seawall.pipeline.compartment import desk_of
from seawall.pipeline.oversight import Reconciled

_VERSION: Final = 1
_BLIND: Final = "OVERSIGHT_BLIND"


@dataclass(slots=True)
class Look:
    """What one look came to."""

    new: list[Finding] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)  # kind and subject of what is no longer so
    answer: Reconciled | None = None  # None: nothing had changed since the last look, so nothing was read


def look(paths: Sequence[Path], case: Case, clock: Clock, *, country: str = "", dirty: bool = False) -> Look:
    """Judge `paths` again if a file of theirs changed, and keep what is told."""
    kept = _load(case)
    files = _signature(paths)
    with desk_of(case, clock) as desk:
        decided = _decided(desk.folder)
        if kept.get("files") == files and kept.get("decided") == decided and not kept.get("blind"):
            return Look()
        answer = oversight.reconcile(paths, clock, vault=case_vault(case), country=country, dirty=dirty, desk=desk)
    told: dict[str, Any] = kept.get("told", {})
    now = {thing_of(finding): finding for finding in answer.findings}
    new = [finding for thing, finding in now.items() if thing not in told]
    if answer.blind:  # nothing was seen, so nothing is gone
        _save(case, kept | {"blind": True, "told": told | _entries(now, clock)})
        return Look(new, answer=answer)
    gone = [entry["about"] for thing, entry in told.items() if thing not in now]
    still = {thing: entry for thing, entry in told.items() if thing in now}
    with case_state(case, case_settings(case)) as state:
        state.save_findings(answer.findings)
    _save(case, {"files": files, "decided": decided, "blind": False, "told": _entries(now, clock) | still})
    return Look(new, sorted(gone), answer)


def thing_of(finding: Finding) -> str:
    """32 hex digits for what a finding is about, whichever poll showed it."""
    about: list[Any] = [finding.detector, *([e.type, e.value, e.role] for e in finding.entities)]
    if finding.detector == _BLIND:
        about = [_BLIND]
    elif "intercept_audit" in KINDS[finding.detector].needs:
        about.append(utc_text(finding.first))
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:32]


def _entries(now: dict[str, Finding], clock: Clock) -> dict[str, Any]:
    at = utc_text(clock.now())
    return {thing: {"id": f.id, "about": f"{f.detector} {f.subject}", "at": at} for thing, f in now.items()}


def _signature(paths: Sequence[Path]) -> str:
    """Changes when a file below `paths` comes, goes or is written."""
    found = []
    for path in paths:
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            try:
                status = file.stat()
            except OSError:
                continue
            if file.is_file():
                found.append([str(file), status.st_size, status.st_mtime_ns])
    return hashlib.sha256(json.dumps(found).encode("utf-8", "replace")).hexdigest()


def _decided(folder: Path) -> int:
    return sum(1 for _ in folder.glob("*.json")) if folder.is_dir() else 0


def _file(case: Case) -> Path:
    return case.folder / "oversight" / "told.json"


def _load(case: Case) -> dict[str, Any]:
    """What was told; nothing if it is not there or damaged: then everything is told again, which does no harm."""
    try:
        raw = json.loads(_file(case).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return raw if isinstance(raw, dict) and raw.get("v") == _VERSION and isinstance(raw.get("told"), dict) else {}


def _save(case: Case, kept: dict[str, Any]) -> None:
    path = _file(case)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    Disk().write_file(path, json.dumps(kept | {"v": _VERSION}, sort_keys=True).encode())
