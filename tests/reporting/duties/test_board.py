from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.reporting.duties.board import ORDER, Row, board, row_to_dict
from seawall.reporting.duties.load import load
from seawall.reporting.duties.statements import Kind, Statement
from tests.reporting.duties.test_load import SWITCH

DUTIES = load()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(kind: Kind, name: str, when: str, value: str = "") -> Statement:
    return Statement("0" * 32, kind, name, at(when), "C. Ray", value, index=4)


def rows(*statements: Statement, now: str, which: tuple[str, ...] = ()) -> dict[str, Row]:
    return {row.duty.id: row for row in board(DUTIES, statements, at(now), which)}


AWARE = said("start", "aware", "2026-03-18T10:02")
DETERMINED = said("start", "determined", "2026-03-18T10:02")


def test_no_clock_starts_by_itself() -> None:
    everything = rows(now="2026-03-18T12:00")
    assert {row.state for row in everything.values()} == {"waiting", "rescinded"}
    assert "reasonably determine" in everything["us.fcc.64_2011.2007"].said


def test_clocks_run_until_their_time_and_are_overdue_after_it() -> None:
    assert rows(AWARE, now="2026-03-19T10:02")["eu.nis2.early"].state == "due"
    late = rows(AWARE, now="2026-03-19T10:03")
    assert late["eu.nis2.early"].state == "overdue"
    assert late["eu.nis2.notification"].state == "due"
    assert late["eu.nis2.final"].state == "waiting"
    assert late["eu.nis2.early"].due_local == "Thu 2026-03-19 11:02:00 CET"


def test_what_is_not_in_force_is_prepared_at_the_same_time_and_never_red() -> None:
    late = rows(DETERMINED, said("start", "reasonable_belief", "2026-03-18T10:02"), now="2027-01-01T00:00")
    assert late["us.fcc.64_2011.2007"].state == "overdue"
    for name in ("us.fcc.64_2011.2023", "us.cisa.circia.incident"):
        assert late[name].state == "prepare"
        assert "ask counsel" in late[name].said
        assert "Unsure" in late[name].said
    assert late["us.fcc.64_2011.2023"].due == late["us.fcc.64_2011.2007"].due


def test_each_fcc_text_applies_to_clocks_that_started_under_it(tmp_path: Path) -> None:
    (tmp_path / "fcc.yml").write_text(SWITCH)
    held = load([tmp_path])
    # 00:30 UTC on 1 March is still February in New York.
    for when, old, new in [
        ("2007-12-07T12:00", "not in force then", "not in force then"),
        ("2007-12-08T12:00", "overdue", "not in force then"),
        ("2027-02-28T12:00", "overdue", "not in force then"),
        ("2027-03-01T00:30", "overdue", "not in force then"),
        ("2027-03-01T12:00", "not in force then", "overdue"),
        ("2028-03-01T12:00", "not in force then", "overdue"),
    ]:
        found = {row.duty.id: row.state for row in board(held, [said("start", "determined", when)], at("2030-01-01"))}
        assert (found["us.fcc.64_2011.2007"], found["us.fcc.64_2011.2023"]) == (old, new), when


def test_customers_wait_for_the_notice_and_seven_full_business_days() -> None:
    notice = said("sent", "us.fcc.64_2011.2007", "2026-03-20T19:00")
    early = rows(DETERMINED, notice, now="2026-04-01T03:59:59")["us.fcc.64_2011.2007.customers"]
    assert early.state == "wait"
    assert rows(DETERMINED, notice, now="2026-04-01T04:00")[early.duty.id].state == "may be sent"
    told = said("sent", early.duty.id, "2026-03-25T12:00")
    assert rows(DETERMINED, notice, told, now="2026-04-02T00:00")[early.duty.id].state == "sent too early"


def test_silence_stops_customers_and_public_and_never_authorities() -> None:
    material, order = said("start", "material_determined", "2026-03-18T10:02"), said("silence", "*", "2026-04-30T00:00")
    quiet = rows(AWARE, DETERMINED, material, order, now="2026-04-01T00:00")
    assert quiet["us.sec.8k_1_05"].state == "silent"
    assert quiet["eu.gdpr.34"].state == "silent"
    assert quiet["us.fcc.64_2011.2007"].state == "overdue"
    assert quiet["eu.gdpr.33"].state == "overdue"
    assert rows(material, order, now="2026-04-30T00:00")["us.sec.8k_1_05"].state == "overdue"
    of_one = said("silence", "eu.gdpr.34", "2026-04-30T00:00")
    assert rows(material, of_one, now="2026-04-01T00:00")["us.sec.8k_1_05"].state == "overdue"


def test_what_was_sent_is_done_in_time_or_late() -> None:
    in_time = said("sent", "eu.nis2.early", "2026-03-19T10:02")
    late = said("sent", "eu.nis2.early", "2026-03-19T10:03")
    assert rows(AWARE, in_time, now="2026-05-01T00:00")["eu.nis2.early"].state == "sent"
    assert rows(AWARE, late, now="2026-05-01T00:00")["eu.nis2.early"].state == "sent late"
    final = rows(AWARE, said("sent", "eu.nis2.notification", "2026-01-31T09:00"), now="2026-02-01T00:00")
    assert final["eu.nis2.final"].due == at("2026-02-28T09:00")


@pytest.mark.parametrize(("value", "state"), [("no", "does not apply"), ("yes", "overdue"), ("perhaps", "overdue")])
def test_a_condition_counts_once_somebody_said_yes_or_no(value: str, state: str) -> None:
    material = said("start", "material_determined", "2026-03-18T10:02")
    listed = said("fact", "listed_company", "2026-03-18T10:02", value)
    row = rows(material, listed, now="2026-05-01T00:00")["us.sec.8k_1_05"]
    assert row.state == state
    assert ("listed company" in row.said) is True


def test_an_aim_of_ours_passes_but_is_never_overdue() -> None:
    found = said("start", "discovered", "2026-03-18T10:02")
    assert rows(found, now="2026-03-19T10:00")["us.fcc.1_20003"].state == "aim"
    assert rows(found, now="2026-05-01T00:00")["us.fcc.1_20003"].state == "aim passed"
    assert rows(AWARE, now="2026-05-01T00:00")["jp.acd"].state == "prepare"


def test_a_board_shows_its_jurisdictions_the_most_pressing_first() -> None:
    shown = board(DUTIES, [AWARE, DETERMINED], at("2026-03-20T10:00"), ["EU"])
    assert {row.duty.jurisdiction for row in shown} == {"EU", "any"}
    places = [ORDER.index(row.state) for row in shown]
    assert places == sorted(places)


def test_a_row_as_json_says_what_the_clock_rests_on() -> None:
    row = rows(DETERMINED, now="2026-03-20T10:00")["us.fcc.64_2011.2007"]
    told = row_to_dict(row, "0" * 32, {"contact": None})
    assert told["start"] == {"kind": "determined", "at": "2026-03-18T10:02:00.000000Z", "by": "C. Ray"}
    assert told["due_at"] == "2026-03-28T03:59:59.000000Z"
    assert (told["log_index"], told["sent"], told["fields"]) == (4, None, {"contact": None})
