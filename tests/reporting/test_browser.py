"""The report in a real browser: readable without a network, in print, and inert."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from seawall.reporting.html import write_page, write_report
from seawall.reporting.incident_html import render_incident
from tests.parts import program
from tests.reporting.hostile import hostile_case
from tests.reporting.test_incident_html import page

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",  # whatever the page asked for would fail, and be logged
    "--enable-logging=stderr",
)


def browse(page: Path, profile: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [program("chromium"), *QUIET, f"--user-data-dir={profile}", *arguments, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    write_report(path, case=hostile_case())
    return path


@pytest.mark.part("chromium")
def test_a_browser_shows_hostile_evidence_as_text_and_asks_for_nothing(report: Path, tmp_path: Path) -> None:
    done = browse(report, tmp_path / "profile", "--dump-dom")
    assert done.returncode == 0
    assert "<script" not in done.stdout
    assert "<img" not in done.stdout
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert complaints == [], "the page broke its own policy, or tried to fetch something"


@pytest.mark.part("chromium")
def test_the_report_prints_with_its_words_on_paper(report: Path, tmp_path: Path) -> None:
    pdf = tmp_path / "report.pdf"
    done = browse(report, tmp_path / "profile", f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    assert done.returncode == 0
    words = subprocess.run([program("pdftotext"), "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    for heading in ("What we could not see", "What to do now"):
        assert heading in words.stdout


@pytest.mark.part("chromium")
def test_an_incident_prints_with_counsels_marking_on_every_sheet(tmp_path: Path) -> None:
    path, pdf = tmp_path / "incident.html", tmp_path / "incident.pdf"
    write_page(path, render_incident(page(privilege="Privileged & confidential")))
    done = browse(path, tmp_path / "profile", f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    words = subprocess.run([program("pdftotext"), "-layout", pdf, "-"], capture_output=True, text=True, check=True)
    sheets = words.stdout.removesuffix("\f").split("\f")
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, start=1):
        assert "PRIVILEGED & CONFIDENTIAL" in sheet
        assert f"page {number}" in sheet
