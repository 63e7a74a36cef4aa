"""Files that say how to mend each device: the lines, why, and what they may break. Read them; do not paste them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from seawall.model.audit import Status, Verdict
from seawall.reporting.audit_score import Snapshot, latest, snapshots_of
from seawall.reporting.text import visible

_COMMENT: Final = {"junos": "#", "sros": "#", "vrp": "#", "fortios": "#", "panos": "#"}  # others write `!`
_WAY_BACK: Final = {
    "ios": "reload in 10 (then: reload cancel), and keep a console open",
    "iosxe": "configure terminal revert timer 10 (then: configure confirm), and keep a console open",
    "iosxr": "commit confirmed 600 (then: commit)",
    "junos": "commit confirmed 10 (then: commit)",
    "nxos": "checkpoint before-audit (back: rollback running-config checkpoint before-audit)",
    "eos": "configure session audit; commit timer 00:10:00 (then: commit)",
    "sros": "admin save, admin rollback save (back: admin rollback revert)",
    "vrp": "commit trial 600 (then: commit)",
    "asa": "write memory before; keep a console open, reload to go back",
    "fortios": "execute backup config before; execute cfg reload to go back",
}


def write_remediation(folder: Path, verdicts: Iterable[Verdict]) -> list[Path]:
    """Write one file per device with something to mend into `folder`, made if needed. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    taken: set[str] = set()
    for one in latest(snapshots_of(verdicts)):
        if not one.tally.failed:
            continue
        name = re.sub(r"[^A-Za-z0-9._-]", "_", one.device)[:100].strip(".") or "device"
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        path = folder / f"{name}.mend.txt"
        path.write_text("\n".join(_lines(one)) + "\n", encoding="utf-8")
        written.append(path)
    return written


def _lines(one: Snapshot) -> Iterator[str]:
    mark = _COMMENT.get(one.platform, "!")

    def note(text: str) -> str:
        return f"{mark} {visible(text)}"

    yield note(f"{one.device}, {one.platform} {one.version}, judged from {one.file}")
    yield note(
        "Words in CAPITALS stand for values of yours. Read each line before you enter it, and test access after it."
    )
    if way := _WAY_BACK.get(one.platform):
        yield note(f"A way back first: {way}")
    fails = [v for v in one.verdicts if v.status is Status.FAIL]
    for verdict in sorted(fails, key=lambda v: (bool(v.risk), -v.severity, v.check)):
        yield mark
        yield note(f"{verdict.check} ({verdict.severity.word}) {verdict.title}: {verdict.why}")
        for line in verdict.lines[:10]:
            yield note(f"  line {line.number}: {line.text}")
        if verdict.risk:
            yield note(f"RISK: {verdict.risk}")
        for mend in verdict.mend:
            yield visible(mend) if _is_command(mend) else note(f"by hand: {mend}")


def _is_command(line: str) -> bool:
    """Whether a mending line can be entered as it is; advice in words is a comment."""
    return not _ADVICE.match(line) and ": " not in line.partition(" ")[2]


_ADVICE: Final = re.compile(
    r"\s*(?:replace|write it|take |ask |if |use |move |remove|keep|give |undo: |set (?:it|the)|at the end|change)"
)
