"""Every page over a case whose evidence is hostile: nothing of it runs, and nothing is done twice."""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from seawall.console.pages import routers
from seawall.model.case import open_case
from seawall.state import casework
from tests.console import cases
from tests.console.browser import Browser, World, open_world
from tests.response.world import Watch

PEOPLE = {
    "ana": ("analyst", "responder", "trainer"),
    "omar": ("intercept-officer",),
    "vic": ("viewer",),
    "adam": ("admin",),
}
PATHS = sorted(
    {r.path for router in routers() for r in router.routes if isinstance(r, APIRoute) and "GET" in (r.methods or ())}
)


@pytest.fixture(scope="module")
def hunted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cases.lay_out(tmp_path_factory.mktemp("console"))


@pytest.fixture
def world(hunted: Path, tmp_path: Path) -> Iterator[World]:
    shutil.copytree(hunted, tmp_path / "case", dirs_exist_ok=True)
    cases.add_hostile(open_case(tmp_path / "case", Watch()))
    with asyncio.Runner() as loop:
        made = open_world(tmp_path / "case", loop=loop)
        for name, roles in PEOPLE.items():
            made.add(name, *roles)
        yield made
        if hasattr(made.app.state, "reading"):
            made.app.state.reading.close()
        made.desk.close()


def addresses(world: World, who: Browser) -> list[str]:
    """Every page there is, and each that opens with something of the case."""
    incidents = world.desk.state.incidents()
    finding = world.desk.state.findings()[0]
    names = {
        "/incidents/{name}": [one.id for one in incidents],
        "/incidents/{name}/{tab}": [
            f"{one.id}/{tab}"
            for one in incidents
            for tab in ("findings", "graph", "lines", "assess", "duties", "notes")
        ],
        "/findings/{name}": [one.id for one in world.desk.state.findings()],
        "/events/{event_id}": [finding.evidence[0].event_id],
        "/devices/{name:path}": [
            "edge7",
            "edge7?tab=configuration",
            "edge7?tab=checks",
            "edge7?tab=coverage",
            "edge%3Cscript%3Ealert(1)%3C/script%3E",
        ],
        "/rules/{name}": [finding.detector],
        "/ledger/{number}": ["0"],
    }  # fmt: skip
    found = [
        "/findings?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/hunt?q=SELECT+*+FROM+syslog",
        "/hunt?q=%3Cscript%3Ealert",
    ]
    for path in PATHS:
        base = path.partition("{")[0]
        found += [base + value for value in names.get(path, ())] if "{" in path else [path]
    return [one for one in found if one != "/live"]


def test_nothing_hostile_runs_on_any_page_and_every_page_opens(world: World) -> None:
    ana, omar, adam = world.browser("ana"), world.browser("omar"), world.browser("adam")
    assert ana.post("/training").status_code == 303  # a practice begun: without one its page leads back
    for _ in range(2):  # the second time with what was worked out aside
        for address in addresses(world, ana):
            answer = {"oversight": omar, "users": adam}.get(address[1:].partition("?")[0], ana).get(address)
            bad = 422 if "hunt?q=%3C" in address else 200
            assert answer.status_code == bad, f"{address}: {answer.status_code} {answer.text[:400]}"
            for text in cases.NOT_ON_A_PAGE:
                assert text not in answer.text, f"{text!r} on {address}"
            assert answer.text.count("<script") == 1, f"one script, ours: {address}"
            assert "style=" not in answer.text.replace("data-style", ""), f"the policy forbids it: {address}"
        reading = world.app.state.reading
        for working in list(reading._slow.values()):
            working.doing.result(60)


def test_exports_hold_nothing_a_spreadsheet_or_a_terminal_would_run(world: World) -> None:
    ana = world.browser("ana")
    sql = "SELECT '=1+1' AS \"=bad\", chr(27) || '[31m' AS esc, '@x' AS at, -2.5 AS number, ' =2' AS blank"
    exports = ["/incidents", "/findings", "/devices", "/coverage", "/rules", "/ledger", "/responses", "/drills"]
    for address in (*exports, "/hunt"):
        ana.get(address)
        if hasattr(world.app.state, "reading"):
            for working in list(world.app.state.reading._slow.values()):
                working.doing.result(60)
        answer = ana.get(address, params={"export": "csv", **({"q": sql} if address == "/hunt" else {})})
        assert answer.headers["content-type"].startswith("text/csv"), address
        assert "attachment" in answer.headers["content-disposition"]
        for row in csv.reader(io.StringIO(answer.text)):
            for cell in row:
                assert "\x1b" not in cell
                assert "\u202e" not in cell
                runs = cell.strip().startswith(("=", "+", "@", "-"))
                assert not runs or cell == "-2.5", f"{cell!r} in {address}"


