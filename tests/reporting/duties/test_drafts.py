from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from seawall.errors import InputError
from seawall.incidents import build
from seawall.model.entities import Entity
from seawall.model.site import Device, Site
from seawall.reporting.duties.board import board
from seawall.reporting.duties.drafts import UNKNOWN, Notice, draft, notice_text, notice_to_dict
from seawall.reporting.duties.filling import ASSISTANCE, Sheet
from seawall.reporting.duties.load import load
from seawall.reporting.duties.statements import Statement
from tests.incidents.stories import intrusion

HELD = load()
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
FINDINGS = intrusion()
INCIDENT = max(build(FINDINGS), key=lambda one: len(one.findings))
REAL = [finding for finding in FINDINGS if finding.id in INCIDENT.findings]
SITE = Site(name="Example Telecom", country="US", devices=(Device("edge7", "edge", addresses=("10.0.0.7",)),))

# What each law asks for, from the knowledge file's section 2 and its table; written down here by hand.
ASKED = {
    "us.fcc.1_20003": {"case_number", "warrant", "exposed", "dates", "systems", "found", "containment", "continues",
                       "evidence", "contact"},
    "us.fcc.64_2011.2007": {"description"},
    "us.fcc.64_2011.2023": {"address", "contact", "description", "method", "dates", "customers", "loss", "data_types"},
    "us.sec.8k_1_05": {"nature", "scope", "dates", "material_impact", "unknowns"},
    "us.sec.8k_1_05.amend": {"missing_facts"},
    "us.cisa.circia.incident": {"systems", "impact", "dates", "vulnerabilities", "defences", "tactics", "indicators",
                                "actor", "mitigation", "contact"},
    "us.cisa.circia.ransom": {"ransom"},
    "eu.nis2.early": {"unlawful", "cross_border"},
    "eu.nis2.notification": {"impact", "indicators"},
    "eu.nis2.final": {"description", "impact", "cause", "mitigation", "cross_border"},
    "eu.gdpr.33": {"nature", "customers", "records", "contact", "effects", "mitigation"},
    "uk.ofcom.105K": {"carrier", "contact", "dates", "services", "users", "area", "cause", "mitigation",
                      "third_parties", "security_or_resilience", "reference"},
    "in.tcs.2024.first": {"systems", "description"},
    "in.tcs.2024.detail": {"users", "duration", "area", "services", "mitigation"},
}  # fmt: skip
FROM_PEOPLE = {name for name, question in HELD.fields.items() if not question.fill}


def said(kind: str, name: str, value: str = "", index: int = 900) -> Statement:
    return Statement(INCIDENT.id, kind, name, NOW, "C. Ray", value, index=index)  # type: ignore[arg-type]


def notice(duty: str, *facts: Statement, sheet: Sheet | None = None, secrets: tuple[str, ...] = ()) -> Notice:
    stated = [*(said("start", name) for name in HELD.starts), *facts]
    row = next(row for row in board(HELD, stated, NOW) if row.duty.id == duty)
    places = {finding.id: number for number, finding in enumerate(REAL)}
    whole = sheet or Sheet(INCIDENT, REAL, SITE, places, open_about_intercepts=row.duty.shows_intercepts)
    return draft(row, HELD, whole, stated, NOW, secrets=secrets)


@pytest.mark.parametrize(("duty", "asked"), ASKED.items())
def test_a_notice_has_the_fields_its_law_asks_for(duty: str, asked: set[str]) -> None:
    assert asked <= {answer.name for answer in notice(duty).answers}


@pytest.mark.parametrize("duty", [one.id for one in HELD.duties.values() if one.fields])
def test_every_field_is_filled_from_facts_or_named_as_not_known(duty: str) -> None:
    made = notice(duty)
    assert [answer.name for answer in made.answers] == list(HELD.duties[duty].fields)
    told = notice_to_dict(made)
    for answer in made.answers:
        assert bool(answer.text) is (told["fields"][answer.name] is not None)
        assert bool(answer.text) is (answer.name not in told["unfilled"])
    assert set(told["unfilled"]) == FROM_PEOPLE & set(HELD.duties[duty].fields)
    text = notice_text(made)
    assert text.count(UNKNOWN.upper()) == len(made.unfilled)
    for doubt in HELD.duties[duty].unsure:
        assert doubt in text
    if not HELD.duties[duty].binding:
        assert "not in force" in text


