"""What we make is valid STIX, says what was seen, and holds nothing of ours."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.model.compartment import TAG
from seawall.model.entities import Entity
from seawall.model.tlp import Light
from seawall.sharing.graph import lights
from seawall.sharing.redaction import Redactor, built_in, last_look
from seawall.sharing.stix_out import Told, draw
from tests.sharing.schemas import faults
from tests.sharing.world import ACTION, OUTSIDE, SECRETS, SITE, author, finding, incident


def _drawn(profile: str, light: Light = Light.AMBER, *findings: object) -> list[dict[str, object]]:
    found = findings or (finding(1), finding(2, entities=(Entity("domain", "bad.example", "source"),)))
    redactor = Redactor(built_in()[profile], SITE)
    return list(draw(Told(found, incident(*found), [ACTION]), author(light), redactor).objects.values())  # type: ignore[arg-type]


@pytest.mark.parametrize("profile", ["public", "peer", "agency", "house"])
def test_every_object_is_valid_against_its_schema_and_for_the_reference_library(profile: str) -> None:
    for one in _drawn(profile):
        assert faults(one) == []
        if one["type"] != "marking-definition":
            stix2.parse(json.dumps(one), version="2.1")


def test_an_address_outside_is_an_indicator_seen_by_us_with_technique_and_infrastructure() -> None:
    objects = _drawn("agency")
    kinds = {str(one["type"]) for one in objects}
    assert kinds >= {
        *("indicator", "sighting", "observed-data", "infrastructure", "attack-pattern", "course-of-action"),
        *("report", "incident", "identity", "relationship", "ipv4-addr", "domain-name", "marking-definition"),
    }
    pattern = next(one for one in objects if one["type"] == "attack-pattern")
    assert pattern["external_references"][0]["external_id"] == "T1078"  # type: ignore[index]
    assert "v18" in pattern["external_references"][0]["url"]  # type: ignore[index]
    address = next(one for one in objects if one["type"] == "ipv4-addr")
    assert address["id"] == stix2.IPv4Address(value=OUTSIDE)["id"], "two carriers name one address alike"


@pytest.mark.parametrize("profile", ["public", "peer"])
def test_nothing_of_ours_is_in_what_a_peer_gets(profile: str) -> None:
    text = json.dumps(_drawn(profile))
    assert OUTSIDE in text
    for secret in SECRETS:
        assert secret.lower() not in text.lower()


def test_an_agency_learns_who_we_are_and_no_more() -> None:
    text = json.dumps(_drawn("agency"))
    assert "Northfen" in text
    assert not [secret for secret in SECRETS if secret != "Northfen" and secret in text]


def test_even_our_own_house_gets_no_target_identifier_and_no_raw_line() -> None:
    text = json.dumps(_drawn("house"))
    assert "491701234567" not in text
    assert "raw-line-of-evidence" not in text


def test_findings_of_the_intercept_case_and_of_exercises_are_not_drawn() -> None:
    hidden = finding(3, title="tap", tags=(TAG,), entities=(Entity("domain", "tap.example", "source"),))
    drill = finding(4, exercise="s", entities=(Entity("domain", "drill.example", "source"),))
    text = json.dumps(_drawn("house", Light.AMBER, finding(1), hidden, drill))
    assert "tap.example" not in text
    assert "drill.example" not in text


def test_everything_we_make_carries_the_marking_that_was_asked_for() -> None:
    assert set(lights(_drawn("peer", Light.GREEN))) <= {Light.GREEN, Light.CLEAR}


def test_a_second_export_is_the_same_objects() -> None:
    assert [one["id"] for one in _drawn("peer")] == [one["id"] for one in _drawn("peer")]


@given(st.text(max_size=40), st.sampled_from(SECRETS[:6]), st.text(max_size=40))
def test_a_name_of_ours_between_any_words_becomes_a_role_or_stops_the_export(
    left: str, secret: str, right: str
) -> None:
    redactor = Redactor(built_in()["peer"], SITE)
    told = redactor.text(f"{left} {secret} {right}")
    try:
        last_look([told], redactor)
    except InputError:
        return
    assert f" {secret} " not in told


def test_the_last_look_finds_what_came_by_another_way() -> None:
    redactor = Redactor(built_in()["peer"], SITE)
    for bad in ("x NORTHFEN-PE1 x", "10.20.0.5", "IMSI 001010123456789", "by 203.0.113.44."):
        with pytest.raises(InputError, match="nothing was written"):
            last_look([{"deep": [bad]}], redactor)
    last_look([{"fine": "198.51.100.7 and T1078"}], redactor)


def test_a_guess_is_not_told_to_others() -> None:
    drawn = _drawn("peer", Light.AMBER, replace(finding(1), learned=True))
    assert not [one for one in drawn if one["type"] in ("indicator", "ipv4-addr")]
