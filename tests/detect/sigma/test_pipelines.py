"""pySigma pipelines of the analyst's: fields renamed, placeholders filled, nothing outside touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.detect.rules import RuleSet, load
from seawall.detect.sigma import pipelines
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.plan import fields_of
from seawall.errors import InputError

RULE = """\
title: Something
name: something
logsource: {product: network, category: authentication}
detection:
  s: {who: root, addr|cidr: 192.0.2.0/24}
  condition: s
"""
COUNT = (
    "title: c\ncorrelation: {type: event_count, rules: something, group-by: who, timespan: 1m, condition: {gte: 2}}\n"
)
MAPPING = "name: ours\ntransformations:\n- {id: f, type: field_name_mapping, mapping: {who: user, addr: src_ip}}\n"


def loaded(tmp_path: Path, rule: str, *texts: str) -> RuleSet:
    (tmp_path / "r.yml").write_text(rule)
    return load([tmp_path], builtin=False, options=Options(pipelines=tuple((f"{n}", t) for n, t in enumerate(texts))))


def test_fields_are_renamed_in_rules_and_in_what_correlations_group_by(tmp_path: Path) -> None:
    rules = loaded(tmp_path, f"{RULE}---\n{COUNT}", MAPPING)
    assert rules.broken == ()
    (variant,) = rules.rules[0].variants
    assert fields_of(variant.condition) == {"user", "src_ip"}
    assert rules.correlations[0].columns(0, variant) == (("user",), ())


def test_a_log_source_can_be_changed_to_one_of_ours(tmp_path: Path) -> None:
    change = (
        "name: p\ntransformations:\n- id: c\n  type: change_logsource\n  product: network\n  category: authentication\n"
    )
    foreign = RULE.replace("product: network, category: authentication", "product: some-cloud")
    assert loaded(tmp_path, foreign).rules == ()
    assert [v.route.view for v in loaded(tmp_path, foreign, change).rules[0].variants] == ["logins"]


def test_pipelines_apply_in_the_order_given(tmp_path: Path) -> None:
    second = "name: q\ntransformations:\n- {id: g, type: field_name_mapping, mapping: {user: device}}\n"
    (variant,) = loaded(tmp_path, RULE, MAPPING, second).rules[0].variants
    assert "device" in fields_of(variant.condition)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("- a", id="a list"),
        pytest.param("name: [", id="no YAML"),
        pytest.param("name: x\ntransformations:\n- {id: a, type: no_such}\n", id="unknown transformation"),
        pytest.param(
            "name: x\ntransformations:\n- {id: a, type: command_placeholders, command: 'id'}\n", id="runs a command"
        ),
    ],
)
def test_what_is_no_pipeline_or_reaches_outside_is_refused(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYSIGMA_ALLOW_EXTERNAL_SOURCES", "1")
    with pytest.raises(InputError) as caught:
        loaded(tmp_path, RULE, text)
    assert caught.value.where == "0"


def test_every_transformation_that_reaches_outside_is_known() -> None:
    assert len(pipelines._OUTSIDE) >= 3
