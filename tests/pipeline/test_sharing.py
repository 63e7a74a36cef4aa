"""Every way out of a case: what a receiver is not cleared for, and what is ours, is in none of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.errors import InputError, UsageError
from seawall.ledger import open_ledger
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.model.tlp import Light
from seawall.pipeline.cases import case_state
from seawall.pipeline.sharing import FORMS, Wish, by_machine, pack, record_shared
from seawall.sharing import parcel as parcels
from seawall.sharing.store import Arriving, Shelf
from tests.sharing.schemas import faults
from tests.sharing.world import NOW, OUTSIDE, SECRETS, SITE, THEN, author, finding, incident

CLOCK = FixedClock(NOW)
WORDS = [light.word for light in Light]


def _indicator(light: Light) -> dict[str, object]:
    value = f"{light.name.lower().replace('_', '-')}.example"
    fields = {"pattern": f"[domain-name:value = '{value}']", "pattern_type": "stix", "name": value}
    return author(light).make("indicator", value, THEN, {**fields, "valid_from": "2026-11-22T12:00:00.000Z"})


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = open_case(tmp_path_factory.mktemp("case") / "case", CLOCK)
    made.settings_file.write_text('[sharing.receivers.peer]\nclearance = "green"\n', encoding="utf-8")
    one = finding(1)
    with case_state(made, Settings()) as state:
        state.save_findings([one])
        state.save_incidents([incident(one)])
        Shelf(state).add("in:cert", "cert", [Arriving(_indicator(light), light) for light in Light], NOW)
    return made


@settings(max_examples=30, deadline=None)
@given(
    form=st.sampled_from(FORMS),
    clearance=st.sampled_from(list(Light)),
    tlp=st.sampled_from(list(Light)),
    profile=st.sampled_from(["public", "peer"]),
    given_too=st.booleans(),
)
def test_no_route_leaks_what_is_stricter_or_ours(
    case: Case, form: str, clearance: Light, tlp: Light, profile: str, given_too: bool
) -> None:
    collections = ("in:cert",) if given_too else ()
    wish = Wish(form, ("c" * 32,), collections, "", tlp.word, clearance.word, profile)
    text = b"".join(pack(case, wish, CLOCK, SITE).files.values()).decode().lower()
    for light in Light:
        if light > clearance:
            assert f"{light.name.lower().replace('_', '-')}.example" not in text
    if tlp > clearance:
        assert OUTSIDE not in text
        assert "came from" not in text
    for secret in SECRETS:
        assert secret.lower() not in text


def test_a_package_holds_bundle_report_digests_and_says_its_light(case: Case) -> None:
    made = pack(case, Wish("package", tlp="amber", profile="agency"), CLOCK, SITE)
    assert {"bundle.json", "report.html", "indicators.csv", "keys.policy", "SHA256SUMS"} <= set(made.files)
    assert made.light is Light.AMBER
    assert b"TLP:AMBER" in made.files["report.html"]
    for one in json.loads(made.files["bundle.json"])["objects"]:
        assert faults(one) == []


def test_what_left_is_on_record_and_the_same_again_is_the_same_version(case: Case) -> None:
    first = pack(case, Wish(), CLOCK, SITE)
    record_shared(case, first, CLOCK)
    later = pack(case, Wish(), FixedClock(NOW.replace(hour=20)), SITE)
    assert later.digest == first.digest
    with open_ledger(case, clock=CLOCK) as ledger:
        assert [entry.body["objects"] for entry in ledger.find("sha256", first.digest)] == [len(first.objects)]


def test_a_parcel_changed_while_it_waited_is_refused(case: Case, tmp_path: Path) -> None:
    made = pack(case, Wish(receiver="peer", tlp="green"), CLOCK, SITE)
    path = parcels.keep(made, tmp_path)
    assert parcels.find(tmp_path, made.digest[:8]).files == made.files
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["files"]["bundle.json"] = "e30="
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(InputError, match="changed"):
        parcels.find(tmp_path, made.digest[:8])


def test_red_never_leaves_by_machine(case: Case) -> None:
    with pytest.raises(InputError, match="never leaves by machine"):
        by_machine(pack(case, Wish(tlp="red", clearance="red"), CLOCK, SITE))


def test_a_receiver_nobody_named_is_refused_with_how_to_name_one(case: Case) -> None:
    with pytest.raises(UsageError, match="no receiver") as told:
        pack(case, Wish(receiver="stranger"), CLOCK, SITE)
    assert "sharing.receivers.stranger" in str(told.value.mend)
