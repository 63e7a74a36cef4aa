"""Eighteen intrusions, each written for its platforms from the list of behaviours alone, by someone who saw no rule.

At first sight 308 of 399 labelled lines of the first twelve were found (77 %); of the next six, written by another
hand after the first were mended, 375 of 463 lines (81 %) and 174 of 199 acts (87 %). What was missed was then mended
by family. Everything here is hunted at once, as a carrier would, without a site file: what only its facts can tell is
named in `known_gaps.json`. Lines of one file with the same labels tell one act (the newer replays label the commit and
the logout with it); an act the audit system tells on several lines is found where its first line is.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall import pipeline
from seawall.model.case import open_case
from seawall.model.clock import FixedClock

REPLAYS = Path(__file__).parent / "evidence" / "blind"
GAPS: dict[str, str] = json.loads((REPLAYS / "known_gaps.json").read_text(encoding="utf-8"))
CLOCK = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))
WANTED = 0.95


def labels() -> dict[str, list[str]]:
    """`replay/file:line` → behaviours, any of which is right."""
    return {
        f"{path.parent.name}/{label['file']}:{label['line']}": label["behaviour"]
        for path in sorted(REPLAYS.glob("*/labels.jsonl"))
        for label in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }


def _act(place: str) -> str:
    """The place of the first line of the act: lines of the audit system with one serial number are one."""
    name, _, number = place.rpartition(":")
    if not name.endswith("audit.log") or name.endswith("li-audit.log"):
        return place
    lines = (REPLAYS / name).read_text(encoding="utf-8").split("\n")
    serial = lines[int(number) - 1].partition("msg=audit(")[2].partition(")")[0]
    return f"{name}:{next(n for n, line in enumerate(lines, start=1) if f'msg=audit({serial})' in line)}"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """`replay/file:line` → behaviours that findings name there."""
    folder = tmp_path_factory.mktemp("blind")
    shutil.copytree(REPLAYS, folder / "evidence", ignore=shutil.ignore_patterns("labels.jsonl", "known_gaps.json"))
    asked = pipeline.HuntRequest(case=open_case(folder / "case", CLOCK), paths=(folder / "evidence",), clock=CLOCK)
    hunted = next(step for step in pipeline.hunt(asked) if isinstance(step, pipeline.Hunted))
    on_line: dict[str, set[str]] = {}
    for finding in hunted.findings:
        for evidence in finding.evidence:
            on_line.setdefault(evidence.origin, set()).update(finding.behaviours)
    return on_line


def missed(found: dict[str, set[str]]) -> set[str]:
    return {place for place, wanted in labels().items() if not found.get(_act(place), set()).intersection(wanted)}


def test_every_labelled_line_is_found_but_those_named_with_a_reason(found: dict[str, set[str]]) -> None:
    assert missed(found) - set(GAPS) == set()
    assert set(GAPS) - missed(found) == set(), "found now: take them off the list of gaps"


def test_nineteen_of_twenty_acts_are_found(found: dict[str, set[str]]) -> None:
    gone = missed(found)
    acts: dict[tuple[str, ...], bool] = {}
    for place, wanted in labels().items():
        act = (place.rpartition(":")[0], *sorted(wanted))
        acts[act] = acts.get(act, False) or place not in gone
    assert sum(acts.values()) / len(acts) >= WANTED


def test_nine_of_ten_labelled_lines_are_found(found: dict[str, set[str]]) -> None:
    assert 1 - len(missed(found)) / len(labels()) >= 0.9
