"""The published replay of an intrusion through the web interface of IOS XE: every labelled line, and no other."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from seawall import pipeline
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.model.finding import Finding
from seawall.model.settings import Settings, with_maps
from seawall.model.severity import Severity
from tests.corpus import corpus_path

pytestmark = pytest.mark.corpus
CLOCK = FixedClock(datetime(2026, 11, 30, tzinfo=UTC))
COLUMNS = "time,src,sport,dst,dport,proto,pkts,bytes,in_if,out_if"
MAP = (
    '[[map]]\nname = "replay"\nkind = "flow_records"\nhas = ["src", "dst", "in_if"]\n[map.time]\ncolumn = "time"\n'
    '[map.fields]\nsrc_ip = "src"\nsrc_port = "sport"\ndst_ip = "dst"\ndst_port = "dport"\nproto = "proto"\n'
    'src_pkts = "pkts"\nsrc_bytes = "bytes"\ninput_if = "in_if"\noutput_if = "out_if"\n'
    '[map.constants]\nobserver = "pe01"\n'
)


def as_csv(raw: str) -> str:
    """A flow as the replay writes it, `time a:port > b:port tcp pkts=1 …`, as a line of CSV."""
    time, source, _, target, *words = raw.split()
    said = dict(word.split("=") for word in words if "=" in word)
    ends = [*source.partition(":")[::2], *target.partition(":")[::2]]
    numbers = (said["pkts"], said["bytes"], said.get("in_if", ""), said.get("out_if", ""))
    return ",".join((time, *ends, said.get("proto") or words[0], *numbers))


@pytest.fixture(scope="module")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], dict[int, list[Finding]]]:
    """The replay's lines, and what was found on each."""
    folder = tmp_path_factory.mktemp("synthetic")
    path = corpus_path("netdevice-logs", "synthetic-replay-ios-xe.jsonl")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    texts: dict[str, list[str]] = {"flow.csv": [COLUMNS]}
    places = {}
    for line in lines:
        name = "flow.csv" if line["telemetry"] == "flow" else f"{line['telemetry']}.log"
        texts.setdefault(name, []).append(as_csv(line["raw"]) if name == "flow.csv" else line["raw"])
        places[f"{name}:{len(texts[name])}"] = line["n"]
    (folder / "evidence").mkdir()
    for name, text in texts.items():
        (folder / "evidence" / name).write_text("\n".join(text) + "\n", encoding="utf-8")
    (folder / "m.toml").write_text(MAP, encoding="utf-8")
    return lines, _on_lines(folder, places)


def _on_lines(folder: Path, places: dict[str, int]) -> dict[int, list[Finding]]:
    request = pipeline.HuntRequest(
        case=open_case(folder / "case", CLOCK),
        paths=(folder / "evidence",),
        clock=CLOCK,
        settings=with_maps(Settings(), [folder / "m.toml"]),
    )
    done = next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
    on_line: dict[int, list[Finding]] = {}
    for finding in done.findings:
        for evidence in finding.evidence:
            on_line.setdefault(places[evidence.origin], []).append(finding)
    return on_line


def test_every_labelled_behaviour_is_found_on_its_line(
    hunted: tuple[list[dict[str, Any]], dict[int, list[Finding]]],
) -> None:
    lines, on_line = hunted
    named = {n: {b for finding in found for b in finding.behaviours} for n, found in on_line.items()}
    assert {
        (line["n"], behaviour)
        for line in lines
        for behaviour in line["behaviours"]
        if behaviour not in named.get(line["n"], set())
    } == set()


def test_nothing_on_the_other_lines_is_above_low(
    hunted: tuple[list[dict[str, Any]], dict[int, list[Finding]]],
) -> None:
    lines, on_line = hunted
    loud = {
        line["n"]: [finding.title for finding in on_line.get(line["n"], []) if finding.severity > Severity.LOW]
        for line in lines
        if not line["behaviours"]
    }
    assert {n: titles for n, titles in loud.items() if titles} == {}
