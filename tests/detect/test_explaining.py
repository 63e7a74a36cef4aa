"""A hit names the patterns that spoke for it, with the event's own values; nothing that did not."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from seawall.detect.explaining import Reason, reasons
from seawall.detect.rules import load
from seawall.detect.sigma.rule import Rule
from tests.detect.events import table

RULE = """\
title: Something
logsource: {product: network, category: authentication}
detection:
  s: {outcome: failure, user|startswith: [adm, root]}
  k: [nonesuch, 'from 192.0.2']
  ours: {src_ip|cidr: 198.51.100.0/24}
  condition: (s or k) and not ours
"""


def rule(tmp_path: Path) -> Rule:
    (tmp_path / "r.yml").write_text(RULE)
    (found,) = load([tmp_path], builtin=False).rules
    return found


def event(**more: object) -> pa.RecordBatch:
    usual = {"outcome": "failure", "user": "admin", "src_ip": "192.0.2.7", "raw": "failed from 192.0.2.7"}
    return table("logins", [{**usual, **more}]).combine_chunks().to_batches()[0]


def test_each_pattern_that_held_is_named_with_its_value(tmp_path: Path) -> None:
    found = reasons(rule(tmp_path), "logins", event())
    assert Reason("outcome", "is", "failure", "failure") in found
    assert Reason("user", "starts with", "adm", "admin") in found
    assert Reason("any text", "contains", "from 192.0.2", "") in found
    assert Reason("src_ip", "lies in", "198.51.100.0/24", "192.0.2.7", excluded=True) in found
    assert not any(reason.pattern in ("root", "nonesuch") for reason in found)


def test_an_event_the_rule_lets_pass_has_no_reasons(tmp_path: Path) -> None:
    assert reasons(rule(tmp_path), "logins", event(src_ip="198.51.100.9")) == ()
    assert reasons(rule(tmp_path), "flows", event()) == ()


def test_long_values_are_cut_visibly(tmp_path: Path) -> None:
    (found,) = [r for r in reasons(rule(tmp_path), "logins", event(user="adm" + "x" * 999)) if r.field == "user"]
    assert found.value.endswith("…")
    assert len(found.value) < 400
