"""Every built-in rule brings its own proof: samples it must match, and look-alikes it must let pass."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from seawall.detect import rules, vocabulary
from seawall.detect.runner import asked_of
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.rule import Rule
from seawall.engine.views import BY_NAME as VIEWS
from seawall.model.events import BY_NAME as KINDS
from tests.detect.events import table

RULESET = rules.load()
RULES = sorted(RULESET.rules, key=lambda rule: rule.origin)


@dataclass(frozen=True)
class Sample:
    """One line of a `.samples.jsonl` file."""

    rule: Rule
    match: bool
    why: str
    event: dict[str, Any]
    view: str | None  # which of the rule's views; needed only if it reads several


def samples_path(rule: Rule) -> Path:
    return rules.BUILTIN / Path(rule.origin).with_suffix(".samples.jsonl")


def samples_of(rule: Rule) -> list[Sample]:
    lines = samples_path(rule).read_text(encoding="utf-8").splitlines()
    raw = [json.loads(line) for line in lines if line.strip()]
    return [Sample(rule, s["match"], s["why"], s["event"], s.get("view")) for s in raw]


SAMPLES = [sample for rule in RULES for sample in samples_of(rule)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: f"{Path(s.rule.origin).stem}: {s.why}")
def test_a_sample_is_judged_as_it_says(sample: Sample) -> None:
    asked = [a for a in asked_of([sample.rule]) if sample.view in (None, a.view)]
    assert asked, f"the rule does not read {sample.view}"
    hits = sum(match(table(a.view, [sample.event]).to_batches()[0], a.plan).num_rows for a in asked)
    assert bool(hits) is sample.match


def test_no_built_in_rule_is_broken_or_set_aside() -> None:
    assert [str(error) for error in RULESET.broken] == []
    assert [aside.origin for aside in RULESET.asides] == []
    assert [rule.origin for rule in RULESET.not_applicable] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: Path(rule.origin).stem)
def test_a_rule_has_two_samples_that_match_and_three_that_do_not(rule: Rule) -> None:
    verdicts = [sample.match for sample in samples_of(rule)]
    assert verdicts.count(True) >= 2, "write what it must catch"
    assert verdicts.count(False) >= 3, "write what it must let pass"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: Path(rule.origin).stem)
def test_sample_reasons_are_told_once(rule: Rule) -> None:
    whys = [sample.why for sample in samples_of(rule)]
    assert len(whys) == len(set(whys))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: Path(rule.origin).stem)
def test_tags_are_words_we_know(rule: Rule) -> None:
    behaviours = rule.about.behaviours
    assert behaviours, "tag it with behaviour.x-nn"
    assert set(behaviours) <= set(vocabulary.behaviours())
    assert rule.about.attack, "tag it with attack.tnnnn"
    for technique in rule.about.attack:
        name, _, version = technique.partition("@")
        assert name in vocabulary.techniques()
        assert version == vocabulary.techniques()[name].version


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: Path(rule.origin).stem)
def test_a_rule_reads_only_columns_its_view_has(rule: Rule) -> None:
    for variant in rule.variants:
        view = variant.route.view
        if view in VIEWS:
            assert variant.fields <= {column.name for column in VIEWS[view].columns}
        elif not KINDS[view].open_ended:
            assert variant.fields <= {column.name for column in KINDS[view].all_columns}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: Path(rule.origin).stem)
def test_a_rule_says_what_an_analyst_needs(rule: Rule) -> None:
    assert rule.meta.description
    assert rule.meta.references, "name where the behaviour was published"
    assert rule.meta.falsepositives, "say who else does this"
    assert rule.meta.author
    assert re.fullmatch(r"[a-z0-9_]+", Path(rule.origin).stem)


def test_every_samples_file_belongs_to_a_rule() -> None:
    on_disk = set(rules.BUILTIN.rglob("*.samples.jsonl"))
    assert on_disk == {samples_path(rule) for rule in RULES}


def test_titles_are_given_once() -> None:
    titles = [rule.about.title.lower() for rule in RULES]
    assert len(titles) == len(set(titles))
