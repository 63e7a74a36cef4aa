"""A small case with an intruder, whose evidence is as hostile as evidence can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from seawall.model.case import Case
from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.incident import Incident, Stage, incident_id
from seawall.model.severity import Severity
from seawall.pipeline.cases import case_settings, case_state
from tests.pipeline.hunting import hunt, line

HOSTILE = (
    "<script>alert(1)</script>",
    "\x1b[31mred\x1b]0;title\x07",
    "=cmd|' /C calc'!A1",
    "\u202egpj.exe",
    '" onmouseover="alert(1)',
    "{{7*7}}{% raw %}",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
)
NOT_ON_A_PAGE = ("<script>alert", "\x1b", "\x07", "\u202e", '" onmouseover="', ">49<")
COMMANDS = (
    "username support privilege 15 secret 0 lamplight",
    "username <b>x</b> privilege 15 secret 0 lamplight",
    "interface Tunnel77",
    "tunnel destination 198.51.100.24",
    "no logging host 192.0.2.50",
    "clear logging",
)
AT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)


def lay_out(folder: Path) -> Path:
    """Evidence hunted into a case; returns its folder."""
    evidence = folder / "evidence"
    evidence.mkdir(parents=True)
    (evidence / "edge7.log").write_text("".join(line(n, command) for n, command in enumerate(COMMANDS, 1)))
    (evidence / "edge7.cfg").write_text(
        "! Last configuration change at 22:01:00 UTC Sat Nov 21 2026\nversion 17.3\nhostname edge7\n"
        "enable secret 9 lamplight\nip http server\nline vty 0 4\n transport input telnet\nend\n"
    )
    hunt(folder / "case", [evidence])
    return folder / "case"


def add_hostile(case: Case) -> Incident:
    """Findings and an incident whose every text is hostile, into the state of a case."""
    with case_state(case, case_settings(case)) as state:
        known, event = state.findings(), state.findings()[0].evidence[0].event_id
        found = [_finding(number, text, event) for number, text in enumerate(HOSTILE)]
        state.save_findings(found)
        it = _incident(found)
        state.save_incidents([*state.incidents(), it])
        assert known
    return it


def _finding(number: int, text: str, event: str) -> Finding:
    entities = (
        Entity("account", text, "actor"),
        Entity("device", f"edge{text}", "target"),
        Entity("ip", text, "source"),
    )
    return Finding(
        id=f"{number + 10:032x}",
        detector="chains.hostile",
        title=text,
        severity=Severity.HIGH,
        confidence=70,
        first=AT + timedelta(minutes=number),
        last=AT + timedelta(minutes=number),
        count=1,
        entities=entities,
        why=text,
        subject=text,
        evidence=(Evidence(event, text, text),),
        evidence_total=1,
        details={text: text},
        attack=("T1136.001@18",),
        tags=("behaviour:P-01",),
    )


def _incident(found: list[Finding]) -> Incident:
    every = "; ".join(HOSTILE)
    ids = tuple(one.id for one in found)
    first, last = found[0].first, found[-1].last
    return Incident(
        id=incident_id(ids[0]),
        title=f"Hostile {every}",
        severity=Severity.CRITICAL,
        confidence=90,
        first=first,
        last=last,
        entities=tuple(sorted({e for one in found for e in one.entities}, key=lambda e: (e.type, e.value, e.role))),
        findings=ids,
        stages=(Stage("persistence", first, last, ids),),
        joins=(),
        storyline=tuple(f"2026-11-21 22:{30 + n} UTC edge{text}: {text}" for n, text in enumerate(HOSTILE)),
        grounds=every,
        notes=HOSTILE,
    )


def merged(first: Incident, second: Incident) -> Incident:
    """Two incidents as one, as joining makes them: named after the earliest finding."""
    ids = (*first.findings, *second.findings)
    return replace(first, id=incident_id(ids[0]), findings=ids, title="Two that were one", last=second.last)
