"""`ingest --explain` over every sample there is: it runs to the end, and says of each file what it is or why not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from seawall import pipeline
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings
from seawall.sources import discover
from seawall.sources.intake import FileReport
from tests.corpus import corpus_path

# What must be known, by where it stands; the rest may be known or not, but is said.
KNOWN = {
    "network/slips": "Zeek",
    "network/rita": "Zeek",
    "lawful-intercept/etsi-xsd": "Lawful-intercept",
    "device-configs/cisco-ios": "Device configurations",
}


@pytest.fixture(scope="module")
def told() -> list[FileReport]:
    steps = pipeline.explain([corpus_path()], Settings(), SystemClock())
    return [step for step in steps if isinstance(step, FileReport)]


@pytest.mark.corpus
def test_every_stored_file_is_told_of(told: Sequence[FileReport]) -> None:
    stored = {one.origin for one in _originals()}
    said = {report.origin.split("!/")[0] for report in told}
    assert stored - said == set()


@pytest.mark.corpus
def test_what_is_not_read_has_a_reason_and_none_is_our_own_fault(told: Sequence[FileReport]) -> None:
    ours = [
        f"{r.origin}: {r.skipped}"
        for r in told
        if r.skipped.startswith(("an error of our own", "the process reading it", "its process ended"))
    ]
    assert ours == []
    assert [r.origin for r in told if not r.format and not r.skipped] == []


@pytest.mark.corpus
@pytest.mark.parametrize(("folder", "title"), KNOWN.items())
def test_the_formats_of_known_folders_are_named(told: Sequence[FileReport], folder: str, title: str) -> None:
    there = [report for report in told if report.origin.startswith(folder + "/")]
    if not there:
        pytest.skip(f"SEAWALL_CORPUS holds no {folder}")
    assert any(report.format.startswith(title) for report in there)


@pytest.mark.corpus
def test_a_capture_is_read_as_flows_and_questions_and_never_taken_for_a_log(told: Sequence[FileReport]) -> None:
    captures = [r for r in told if r.origin.endswith((".pcap", ".pcapng")) and r.events]
    assert captures
    assert {kind for report in captures for kind, _ in report.kinds} <= {
        "flow_records",
        "flow_counts",
        "dns_queries",
    }


def _originals() -> list[discover.Original]:
    found: list[discover.Original] = []
    for _ in discover.find([corpus_path()], heads_only=True, before=found.append):
        pass
    return found