def test_what_people_state_fills_a_field_and_is_named_as_theirs() -> None:
    made = notice("us.fcc.64_2011.2023", said("fact", "customers", "about 1,200", index=77))
    (customers,) = [answer for answer in made.answers if answer.name == "customers"]
    assert (customers.text, customers.basis, customers.places) == ("about 1,200", "stated by C. Ray", (77,))
    assert notice_to_dict(made)["rests_on"]["customers"] == [77]


def test_a_notice_names_the_ledger_entries_it_rests_on() -> None:
    told = notice_to_dict(notice("eu.nis2.notification"))
    assert told["rests_on"]["description"] == list(range(len(REAL)))
    assert told["rests_on"]["started"] == [900]


def test_indicators_are_what_lies_outside() -> None:
    fields = notice_to_dict(notice("eu.nis2.notification"))["fields"]
    addresses = {entity.value for finding in REAL for entity in finding.entities if entity.type == "ip"}
    named = set(fields["indicators"].split(", "))
    assert named <= addresses
    assert not any(one.startswith(("10.", "192.168.")) for one in named)


def test_interception_systems_are_called_so_in_nobodys_notice_but_the_agencys() -> None:
    mediation = Device("lims1.example.net", "mediation", addresses=("10.9.9.9",), crown_jewel=True)
    site = replace(SITE, devices=(mediation,))
    touched = replace(
        REAL[0], title="Login on lims1 from 10.9.9.9", entities=(Entity("device", "lims1", "target"), *REAL[0].entities)
    )
    sheet = Sheet(INCIDENT, [touched, *REAL[1:]], site, {})
    for duty in ("eu.nis2.notification", "us.cisa.circia.incident", "uk.ofcom.105K", "us.fcc.64_2011.2023"):
        text = notice_text(notice(duty, sheet=sheet))
        assert "lims1" not in text
        assert "10.9.9.9" not in text
    assert ASSISTANCE in " ".join(notice_text(notice("eu.nis2.notification", sheet=sheet)).split())
    agency = notice("us.fcc.1_20003", sheet=replace(sheet, open_about_intercepts=True))
    assert "lims1.example.net" in notice_text(agency)


@pytest.mark.parametrize(
    "text",
    [
        "the order W-2231 was read",
        "LIID 4711-22",
        "warrant no. 12/2026",
        "IMSI 001010123456789",
        "imei: 490154203237518",
        "a call to +1 555 010 0100",
        "sip:someone@example.net",
        "the subscriber 001010123456789",
    ],
)
def test_a_draft_with_a_target_or_a_warrant_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(InputError) as refused:
        notice("us.fcc.64_2011.2023", said("fact", "data_types", text), secrets=("W-2231",))
    told = f"{refused.value} {refused.value.mend}"
    assert "data_types" in told
    assert not any(word in told for word in ("2231", "4711", "001010", "555"))


@pytest.mark.parametrize("text", ["+1 555 010 0100, noc@example.net", "the warranty of 3 routers", "CVE-2023-20198"])
def test_a_contact_may_be_called_and_plain_words_pass(text: str) -> None:
    assert notice("us.fcc.64_2011.2023", said("fact", "contact", text)).answers


def test_an_agency_sees_its_own_warrant_and_no_other() -> None:
    own = said("fact", "warrant", "LIID 4711, warrant W-1000")
    assert "W-1000" in notice_text(notice("us.fcc.1_20003", own, secrets=("W-2231",)))
    with pytest.raises(InputError, match="refused"):
        notice("us.fcc.1_20003", said("fact", "exposed", "also W-2231"), secrets=("W-2231",))


def test_an_exercise_and_hidden_marks_are_seen() -> None:
    row = next(row for row in board(HELD, [], NOW) if row.duty.id == "eu.nis2.early")
    sheet = Sheet(INCIDENT, [], replace(SITE, name="Evil \u202e \x1b[2J"), {})
    text = notice_text(draft(row, HELD, sheet, [], NOW, exercise="s-1"))
    assert text.startswith("EXERCISE")
    assert "\x1b" not in text
    assert "\u202e" not in text
