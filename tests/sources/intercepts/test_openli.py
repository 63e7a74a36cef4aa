"""OpenLI: answers of the provisioner and its files, keys left out, aliases refused."""

from __future__ import annotations

import json

from hypothesis import given

from tests.corpus import corpus_path
from tests.sources.intercepts.handing import damaged, hand

VOIP = json.dumps(
    [
        {"liid": "QQ1", "agencyid": "POLICE", "mediator": 7, "outputhandovers": 1, "endtime": 1773532800,
         "siptargets": [{"username": "*1350", "realm": "voip.example"}, {"username": "7001"}]},
    ]
)  # fmt: skip
YAML = """
agencies:
  - agencyid: "POLICE"
    hi2address: 198.51.100.10
    hi2port: 35530
ipintercepts:
  - liid: 200091
    agencyid: "POLICE"
    user: 64211234567
    accesstype: mobile
    mobileident: msisdn
    encryptionkey: "0xd130001df958c0fba209"
"""


def test_wildcards_and_missing_realms_are_as_wide_as_they_are() -> None:
    handed = hand(VOIP, "openli-voip.json")
    (tap,) = handed.rows("taps")
    assert [t["width"] for t in json.loads(tap["targets"])] == ["wildcard", "any realm"]
    assert (tap["tap_scope"], tap["agency_id"]) == ("IRI", "POLICE")
    assert "1350" not in handed.text


def test_an_empty_list_is_a_report() -> None:
    assert hand("[]", "openli-ipintercept.json").rows("tap_reports")[0]["taps"] == 0


def test_yaml_gives_agencies_and_intercepts_and_no_key() -> None:
    handed = hand(YAML)
    assert handed.rows("handover_agencies")[0]["hi2"] == "198.51.100.10:35530"
    assert handed.rows("taps")[0]["tap"] == "200091"
    assert json.loads(handed.rows("taps")[0]["targets"])[0]["type"] == "msisdn"
    assert "d130001d" not in handed.text
    assert any("encryption keys" in note for note in handed.notes)


def test_aliases_are_refused() -> None:
    bomb = "ipintercepts: &a [1,1,1]\nb: [*a,*a]\n"
    assert "aliases" in hand(bomb).rejects[0]


def test_the_sample_of_openli_itself_is_read() -> None:
    path = corpus_path("lawful-intercept", "openli", "running-intercept-example.yaml")
    assert len(hand(path.read_bytes(), path.name).rows("taps")) >= 10


@given(damaged(YAML.encode()))
def test_any_damage_gives_rows_or_rejects(content: bytes) -> None:
    hand(content, form="openli")
