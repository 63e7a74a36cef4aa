"""Asked in steps, a lake gives what it gives asked at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pyarrow as pa
import pytest

from seawall import detect
from seawall.detect.remembering import Remembering, Spared
from seawall.detect.rules import RuleSet, load
from seawall.engine.lake import Lake
from seawall.model.clock import FixedClock
from seawall.model.finding import Finding
from seawall.model.site import Device, Site

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
START: Final = datetime(2026, 11, 20, tzinfo=UTC)
RULE: Final = """
title: {word}
id: {id}
status: stable
logsource: {{category: {source}}}
detection:
  sel: {{{field}|contains: '{word}'}}
  condition: sel
level: high
"""
DOORS: Final = """
title: doors tried
id: 11111111-1111-4111-8111-111111111111
correlation:
  type: event_count
  rules: [22222222-2222-4222-8222-222222222222]
  group-by: [src_ip]
  timespan: 1h
  condition: {gte: 3}
level: high
"""


def rules(folder: Path, *words: str, doors: bool = False) -> RuleSet:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for number, word in enumerate(words):
        text = RULE.format(
            word=word, id=f"{number:08d}-0000-4000-8000-{len(word):012d}", source="webserver", field="uri"
        )
        (folder / f"{word}.yml").write_text(text)
    if doors:
        text = RULE.format(word="door", id="22222222-2222-4222-8222-222222222222", source="webserver", field="uri")
        (folder / "doors.yml").write_text(text + "---" + DOORS)
    made = load([folder], builtin=False)
    assert not made.broken
    return made


def requests(first: int, *uris: str) -> pa.Table:
    """Requests a minute apart, from `first` minutes after the start."""
    rows = [
        {
            "event_id": (first + at).to_bytes(16, "big"),
            "time": START + timedelta(minutes=first + at),
            "origin": f"access.log:{first + at}",
            "device": "www1",
            "src_ip": "192.0.2.7",
            "uri": uri,
            "raw": f"GET {uri}",
        }
        for at, uri in enumerate(uris)
    ]
    moment = pa.timestamp("us", tz="UTC")
    texts = [pa.field(name, pa.string()) for name in ("origin", "device", "src_ip", "uri", "raw")]
    return pa.Table.from_pylist(rows, pa.schema([("event_id", pa.binary(16)), ("time", moment), *texts]))


class Case:
    """A lake, and what is remembered of it."""

    def __init__(self, folder: Path) -> None:
        self.lake = Lake(folder / "lake", clock=FixedClock(NOW))
        self.folder = folder / "asked"
        self.told: list[Spared] = []

    def add(self, *tables: pa.Table) -> None:
        for table in tables:
            with self.lake.writer() as writer:
                writer.add("web", table)
                writer.commit()

    def hunt(
        self,
        ruleset: RuleSet,
        site: Site = Site(),  # noqa: B008 - immutable
        listed: pa.Table | None = None,
        again: bool = False,
    ) -> list[Finding]:
        """Asked with what is remembered, and held to what asking everything says."""
        lake = Remembering(self.lake, self.folder, again=again)
        found = list(detect.run(lake, ruleset, site=site, indicators=listed))
        self.told = lake.news()
        assert found == list(detect.run(self.lake, ruleset, site=site, indicators=listed))
        return found

    def of(self, view: str = "web", asking: str = "rules") -> Spared:
        return next(told for told in self.told if (told.view, told.asking) == (view, asking))


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(detect.analytics, "ALL", ())  # asked as ever, and most of the time a hunt takes
    made = Case(tmp_path)
    made.add(requests(0, "/door1", "/door2", "/x"), requests(10, "/evil", "/shell"))
    return made


def test_a_known_rule_is_asked_only_of_new_parts_and_old_matches_still_make_the_finding(
    case: Case, tmp_path: Path
) -> None:
    ruleset = rules(tmp_path / "rules", "evil", doors=True)
    (view,) = {variant.route.view for rule in ruleset.rules for variant in rule.variants}
    assert [f.count for f in case.hunt(ruleset)] == [1], "two doors are no burst"
    assert case.of(view).why == "never asked before"
    case.add(requests(20, "/door3", "/evil"))
    found = {f.title: f for f in case.hunt(ruleset)}
    assert found["evil"].count == 2, "one match was kept, one is new, and an hour joins them"
    assert "doors tried" in found, "a correlation counts what was kept and what is new"
    assert (case.of(view).known, case.of(view).new_parts, case.of(view).parts) == (2, 1, 2)
    assert case.hunt(ruleset)
    assert (case.of(view).new_parts, case.of(view).parts) == (0, 3)


def test_a_new_rule_finds_old_events_and_a_rule_taken_away_finds_none(case: Case, tmp_path: Path) -> None:
    case.hunt(rules(tmp_path / "rules", "evil"))
    assert {f.title for f in case.hunt(rules(tmp_path / "rules", "evil", "shell"))} == {"evil", "shell"}
    told = next(told for told in case.told if told.known)
    assert (told.known, told.asked) == (1, 1)
    assert {f.title for f in case.hunt(rules(tmp_path / "rules", "shell"))} == {"shell"}
    assert {f.title for f in case.hunt(rules(tmp_path / "rules", "evil", "shell"))} == {"evil", "shell"}


def test_parts_that_were_merged_or_cut_neither_lose_nor_repeat_a_match(case: Case, tmp_path: Path) -> None:
    ruleset = rules(tmp_path / "rules", "evil", "shell", "door", doors=False)
    everything = case.hunt(ruleset)
    case.lake.compact()
    assert case.hunt(ruleset) == everything
    case.lake.retain(START + timedelta(minutes=2), legal_hold=False)
    assert {f.title for f in case.hunt(ruleset)} == {"evil", "shell"}
    case.lake.retain(NOW, legal_hold=True)
    case.add(requests(0, "/door1", "/door2"))
    assert case.hunt(ruleset) == everything


def test_another_site_and_being_told_to_ask_everything_again(case: Case, tmp_path: Path) -> None:
    ruleset = rules(tmp_path / "rules", "evil")
    case.hunt(ruleset)
    case.hunt(ruleset, Site(devices=(Device("web.example.net", aliases=("www1",)),)))
    assert "site file" in next(t for t in case.told if t.asking == "rules").why
    case.hunt(ruleset, again=True)
    assert {told.known for told in case.told} == {0}


def test_a_new_indicator_is_asked_of_everything_and_a_known_one_of_new_parts(case: Case, tmp_path: Path) -> None:
    def listed(*values: str) -> pa.Table:
        return pa.Table.from_pylist(
            [{"type": "ip", "value": v, "confidence": "high", "source": "list"} for v in values]
        )

    ruleset = rules(tmp_path / "rules", "none")
    assert case.hunt(ruleset, listed=listed("198.51.100.1")) == []
    assert case.hunt(ruleset, listed=listed("198.51.100.1", "192.0.2.7"))
    assert {(told.known, told.asked) for told in case.told if told.asking == "indicators"} >= {(1, 1)}
    case.add(requests(40, "/x"))
    assert case.hunt(ruleset, listed=listed("192.0.2.7"))[0].count == 6
    assert case.hunt(ruleset, listed=listed("198.51.100.1")) == []


def test_what_was_kept_and_is_damaged_is_asked_again(case: Case, tmp_path: Path) -> None:
    ruleset = rules(tmp_path / "rules", "evil")
    everything = case.hunt(ruleset)
    for path in case.folder.iterdir():
        path.write_bytes(path.read_bytes()[:-7])
    assert case.hunt(ruleset) == everything
    assert "cannot be read" in {told.why for told in case.told}.pop()