def test_the_guard_over_lawful_intercept_is_seen_by_its_officer_alone_and_each_look_is_in_the_ledger(
    world: World,
) -> None:
    ana, omar = world.browser("ana"), world.browser("omar")
    assert ana.get("/oversight").status_code == 403
    assert "/oversight" not in ana.get("/").text
    before = len(world.desk.ledger.find("viewer", "omar"))
    assert omar.get("/oversight").status_code == 200
    assert len(world.desk.ledger.find("viewer", "omar")) == before + 1


def test_a_viewer_reads_stories_but_no_raw_line(world: World) -> None:
    vic = world.browser("vic")
    it = world.desk.state.incidents()[0]
    assert vic.get(f"/incidents/{it.id}").status_code == 200
    assert vic.get(f"/incidents/{it.id}/lines").status_code == 403
    event = world.desk.state.findings()[0].evidence[0].event_id
    assert vic.get(f"/events/{event}").status_code == 403
    assert vic.post(f"/incidents/{it.id}/note", {"text": "x"}).status_code == 403


def test_a_note_is_written_once_however_often_its_form_is_sent(world: World) -> None:
    ana = world.browser("ana")
    it = world.desk.state.incidents()[0]
    for _ in range(3):  # a double click, then the back button
        answer = ana.post(f"/incidents/{it.id}/note", {"text": "called the NOC\n<b>twice</b>", "once": "m1"})
        assert answer.status_code == 303
    page = ana.get(f"/incidents/{it.id}/notes").text
    assert page.count("called the NOC<br>&lt;b&gt;twice") == 1
    assert ana.post(f"/incidents/{it.id}/note", {"text": "  ", "once": "m2"}).status_code == 422
    ana.post(f"/incidents/{it.id}/assign", {"text": "ana", "once": "m3"})
    assert "in work" in ana.get("/incidents").text
    assert ana.post(f"/incidents/{it.id}/assign", {"text": "nobody.here", "once": "m4"}).status_code == 422
    assert ana.post(f"/incidents/{it.id}/state", {"text": "lost", "once": "m5"}).status_code == 422


def test_an_incident_merged_while_it_is_read_leads_to_the_one_that_holds_it_and_notes_follow(world: World) -> None:
    ana = world.browser("ana")
    one, other = sorted(world.desk.state.incidents(), key=lambda it: it.first)[:2]
    ana.post(f"/incidents/{other.id}/note", {"text": "seen on the bastion", "once": "a"})
    whole = cases.merged(one, other)
    world.desk.state.save_incidents([whole])
    world.app.state.reading.forget()
    answer = ana.get(f"/incidents/{other.id}/notes")
    assert answer.headers["location"] == f"/incidents/{whole.id}/notes?was={other.id}"
    page = ana.get(answer.headers["location"]).text
    assert "Merged." in page
    assert "seen on the bastion" in page
    late = ana.post(f"/incidents/{other.id}/note", {"text": "still writing", "once": "b"})
    assert whole.id in late.headers["location"]
    assert casework.standings(world.desk.state, {whole.id: whole.id})[whole.id].notes[-1].text == "still writing"


def test_an_answer_of_a_hundred_thousand_rows_comes_a_page_at_a_time(world: World) -> None:
    ana = world.browser("ana")
    answer = ana.get("/hunt", params={"q": "SELECT * FROM range(150000)", "page": "1000"})
    assert answer.status_code == 200
    assert "99,999" in answer.text or "99999" in answer.text
    assert len(answer.text) < 200_000
    assert ana.get("/findings?page=99999").status_code == 200


def test_a_query_reads_the_lake_and_nothing_else(world: World) -> None:
    ana = world.browser("ana")
    for sql in (
        "DROP TABLE syslog",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT 1; SELECT 2",
        "COPY syslog TO 'x'",
    ):
        answer = ana.get("/hunt", params={"q": sql})
        assert answer.status_code == 422
        assert "Not answered" in answer.text


def test_a_kept_question_is_asked_again_by_all_and_forgotten_by_its_keeper_alone(world: World) -> None:
    ana = world.browser("ana")
    ana.post("/hunt/saved", {"name": "<i>mine</i>", "sql": "SELECT 1 AS one", "once": "s"})
    kept = casework.searches(world.desk.state)
    assert [one.name for one in kept] == ["<i>mine</i>"]
    assert "&lt;i&gt;mine" in ana.get("/hunt").text
    casework.forget_search(world.desk.state, kept[0].id, "vic")
    assert casework.searches(world.desk.state)
    ana.post(f"/hunt/saved/{kept[0].id}/forget")
    assert not casework.searches(world.desk.state)
