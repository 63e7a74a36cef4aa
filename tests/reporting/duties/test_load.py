from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.reporting.duties.duty import BINDING
from seawall.reporting.duties.load import load

# Rows of the knowledge file whose basis is not "read in the source", or whose status is open: each must say so.
UNSURE = [
    "us.fcc.64_2011.2007", "us.fcc.64_2011.2023", "us.fcc.64_2011.2023.customers", "us.fcc.64_2011.2023.small",
    "us.cisa.circia.incident", "us.cisa.circia.ransom", "eu.nis2.early", "eu.nis2.notification", "eu.nis2.final",
    "eu.611_2013", "eu.611_2013.rest", "eu.gdpr.34", "uk.ofcom.105K", "uk.ipa.error", "uk.csrb.first", "ca.ccspa",
    "jp.acd", "jp.tba.28", "jp.appi.first",
]  # fmt: skip
SWITCH = """\
duties:
  - id: us.fcc.64_2011.2023
    status: in_force
    since: 2027-03-01
    as_of: 2027-02
    source: notice in the Federal Register
"""


def test_every_duty_is_dated_and_names_its_source_and_its_fields() -> None:
    held = load()
    assert {"us.fcc.1_20003", "us.sec.8k_1_05", "eu.gdpr.33", "uk.pecr.5A", "in.certin.2022"} <= set(held.duties)
    for duty in held.duties.values():
        assert duty.as_of
        assert duty.source
        assert duty.fields or duty.status == "rescinded", duty.id
        assert duty.status not in BINDING or duty.deadline or duty.earliest or duty.target or duty.note, duty.id


@pytest.mark.parametrize("name", UNSURE)
def test_a_duty_whose_law_nobody_has_read_says_so(name: str) -> None:
    assert load().duties[name].unsure


def test_every_field_and_start_is_used() -> None:
    held = load()
    used = {name for duty in held.duties.values() for name in duty.fields}
    assert set(held.fields) == used
    assert set(held.starts) == {duty.clock for duty in held.duties.values() if not duty.follows}


def test_counsel_switches_a_text_on_with_four_lines_and_the_old_one_ends(tmp_path: Path) -> None:
    (tmp_path / "fcc.yml").write_text(SWITCH)
    held = load([tmp_path])
    new = held.duties["us.fcc.64_2011.2023"]
    assert (new.status, new.since, new.title) == ("in_force", date(2027, 3, 1), load().duties[new.id].title)
    assert held.duties["us.fcc.64_2011.2007"].ends == date(2027, 3, 1)
    assert load().duties["us.fcc.64_2011.2007"].ends is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("duties:\n  - id: own.x\n    title: [\n", 4, "YAML"),
        ("duties:\n  - id: own.x\n    colour: red\n", 2, "Field required"),
        (SWITCH + "    colour: red\n", 7, "colour"),
        (SWITCH + "    deadline:\n      hours: soon\n", 8, "hours"),
        (SWITCH + "    deadline: {hours: 4, days: 2}\n", 7, "one amount"),
        (SWITCH + "    deadline: {hours: -4}\n", 7, "hours is from 1"),
        (SWITCH + "    deadline: {business_days: 4, calendar: Mars}\n", 7, "no calendar"),
        (SWITCH + "    deadline: {days: 4, until: noon}\n", 7, "until"),
        (SWITCH + "    zone: Mars/Olympus\n", 7, "time zone"),
        (SWITCH + "    zone: ../secrets\n", 7, "time zone"),
        (SWITCH + "    fields: [colour]\n", 7, "no field"),
        (SWITCH + "    start: sent nothing\n", 7, "no start"),
        (SWITCH + "    supersedes: [nothing]\n", 7, "no duty"),
        (SWITCH + "    status: maybe\n", 3, "status"),
        ("duties:\n  - title: no id\n", 2, "without an id"),
        ("laws: []\n", 1, "nobody reads"),
        ("- id: own.x\n", 1, "no duties"),
        ("duties: {id: x}\n", 1, "a list"),
        ("starts:\n  today: [x]\n", 2, "asks nothing"),
        ("jurisdictions:\n  UK: GB\n", 2, "no countries"),
        ("calendars:\n  own: {country: US, closed: [tomorrow]}\n", 2, "closed"),
        ("duties:\n  - &a [*a, *a]\n", None, ""),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    if words == "status":
        text = text.replace("    status: in_force\n", "")
        line = 6
    (tmp_path / "own.yml").write_text(text)
    with pytest.raises(InputError) as raised:
        load([tmp_path])
    assert raised.value.where is not None
    assert "own.yml" in raised.value.where
    assert words in raised.value.what
    if line is not None:
        assert raised.value.where.endswith(f"own.yml:{line}")


def test_a_file_that_would_grow_without_end_is_refused(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    (tmp_path / "own.yml").write_text(bomb)
    with pytest.raises(InputError, match="too large"):
        load([tmp_path])


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_bytes(b"duties: \xff\xfe")
    with pytest.raises(InputError):
        load([tmp_path])
