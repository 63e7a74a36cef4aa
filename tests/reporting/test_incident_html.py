"""The report of one incident: complete, self-contained, marked on every sheet, and unmoved by hostile text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest

from seawall.incidents import build
from seawall.model.entities import Entity
from seawall.model.site import Site
from seawall.reporting.duties.board import board
from seawall.reporting.duties.load import load
from seawall.reporting.duties.statements import Statement
from seawall.reporting.incident_html import Exhibit, IncidentPage, Proven, pictures, render_incident
from tests.incidents.stories import intrusion
from tests.reporting.test_html import Page

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STORY = sorted(intrusion(), key=lambda finding: (finding.first, finding.id))
MARKING = 'Privileged "and" confidential </style><script>alert(1)</script> \\'
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[2J"


def page(**more: Any) -> IncidentPage:
    incident = max(build(STORY), key=lambda one: len(one.findings))
    stated = [Statement(incident.id, "start", "aware", NOW, "C. Ray", reason="seen", index=4711)]
    whole = IncidentPage(
        incident=incident,
        findings=[finding for finding in STORY if finding.id in incident.findings],
        site=Site(name="Example"),
        made=NOW,
        case="Example",
        rows=board(load(), stated, NOW),
        statements=stated,
        exhibits=[Exhibit("syslog/edge7.log", "ab" * 32, (1, 2), 17)],
        proofs=[Proven(1, STORY[0].id, "cd" * 32, 18, "ef" * 32), Proven(2, STORY[1].id, "12" * 32, None, "")],
        checkpoint="seawall/x\n19\nroot\n\n— seawall/x sig\n",
    )
    return replace(whole, **more)


def hostile() -> IncidentPage:
    entities = (Entity("device", EVIL, "target"), Entity("account", EVIL, "actor"))
    findings = [replace(one, title=EVIL, why=EVIL, entities=entities) for one in STORY]
    one = page()
    return replace(
        one,
        incident=replace(one.incident, title=EVIL, storyline=(EVIL,)),
        findings=findings,
        case=EVIL,
        privilege=MARKING,
        exhibits=[Exhibit(EVIL, "", (1,), None)],
        statements=[Statement(one.incident.id, "start", "aware", NOW, EVIL, reason=EVIL)],
    )


def test_it_says_what_happened_who_must_be_told_and_how_to_check_it() -> None:
    text = Page(render_incident(page())).text
    for words in ("What happened", "Who went where", "Who must be told", "NIS2 early warning", "4711", "C. Ray"):
        assert words in text
    for words in ("ab" * 32, "cd" * 32, "ef" * 32, "the ledger does not hold it", "No witness has signed"):
        assert words in text


@pytest.mark.parametrize("made", [page, hostile], ids=["honest", "hostile"])
def test_it_fetches_nothing_runs_nothing_and_nests(made: Any) -> None:
    html = render_incident(made())
    read = Page(html)
    assert read.open == []
    assert not {"script", "img", "iframe", "link", "object"} & set(read.tags)
    assert not [a for a in read.attributes if a[1] in ("src", "style") or a[1].startswith("on")]
    assert all(value.startswith("#") for _, name, value in read.attributes if name == "href")
    assert len(read.ids) == len(set(read.ids))
    assert "\x1b" not in html
    assert "\u202e" not in html
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"sha256-{digest}" in html
    assert "http" not in style
    assert "url(" not in style


def test_counsels_marking_stands_on_every_sheet_and_cannot_leave_its_string() -> None:
    html = render_incident(page(privilege=MARKING))
    (above,) = re.findall(r'@top-center \{ content: "([^"]*)"', html)
    read = re.sub(r"\\([0-9a-f]+) ", lambda found: chr(int(found[1], 16)), above)
    assert read == MARKING.upper()
    assert 'content: ""' in render_incident(page())
    assert html.count("Privileged &#34;and&#34; confidential") >= 2


def test_an_exercise_says_so_first() -> None:
    text = Page(render_incident(page(exercise="s-1", rows=()))).text
    assert "This is an exercise: session s-1" in text
    assert "Who must be told" not in text


@pytest.mark.parametrize("made", [page, hostile], ids=["honest", "hostile"])
def test_pictures_are_svg_files_that_stand_alone(made: Any) -> None:
    drawn = pictures(made())
    assert set(drawn) == {"timeline.svg", "graph.svg"}
    for text in drawn.values():
        root = ElementTree.fromstring(text)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "image", "foreignObject", "use", "a"}
        assert "href" not in text
