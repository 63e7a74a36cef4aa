"""Folders of exports, reconciled without any set-up: every true problem, no false alarm, no identifier in clear."""

from __future__ import annotations

import ipaddress
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest

from seawall.model.clock import SystemClock
from seawall.model.finding import finding_to_dict
from seawall.pipeline.oversight import Reconciled, reconcile, remarks, told
from tests.corpus import corpus_path

EVIDENCE: Final = Path(__file__).parents[1] / "evidence"
SCENARIOS: Final = ("s1", "athens", "messy")


def folder_of(scenario: str) -> Path:
    """The first belongs to others; two were written for us by somebody who never saw the reconciler."""
    return corpus_path("lawful-intercept", "scenario-s1") if scenario == "s1" else EVIDENCE / f"intercept-{scenario}"


@cache
def answer_of(folder: Path) -> Reconciled:
    exports = [path for path in sorted(folder.iterdir()) if path.name not in ("expected.json", "README.md")]
    return reconcile(exports, SystemClock())


def found_in(scenario: str) -> list[dict[str, Any]]:
    return [finding_to_dict(one) for one in answer_of(folder_of(scenario)).findings]


def truth_of(scenario: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((folder_of(scenario) / "expected.json").read_text(encoding="utf-8"))
    return truth


def names(one: dict[str, Any], *keys: str) -> list[str]:
    values = [one[key] for key in keys if one.get(key)]
    return [str(v).lower() for value in values for v in (value if isinstance(value, list) else [value])]


def is_same(expected: dict[str, Any], finding: dict[str, Any]) -> bool:
    """Kind, and tap or warrant, else system or actor, else where the flow came from."""
    if finding["detector"] not in (expected["finding"], *expected.get("also_accepted", ())):
        return False
    text = json.dumps(finding).lower()
    named = names(expected, "tap", "warrant") or names(expected, "system", "systems", "actor") or names(expected, "src")
    return any(name in text for name in named)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_problem_is_found(scenario: str) -> None:
    found = found_in(scenario)
    assert [one for one in truth_of(scenario)["findings"] if not any(is_same(one, f) for f in found)] == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_else_is_found(scenario: str) -> None:
    expected = truth_of(scenario)["findings"]
    assert [f["why"] for f in found_in(scenario) if not any(is_same(one, f) for one in expected)] == []


def test_the_first_scenario_gives_28_findings_for_28_problems() -> None:
    assert len(found_in("s1")) == len(truth_of("s1")["findings"]) == 28


def test_benign_orders_and_taps_are_in_no_finding() -> None:
    for scenario in ("s1", "messy"):
        text = json.dumps(found_in(scenario))
        traps = truth_of(scenario)["benign_traps"]
        assert [trap for trap in traps if trap.get("warrant") and f'"{trap["warrant"]}"' in text] == []


def identifiers_in(folder: Path) -> set[str]:
    """Every identifier of a target that stands in clear in some export of a folder."""
    found: set[str] = set()
    for order in json.loads((folder / "warrants.json").read_text(encoding="utf-8"))["warrants"]:
        lists = [order["targets"], *(a.get("targets_add", ()) for a in order.get("amendments", ()))]
        found |= {str(target["value"]) for some in lists for target in some}
    for path in folder.glob("x1-*.xml"):
        for one in ET.fromstring(path.read_bytes()).iter():
            if str(one.tag).endswith("targetIdentifier"):
                found |= {leaf.text.strip() for leaf in one.iter() if leaf.text and leaf.text.strip()}
    for path in folder.glob("openli-*"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"(?<!\w)[\"']?(?:user|username|iprange|address)[\"']?\s*:\s*[\"']?([^\s\"',]+)", text))
    for path in folder.glob("dtcp-*"):
        found |= set(re.findall(r"SOURCE-ADDRESS: (\S+)", path.read_text(encoding="utf-8"), re.I))
    for path in folder.glob("snmpwalk-*"):
        text = path.read_text(encoding="utf-8")
        for octets in re.findall(r"(?:SourceAddress|394\.1\.1\.2\.1\.5)\.[\d.]+ = Hex-STRING: ([0-9A-F ]+)", text):
            found.add(str(ipaddress.ip_address(bytes.fromhex(octets.replace(" ", "")))))
    return found


def spellings(identifier: str) -> set[str]:
    """The ways one identifier may stand in a text."""
    bare = re.sub(r"^(?:sips?|tel|imsi|nai):?-?", "", identifier)
    digits = re.sub(r"\D", "", identifier) if re.fullmatch(r"[\d\s+().\-]+", bare) and bare.count(".") != 3 else ""
    host = identifier.partition("/")[0] if re.search(r"/(?:32|128)$", identifier) else ""
    return {one for one in (identifier, bare, digits, host) if len(one) >= 5}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_identifier_comes_out_in_clear(scenario: str) -> None:
    answer = answer_of(folder_of(scenario))
    lines = [json.dumps(finding_to_dict(one), ensure_ascii=False) for one in answer.findings]
    lines += [line for one in answer.findings for line in told(answer, one.id)]
    text = "\n".join([*lines, *remarks(answer)])
    clear = {one for identifier in identifiers_in(folder_of(scenario)) for one in spellings(identifier)}
    assert len(clear) > 40
    said = {one for one in clear if re.search(rf"(?<![\w.]){re.escape(one)}(?![\w])(?!\.\d)", text)}
    assert said == set()


def test_an_element_without_a_report_is_not_known_rather_than_without_taps() -> None:
    answer = answer_of(folder_of("messy"))
    assert answer.not_known == {"smf-kc-9": 2}
    assert any("smf-kc-9: no report" in line and "not known" in line for line in remarks(answer))
