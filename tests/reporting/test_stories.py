"""Incidents on a screen: everything told, nothing hostile shown, and an empty case says so in words."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console, RenderableType

from seawall.incidents import build
from seawall.model.incident import Join
from seawall.reporting.stories import incident_story, incidents_table
from tests.incidents.stories import intrusion, noise
from tests.reporting.hostile import hostile_finding


def shown(what: RenderableType, width: int = 100) -> str:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(what)
    return out.getvalue()


def test_no_incident_is_said_in_words() -> None:
    assert shown(incidents_table([])).startswith("no incident")


def test_the_list_keeps_the_order_given_and_can_be_looked_up_by_its_ids() -> None:
    incidents = build([*intrusion(), *noise()])
    assert len(incidents) > 1
    for order in (incidents, incidents[::-1]):
        lines = shown(incidents_table(order))
        places = [lines.index(incident.id[:8]) for incident in order]
        assert places == sorted(places)


def test_a_story_tells_every_stage_sentence_and_join_and_no_other_incidents_findings() -> None:
    findings = [*intrusion(), *noise()]
    incident = max(build(findings), key=lambda i: len(i.findings))
    told = " ".join(shown(incident_story(incident, findings), 200).split())
    for sentence in incident.storyline:
        assert " ".join(sentence.split()) in told
    assert all(f"{stage.name}: {len(stage.findings)} finding" in told for stage in incident.stages)
    assert told.count(" of 100)") == len(incident.joins)
    strangers = {f.title for f in findings if f.id not in incident.findings}
    assert strangers
    assert not any(title in told for title in strangers)


def test_a_join_with_a_finding_that_is_gone_is_told_by_its_id() -> None:
    (incident, *_) = build(intrusion())
    gone = replace(incident, joins=(Join("f" * 32, incident.findings[0], "both name pe1", 50),))
    assert "ffffffff + " in shown(incident_story(gone, intrusion()))


def test_hostile_names_reach_no_terminal() -> None:
    findings = [hostile_finding(0), hostile_finding(1)]
    for incident in build(findings):
        screen = shown(incidents_table([incident])) + shown(incident_story(incident, findings))
        assert not {c for c in screen if c in "\x1b\x07\x9b\u202e\u2066\u2028\x00\r"}
        assert "[bold red]" in " ".join(screen.split()), "markup is text, not a style"
