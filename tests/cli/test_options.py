"""Options are spelled once and mean the same everywhere; a time without a zone is UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from seawall.cli.options import Moment, case_option, format_option, rules_option


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        (" 2026-11-21T22:00:00Z ", datetime(2026, 11, 21, 22, tzinfo=UTC)),
        ("2026-11-21T22:00:00", datetime(2026, 11, 21, 22, tzinfo=UTC)),
        ("2026-11-21T22:00:00+05:30", datetime(2026, 11, 21, 16, 30, tzinfo=UTC)),
        ("0001-01-01", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_as_utc_unless_it_says_otherwise(text: str, moment: datetime) -> None:
    found = Moment().convert(text, None, None)
    assert found == moment
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["yesterday", "", "2026-02-30", "22:00", "2026-11-21T25:00", "0001-01-01T00:00+01:00", "9999-12-31T23:59-01:00"],
)
def test_what_is_no_time_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no time; write 2026-11-21"):
        Moment().convert(text, None, None)


@click.command()
@case_option
@rules_option
@format_option
def show(case_folder: Path, rule_paths: tuple[Path, ...], form: str) -> None:
    click.echo(f"{case_folder} {len(rule_paths)} {form}")


def test_the_case_is_named_on_the_line_before_the_environment_before_the_usual_place(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(show, [], env={"SEAWALL_CASE": ""}).output == "case 0 table\n"
    assert run.invoke(show, [], env={"SEAWALL_CASE": "there"}).output == "there 0 table\n"
    assert run.invoke(show, ["--case", "here"], env={"SEAWALL_CASE": "there"}).output == "here 0 table\n"


def test_rules_may_be_given_again_but_must_be_there(tmp_path: Path) -> None:
    run = CliRunner()
    assert run.invoke(show, ["--rules", str(tmp_path), "--rules", str(tmp_path)]).output == "case 2 table\n"
    assert run.invoke(show, ["--rules", str(tmp_path / "gone")]).exit_code == 2
    assert run.invoke(show, ["--format", "xml"]).exit_code == 2
