"""Eight intrusions on eight platforms, labelled line by line by someone who had not seen the rules.

No site file helps here: what is found is found from the lines alone. `known_gaps.json` names every labelled line that
is not found although a rule covers its behaviour, with the reason; a line that is found must leave that list.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall import detect, pipeline
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.finding import Finding
from seawall.model.severity import Severity

REPLAYS = Path(__file__).parent / "evidence" / "replays"
GAPS: dict[str, dict[str, str]] = json.loads((REPLAYS / "known_gaps.json").read_text(encoding="utf-8"))
CLOCK = FixedClock(datetime(2026, 11, 30, tzinfo=UTC))
SECRETS = (REPLAYS.parent / "planted_secrets.txt").read_text(encoding="utf-8").split()


@dataclass(frozen=True)
class Hunted:
    """A replay with what was found on each of its lines."""

    lines: list[dict[str, Any]]
    on_line: dict[int, list[Finding]]
    covered: frozenset[str]  # behaviours some detector names
    hunted: pipeline.Hunted
    case: Path


def write_logs(lines: list[dict[str, Any]], folder: Path) -> dict[str, int]:
    """The lines as log files by telemetry; where each line landed → its number in the replay."""
    places: dict[str, int] = {}
    texts: dict[str, list[str]] = {}
    for line in lines:
        name = f"{line['telemetry']}.log"
        texts.setdefault(name, []).append(line["raw"])
        places[f"{name}:{len(texts[name])}"] = line["n"]
    folder.mkdir()
    for name, raw in texts.items():
        (folder / name).write_text("\n".join(raw) + "\n", encoding="utf-8")
    return places


@pytest.fixture(scope="module", params=sorted(path.stem for path in REPLAYS.glob("*.jsonl")))
def replay(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Hunted]:
    lines = [json.loads(line) for line in (REPLAYS / f"{request.param}.jsonl").read_text(encoding="utf-8").splitlines()]
    folder = tmp_path_factory.mktemp(request.param)
    places = write_logs(lines, folder / "evidence")
    asked = pipeline.HuntRequest(case=open_case(folder / "case", CLOCK), paths=(folder / "evidence",), clock=CLOCK)
    hunted = next(step for step in pipeline.hunt(asked) if isinstance(step, pipeline.Hunted))
    on_line: dict[int, list[Finding]] = {}
    for finding in hunted.findings:
        for evidence in finding.evidence:
            on_line.setdefault(places[evidence.origin], []).append(finding)
    covered = frozenset(b for about in detect.catalogue(hunted.rules) for b in about.behaviours)
    return request.param, Hunted(lines, on_line, covered, hunted, folder / "case")


def missed(replay: Hunted) -> set[int]:
    """Numbers of the lines whose behaviours have a rule, and on which no finding names one of them."""
    return {
        line["n"]
        for line in replay.lines
        if (wanted := set(line["behaviours"]) & replay.covered)
        and not any(wanted & set(finding.behaviours) for finding in replay.on_line.get(line["n"], []))
    }


def test_every_line_whose_behaviour_has_a_rule_is_found(replay: tuple[str, Hunted]) -> None:
    name, seen = replay
    by_number = {line["n"]: line["raw"] for line in seen.lines}
    gaps = {int(number) for number in GAPS.get(name, {})}
    assert {n: by_number[n] for n in missed(seen) - gaps} == {}
    assert gaps - missed(seen) == set(), "found now: take them off the list of gaps"


def test_no_honest_line_raises_more_than_low(replay: tuple[str, Hunted]) -> None:
    _, seen = replay
    loud = {
        line["raw"]: [finding.title for finding in seen.on_line.get(line["n"], []) if finding.severity > Severity.LOW]
        for line in seen.lines
        if not line["behaviours"] and not line.get("malicious_context") and not line.get("benign_needs_site")
    }
    assert {raw: titles for raw, titles in loud.items() if titles} == {}


def test_every_line_is_read(replay: tuple[str, Hunted]) -> None:
    _, seen = replay
    assert sum(report.events for report in seen.hunted.files) == len(seen.lines)
    assert [report.rejects for report in seen.hunted.files if report.rejected] == []


def test_the_worst_incident_tells_most_of_the_intrusion(replay: tuple[str, Hunted]) -> None:
    _, seen = replay
    worst = max(seen.hunted.incidents, key=lambda incident: (incident.severity, len(incident.findings)))
    loud = [finding for finding in seen.hunted.findings if finding.severity > Severity.LOW]
    assert worst.severity is Severity.CRITICAL
    assert len(worst.stages) >= 5
    assert len(set(worst.findings) & {finding.id for finding in loud}) > len(loud) / 2


def test_no_planted_secret_survives_in_the_case(replay: tuple[str, Hunted]) -> None:
    name, seen = replay
    planted = [secret for secret in SECRETS if any(secret in line["raw"] for line in seen.lines)]
    assert planted, f"{name} plants secrets"
    told = json.dumps([[e.excerpt for e in f.evidence] + [f.why, str(dict(f.details))] for f in seen.hunted.findings])
    kept = told + "".join(str(row) for row in _rows(seen.case))
    assert [secret for secret in planted if secret in kept] == []


def _rows(case: Path) -> list[dict[str, Any]]:
    import pyarrow.parquet as pq

    return [row for part in (case / "lake" / "parts").glob("*.parquet") for row in pq.read_table(part).to_pylist()]
