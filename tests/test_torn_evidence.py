"""Evidence that was torn: lines cut in the middle, names with control characters, no end. No rule raises."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

from seawall import pipeline
from seawall.model.case import open_case
from seawall.model.clock import FixedClock

REPLAYS = Path(__file__).parent / "evidence" / "blind"
CLOCK = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))
WHICH = ("r13-iosxe/syslog.log", "r15-nxos/syslog.log", "r16-junos/syslog.log", "r17-sros-vrp/vrp-syslog.log")
WRITTEN = ("\x00", "\x07", "\x1b[2J", "\x85", "\u202e", "\ufeff")  # into names, by who would rather not be read


def torn(lines: list[str], chance: random.Random) -> str:
    """Every line again, cut somewhere; every third with something unprintable in it."""
    made = []
    for number, line in enumerate(lines):
        cut = line[: chance.randrange(1, len(line) + 1)]
        at = chance.randrange(len(line))
        made += [cut, line[:at] + chance.choice(WRITTEN) + line[at:] if number % 3 == 0 else line]
    return "\n".join(made)  # the last line has no end


def test_torn_lines_and_unprintable_names_stop_no_rule(tmp_path: Path) -> None:
    chance = random.Random(6)
    evidence = tmp_path / "evidence"
    for name in WHICH:
        lines = [line for line in (REPLAYS / name).read_text(encoding="utf-8").splitlines() if line]
        (evidence / name).parent.mkdir(parents=True, exist_ok=True)
        (evidence / name).write_text(torn(lines, chance), encoding="utf-8")
    asked = pipeline.HuntRequest(case=open_case(tmp_path / "case", CLOCK), paths=(evidence,), clock=CLOCK)
    hunted = next(step for step in pipeline.hunt(asked) if isinstance(step, pipeline.Hunted))
    found = {behaviour for finding in hunted.findings for behaviour in finding.behaviours}
    assert {"A-03", "P-01", "C-01", "D-02", "E-08"} <= found, "two whole lines in three are left, and are found"
