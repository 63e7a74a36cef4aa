"""Every clause reads as English with all names, with some, and with none; hostile names stay names."""

from __future__ import annotations

import pytest

from seawall.incidents.phrases import CLAUSES, MAX_WHY, MOST_IDS, bracket, clause, named, told
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.severity import Severity
from tests.incidents.stories import account, address, at, device, finding

WHEN = at("22:01:00")
EVERYBODY = (
    device("pe1"),
    account("eve"),
    account("mallory", "object"),
    address("192.0.2.1"),
    address("198.51.100.2", "object"),
)


def test_clauses_are_written_only_for_behaviours_there_are() -> None:
    assert set(CLAUSES) <= set(BEHAVIOURS)


@pytest.mark.parametrize("behaviour", sorted(CLAUSES))
def test_a_clause_reads_well_with_everybody_named_and_with_nobody(behaviour: str) -> None:
    for names in (EVERYBODY, (), (device("pe1"),)):
        said = told(finding(WHEN, behaviour, *names))
        assert "{" not in said
        assert "  " not in said
        assert said == said.strip()
        assert not said.endswith(".")


def test_nobody_named_is_said_where_it_matters() -> None:
    assert told(finding(WHEN, "A-03")) == "an unknown account logged in over the web interface"
    assert told(finding(WHEN, "P-01")) == "account (name unknown) was created"


def test_a_name_full_of_braces_is_a_name() -> None:
    assert told(finding(WHEN, "D-01", account("{who}{0}"))) == "the device's log was cleared by {who}{0}"


def test_a_rule_that_explains_itself_is_quoted_up_to_a_bound() -> None:
    assert told(finding(WHEN, "D-01", why="Eve cleared\n the log.")) == "Eve cleared the log"
    long = told(finding(WHEN, "D-01", why="x" * 999))
    assert len(long) == MAX_WHY
    assert long.endswith("\u2026")


def test_a_supporting_finding_is_told_by_its_title_and_acronyms_keep_their_capitals() -> None:
    low = {"severity": Severity.LOW}
    assert told(finding(WHEN, "P-04", account("eve"), title="SSH key seen", **low)) == "SSH key seen by eve"
    assert told(finding(WHEN, "no such", title="Odd thing", why="")) == "odd thing"
    assert told(finding(WHEN, "no such", title="", why="")) == ""


def test_ids_stand_in_brackets_and_only_so_many() -> None:
    assert clause(finding(WHEN, "D-01")).endswith(" (D-01)")
    assert bracket([]) == ""
    assert bracket([], "twice") == " (twice)"
    assert bracket([f"B-{n}" for n in range(MOST_IDS + 3)], "x").count("B-") == MOST_IDS


def test_the_first_part_asked_for_wins() -> None:
    found = finding(WHEN, "D-01", *EVERYBODY)
    assert named(found, "ip", "object", "source") == "198.51.100.2"
    assert named(found, "ip", "source", "object") == "192.0.2.1"
    assert named(found, "hash", "object") == ""
