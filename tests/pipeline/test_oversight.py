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
from tests.pipeline.exports_said import ORDERED, ORDERED_NUMBER, write_exports

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


def kinds_of(folder: Path) -> list[str]:
    return [one.detector for one in reconcile([folder], SystemClock()).findings]


def x1_answer(kind: str, body: str) -> str:
    return (
        '<n:X1Response xmlns:n="http://uri.etsi.org/03221/X1/2017/10" xmlns:c="http://uri.etsi.org/03280/common/2017/07"'
        ' xmlns:i="http://www.w3.org/2001/XMLSchema-instance">'
        f'<n:x1ResponseMessage i:type="n:{kind}"><n:neIdentifier>li-element-9</n:neIdentifier><n:messageTimestamp>'
        f"2026-03-18T10:00:00Z</n:messageTimestamp>{body}</n:x1ResponseMessage></n:X1Response>"
    )


def test_destinations_asked_for_apart_from_the_tasks_are_joined_to_them(tmp_path: Path) -> None:
    folder = write_exports(tmp_path / "exports", rogue=False)
    policy = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
    policy["mediation"] = [{"id": "md-1", "addr": "192.0.2.1"}]
    (folder / "policy.json").write_text(json.dumps(policy))
    (folder / "x1-li-element-9.xml").unlink()
    task = (
        f"<n:taskResponseDetails><n:taskDetails><n:xId>{ORDERED}</n:xId><n:targetIdentifiers><n:targetIdentifier>"
        f"<n:e164Number>{ORDERED_NUMBER}</n:e164Number></n:targetIdentifier></n:targetIdentifiers><n:deliveryType>X2Only"
        "</n:deliveryType><n:listOfDIDs><n:dSId>SET</n:dSId></n:listOfDIDs></n:taskDetails></n:taskResponseDetails>"
    )
    (folder / "task.xml").write_text(x1_answer("GetTaskDetailsResponse", task))
    assert kinds_of(folder) == []
    members = (
        "<n:set><n:objectId>set</n:objectId><n:listOfAssociatedDIDs><n:AssociatedDID><n:dId>D-1</n:dId>"
        "</n:AssociatedDID></n:listOfAssociatedDIDs></n:set>"
    )
    (folder / "object.xml").write_text(x1_answer("GetObjectResponse", members))
    for address, expected in (("192.0.2.1", []), ("203.0.113.7", ["UNKNOWN_DELIVERY_ADDRESS"])):
        destination = (
            "<n:destinationResponseDetails><n:destinationDetails><n:dId>d-1</n:dId><n:deliveryAddress>"
            f"<n:ipAddressAndPort><c:address><c:IPv4Address>{address}</c:IPv4Address></c:address></n:ipAddressAndPort>"
            "</n:deliveryAddress></n:destinationDetails></n:destinationResponseDetails>"
        )
        (folder / "destination.xml").write_text(x1_answer("GetDestinationDetailsResponse", destination))
        assert kinds_of(folder) == expected


def test_a_registry_without_any_order_makes_every_tap_a_rogue_one(tmp_path: Path) -> None:
    folder = write_exports(tmp_path / "exports")
    (folder / "warrants.json").write_text('{"as_of": "2026-03-18T10:00:00Z", "warrants": []}')
    assert kinds_of(folder).count("TAP_WITHOUT_WARRANT") == 2


@pytest.mark.parametrize("content", [None, '{"as_of": "2026-03-18T10:00:00Z", "warrants": [{"warrant_id": "W'])
def test_without_a_registry_nothing_is_said_of_any_tap_and_that_is_said(tmp_path: Path, content: str | None) -> None:
    folder = write_exports(tmp_path / "exports")
    (folder / "warrants.json").unlink()
    if content:
        (folder / "warrants.json").write_text(content)
    answer = reconcile([folder], SystemClock())
    assert "TAP_WITHOUT_WARRANT" not in [one.detector for one in answer.findings]
    assert any("NO COURT ORDER WAS READ" in line for line in remarks(answer))


def test_nothing_handed_over_is_not_nothing_found(tmp_path: Path) -> None:
    assert any("nothing was compared" in line for line in remarks(reconcile([tmp_path], SystemClock())))


def test_where_no_mediation_is_named_no_delivery_is_called_strange(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    for path in folder_of("s1").iterdir():
        if path.name == "warrants.json" or path.name.startswith("x1-"):
            (folder / path.name).write_bytes(path.read_bytes())
    answer = reconcile([folder], SystemClock())
    assert "UNKNOWN_DELIVERY_ADDRESS" not in [one.detector for one in answer.findings]
    assert any("no mediation functions" in line for line in remarks(answer))


def test_exports_in_utf_16_tell_what_they_tell_in_utf_8(tmp_path: Path) -> None:
    narrow, wide = write_exports(tmp_path / "narrow"), write_exports(tmp_path / "wide")
    for path in wide.glob("*.json*"):
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-16")
    assert kinds_of(wide) == kinds_of(narrow) != []


def test_a_registry_as_a_table_with_words_of_its_own(tmp_path: Path) -> None:
    folder = write_exports(tmp_path / "exports", rogue=False)
    (folder / "warrants.json").unlink()
    for state, expected in (("Cancelled", ["TAP_ON_INACTIVE_WARRANT"]), ("Approved", []), ("Ohio", [])):
        (folder / "orders.csv").write_text(
            "Authorisation No.;Lawful Interception ID;Law Enforcement Agency;Issuing court;Type of order;"
            "Identifier type;Identifier;Effective from;Expires on;State;Task ID;NE\n"
            f" W-7 ;LIID-7;POLICE;Court;Title III;NationalE164;021 555 0101;2026-03-01;2026-06-01;{state};"
            f"{ORDERED.upper()};li-element-9\n",
            encoding="utf-8-sig",
        )
        answer = reconcile([folder], SystemClock(), country="64")
        assert [one.detector for one in answer.findings] == expected
        assert not any("does not know" in line for line in remarks(answer))


@pytest.mark.parametrize(
    ("begin", "end", "expected", "said"),
    [
        ("01.03.2026", "10.03.2026", ["TAP_PAST_EXPIRY"], False),
        ("2026/03/01", "03/17/2026", ["TAP_PAST_EXPIRY"], False),
        ("01.03.2026", "17/03/2026 23:59", ["TAP_PAST_EXPIRY"], False),
        ("01.03.2026", "30.06.2026", [], False),
        ("01.03.2026", "03/04/2026", [], True),
    ],
)
def test_dates_typed_by_hand_are_read_where_they_can_mean_one_day(
    tmp_path: Path, begin: str, end: str, expected: list[str], *, said: bool
) -> None:
    folder = write_exports(tmp_path / "exports", rogue=False)
    (folder / "warrants.json").unlink()
    head = "Warrant No;LIID;Agency;Target type;Target;From;Until;XID;NE"
    order = f"W-7;L-7;POLICE;MSISDN;{ORDERED_NUMBER};{begin};{end};{ORDERED};li-element-9"
    (folder / "orders.csv").write_text(f"{head}\n{order}\n")
    answer = reconcile([folder], SystemClock(), country="64")
    assert [one.detector for one in answer.findings] == expected
    assert any("no time" in line for line in remarks(answer)) is said
