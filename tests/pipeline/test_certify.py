"""Certifications: one agency's never depend on another's, and what was not handed over is named."""

from __future__ import annotations

import base64
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.detect.oversight.facts import Act, Order, Row, Span, Tap, Target, World
from seawall.errors import InputError
from seawall.model.clock import SystemClock
from seawall.people.keys import PrivateKey, signed
from seawall.pipeline import certify
from seawall.pipeline.certify import Registry, for_agency, sign, signed_bytes, without_authorization, written
from tests.corpus import corpus_path
from tests.detect.oversight.worlds_said import DAY_US, NOW, part, world_of


def text(world: World, agency: str) -> str:
    return json.dumps(for_agency(world, agency, {}))


@settings(max_examples=80, deadline=None)
@given(part("ALPHA"), st.tuples(part("BRAVO"), part("BRAVO")), st.tuples(st.integers(0, 99), st.integers(0, 99)))
def test_nothing_written_for_one_agency_depends_on_another(
    a: dict[str, list[Any]], b: tuple[dict[str, list[Any]], ...], seeds: tuple[int, int]
) -> None:
    """Whatever the other agency's orders, taps, records, addresses and numbers become, the bytes are the same."""
    one, two = (text(world_of([a, other], seed, seed), "ALPHA") for other, seed in zip(b, seeds, strict=True))
    alone = text(world_of([a], 7, 0), "ALPHA")
    assert one == two == alone
    assert "BRAVO" not in one


def world(**changed: Any) -> World:
    target = Target("msisdn", "g" * 64)
    span = Span(NOW - DAY_US, NOW + DAY_US, "Approved", "IRI")
    order = Order(Row("a" * 32, "w", NOW), "W-1", "LI-1", "ALPHA", kind="Title III", spans=(span,), targets=(target,),
                  xids=("x-1",))  # fmt: skip
    tap = Tap(
        Row("b" * 32, "t", NOW), "amf-1", "element", "x1", "x-1", "active", xid="x-1", targets=(target,), scope="IRI"
    )
    add = Act(Row("c" * 32, "l", NOW - DAY_US), "amf-1", "jdoe", "admf-1", "", "", "ActivateTask", "x-1", "", "", "",
              "ok",               "audit")  # fmt: skip
    given_: dict[str, Any] = {"policy": {"as_of": "2026-03-01"}, "orders": [order], "taps": [tap], "acts": [add]}
    return World(NOW, **given_ | changed)


REGISTRY = {"a" * 32: Registry("Det. Lee", "J. Harper")}


def missing(one: dict[str, Any]) -> set[str]:
    return {line.partition(":")[0] for line in one["missing"]}


def test_the_six_facts_of_the_rule_are_there() -> None:
    (one,) = for_agency(world(), "alpha", REGISTRY)["certifications"]
    assert one["numbers"] == [{"type": "msisdn", "commitment": "g" * 64}]
    assert one["enabled_at"].startswith("2026-03-17T10:00:00")
    assert (one["officer_presenting"], one["authorization_signer"]) == ("Det. Lee", "J. Harper")
    assert (one["type"], one["responsible_employee"]) == ("Title III", "jdoe")
    assert missing(one) == {"signature", "attachments"}


@pytest.mark.parametrize(
    ("changed", "registry", "named"),
    [
        pytest.param({"acts": []}, REGISTRY, {"enabled_at", "responsible_employee"}, id="no-record"),
        pytest.param({}, {}, {"officer_presenting", "authorization_signer"}, id="a-bare-registry"),
        pytest.param({"policy": {}}, REGISTRY, {"policy_version"}, id="no-policy"),
        pytest.param(
            {"acts": [replace(world().acts[0], actor="unknown")]}, REGISTRY, {"responsible_employee"}, id="nobody-named"
        ),
        pytest.param(
            {"acts": [replace(world().acts[0], result="ErrorResponse 3000")]},
            REGISTRY,
            {"enabled_at", "responsible_employee"},
            id="a-refused-activation",
        ),
        pytest.param({"orders": [replace(world().orders[0], kind="Whatever")]}, REGISTRY, {"type"}, id="an-odd-type"),
    ],
)
def test_a_missing_fact_is_named_and_never_invented(
    changed: dict[str, Any], registry: dict[str, Registry], named: set[str]
) -> None:
    (one,) = for_agency(world(**changed), "ALPHA", registry)["certifications"]
    assert missing(one) == named | {"signature", "attachments"}
    assert all(one[name] is None for name in named - {"type"})


def test_an_order_nobody_carried_out_is_said() -> None:
    document = for_agency(world(taps=[], acts=[]), "ALPHA", REGISTRY)
    assert (document["certifications"], document["no_interception_found"]) == ([], ["W-1"])


def test_an_interception_without_an_order_is_the_carrier_s_own() -> None:
    (one,) = without_authorization(world(orders=[]))
    assert (one["appropriate_authorization"], one["order"], one["taps"]) == (False, None, ["x-1"])
    assert one["responsible_employee"] == "jdoe"
    assert without_authorization(world()) == []


def test_only_the_responsible_employee_signs_and_the_signature_holds() -> None:
    key = PrivateKey(bytearray(b"k" * 32))
    document = for_agency(world(), "ALPHA", REGISTRY)
    assert sign(document, "mkahu", key, "2026-03-18T11:00:00Z") == 0
    assert sign(document, "JDoe", key, "2026-03-18T11:00:00Z") == 1
    (one,) = document["certifications"]
    assert missing(one) == {"attachments"}
    assert signed(key.public, signed_bytes(one), one["signature"])
    assert base64.b64decode(one["signature"])
    assert not signed(key.public, signed_bytes(one | {"enabled_at": None}), one["signature"])


def test_files_of_a_whole_scenario_hold_no_other_agency(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bytes for one agency, with the registry of the others, their agencies and their records cut away."""
    monkeypatch.setattr("seawall.vault.passing.secrets.token_bytes", lambda size: b"k" * size)
    scenario = corpus_path("lawful-intercept", "scenario-s1")
    whole = written([scenario], SystemClock(), agency="NZSIS").agencies
    cut = tmp_path / "cut"
    shutil.copytree(scenario, cut)
    registry = json.loads((cut / "warrants.json").read_text())
    registry["warrants"] = [one for one in registry["warrants"] if one["agency_id"] == "NZSIS"]
    (cut / "warrants.json").write_text(json.dumps(registry, indent=1))
    policy = json.loads((cut / "policy.json").read_text())
    policy["agencies"] = [one for one in policy["agencies"] if one["agencyid"] == "NZSIS"]
    (cut / "policy.json").write_text(json.dumps(policy))
    (cut / "delivery-flows.jsonl").unlink()
    assert json.dumps(written([cut], SystemClock(), agency="NZSIS").agencies) == json.dumps(whole)
    assert "Police" not in json.dumps(whole)
    assert "Customs" not in json.dumps(whole)


def test_an_agency_nobody_named_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no order"):
        written([corpus_path("lawful-intercept", "scenario-s1", "warrants.json")], SystemClock(), agency="FBI")
    (tmp_path / "x").touch()
    with pytest.raises(InputError, match="other files"):
        list(certify.files(certify.Written([], [], []), tmp_path))
