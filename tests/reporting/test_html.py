"""The report: complete, self-contained, and unmoved by hostile text."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.reporting import html
from seawall.reporting.html import beat_of, render_report, write_report
from seawall.reporting.text import CLOSE, OPEN
from seawall.reporting.view import CaseView
from tests.incidents.stories import at, device, finding
from tests.reporting.cases import case
from tests.reporting.hostile import hostile_case

VOID = {"meta", "br", "link", "img", "hr", "input"}
SHAPES = {"rect", "line", "circle", "path", "polyline"}


class Page(HTMLParser):
    """Every tag and attribute of a page, and whether its tags nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in SHAPES
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(params=[case, hostile_case], ids=["honest", "hostile"])
def view(request: pytest.FixtureRequest) -> CaseView:
    build: Callable[[], CaseView] = request.param
    return build()


def test_tags_nest_and_ids_are_unique(view: CaseView) -> None:
    page = Page(render_report(view))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))


def test_nothing_is_fetched_and_nothing_runs(view: CaseView) -> None:
    text = render_report(view)
    page = Page(text)
    assert not set(page.tags) & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"}
    assert all(value.startswith("#") for _, name, value in page.attributes if name in ("href", "src", "xlink:href"))
    assert not [name for _, name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert "url(" not in text[: text.index("</style>")]
    assert "@import" not in text[: text.index("</style>")]


def test_the_content_policy_names_the_style_sheet_and_nothing_else() -> None:
    page = Page(render_report(case()))
    policy = next(value for tag, name, value in page.attributes if tag == "meta" and "default-src" in value)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'", policy
    )


def test_nothing_invisible_reaches_the_page() -> None:
    text = render_report(hostile_case())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text)
    text.encode("utf-8")  # no lone surrogate either
    assert f"{OPEN}ESC{CLOSE}[2J" in text
    assert f"{OPEN}U+202E{CLOSE}exe.fdp" in text


def test_hostile_text_is_shown_as_it_is_written() -> None:
    page = Page(render_report(hostile_case()))
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}{% raw %}" in page.text


def test_the_answer_comes_before_what_could_not_be_seen_and_that_before_the_incidents() -> None:
    text = Page(render_report(case())).text
    places = [
        text.index(part) for part in ("2 incidents: 1 critical and 1 medium.", "What we could not see", "Incidents")
    ]
    assert places == sorted(places)


def test_every_finding_stands_in_the_report_with_its_raw_lines() -> None:
    view = case()
    text = Page(render_report(view)).text
    for found in view.findings:
        if found in view.loose:
            continue
        for line in found.evidence[: html.MAX_LINES]:
            assert line.origin in text
            assert " ".join(line.excerpt.split()) in " ".join(text.split())


def test_a_long_case_is_cut_and_says_so() -> None:
    many = [
        finding(at("00:00:00", day=n), "P-01", device(f"pe{n}"), lines=[(f"a.log:{n}.{k}", "x") for k in range(9)])
        for n in range(60)
    ]
    text = Page(render_report(case(many))).text
    assert "… and 5 more lines" in text
    assert "Further incidents" in text


def test_without_incidents_the_report_does_not_claim_safety() -> None:
    text = Page(render_report(case([]))).text
    assert "No incident was found." in text
    assert "not proof that nothing happened" in text


def test_without_coverage_silence_is_said_to_mean_nothing() -> None:
    assert "silence means nothing here" in Page(render_report(case(coverage=[]))).text


def test_the_same_case_gives_the_same_bytes() -> None:
    assert render_report(case()) == render_report(case())


def test_a_report_is_written_whole_and_readable_by_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(path, case=case())
    assert path.read_text(encoding="utf-8") == render_report(case())
    assert stat.S_IMODE(os.stat(path).st_mode) & 0o600 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_that_cannot_be_written_says_where_and_how_to_mend_it(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_report(tmp_path / "missing" / "report.html", case=case())
    assert caught.value.where == str(tmp_path / "missing" / "report.html")
    assert caught.value.mend


def test_a_sentence_is_taken_apart_into_time_place_and_text() -> None:
    beat = beat_of("2026-11-21 22:01 UTC edge7: an account: eve, was created (P-01).")
    assert (beat.day, beat.time, beat.place) == ("2026-11-21", "22:01", "edge7")
    assert beat.text == "an account: eve, was created (P-01)."
    assert beat_of("How sure: 9 of 100.").kind == "remark"


def test_an_exercise_is_said_at_the_top() -> None:
    assert "This is an exercise: session spring" in Page(render_report(replace(case(), exercise="spring"))).text
