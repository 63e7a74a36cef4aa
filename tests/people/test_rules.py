from __future__ import annotations

import pytest

from seawall.errors import InputError
from seawall.people.rules import Rule, built_in, rule_for


def test_by_default_two_others_must_sign() -> None:
    rule = rule_for("block", {})
    assert (rule.approvers, rule.requester_may_approve) == (2, False)


def test_seeing_an_identifier_needs_the_role() -> None:
    assert rule_for("vault.show", {}).roles == ("intercept-officer",)


def test_a_case_may_say_otherwise() -> None:
    assert rule_for("vault.show", {"vault.show": Rule(2)}).approvers == 2
    assert rule_for("block", {"default": Rule(3)}).approvers == 3


@pytest.mark.parametrize("rule", [Rule(0), Rule(-1), Rule(10), Rule(longest_h=0)])
def test_a_rule_that_asks_for_nobody_is_refused(rule: Rule) -> None:
    with pytest.raises(InputError):
        rule_for("block", {"block": rule})


def test_every_rule_says_what_it_means() -> None:
    assert all(rule.meaning for rule in built_in().values())
