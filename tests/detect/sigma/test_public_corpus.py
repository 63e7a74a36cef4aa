"""The public rules, their regression cases, and the counts of another engine, from the third-party samples."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.detect.rules import RuleSet
from tests.corpus import corpus_path
from tools import sigma_evidence

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def corpus() -> Path:
    return corpus_path("sigma").parent


@pytest.fixture(scope="module")
def filled(corpus: Path) -> RuleSet:
    return sigma_evidence.filled_rules(corpus)


def test_every_active_public_rule_compiles_once_its_lists_are_given(filled: RuleSet) -> None:
    assert sigma_evidence.active(filled) == 3_780
    assert filled.broken == ()


def test_without_lists_each_rule_that_wants_one_is_named(corpus: Path) -> None:
    broken = sigma_evidence.public_rules(corpus).broken
    assert len(broken) == 25
    assert all("no list of that name" in e.what and (e.where or "").rpartition(":")[2].isdigit() for e in broken)


def test_every_regression_case_fires(corpus: Path, filled: RuleSet, tmp_path: Path) -> None:
    samples = sigma_evidence.unpack(corpus, "sigmahq-regression.tar.xz", tmp_path / "samples")
    lake = sigma_evidence.lake_of(tmp_path / "lake", samples)
    cases = sigma_evidence.regressed(lake, filled, sigma_evidence.cases_in(samples))
    assert len(cases) == 202
    assert [case.rule for case in cases if not case.found] == []
    assert [case.rule for case in cases if case.stated is not None and case.found < case.stated] == []


@pytest.mark.soak
def test_every_difference_to_the_reference_is_explained(corpus: Path) -> None:
    found = sigma_evidence.answers(corpus)
    assert [one.rule.about.id for one in found.different if sigma_evidence.UNEXPLAINED in one.reasons] == []
