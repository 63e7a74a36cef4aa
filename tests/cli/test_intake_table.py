"""The list an intake ends with counts right and hides neither refusals nor hostile names."""

from __future__ import annotations

import pytest

from seawall.cli.intake_table import LONG, show
from seawall.sources.base import Reject
from seawall.sources.intake import FileReport

READ = FileReport("a.log", "syslog", events=1_200, new=1_000, kinds=(("syslog", 1_200),))


def shown(out: pytest.CaptureFixture[str], *reports: FileReport, written: bool = True) -> str:
    show(reports, written=written)
    return out.readouterr().out


def test_the_last_line_sums_what_the_rows_say(capsys: pytest.CaptureFixture[str]) -> None:
    unread = FileReport("b.bin", "", skipped="nobody knows this format")
    last = shown(capsys, READ, READ, unread).splitlines()
    assert "3 files: 2,400 events (2,000 of them new to the case), no rejects, 1 not read" in last
    assert "b.bin: not read: nobody knows this format" in last


def test_looking_alone_says_that_nothing_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, READ, written=False)
    assert "(nothing written)" in out
    assert "1,000" not in out


@pytest.mark.parametrize(("rejected", "more"), [(3, ""), (4, "and 1 more rejects"), (5_000, "and 4,997 more rejects")])
def test_a_few_rejects_are_shown_and_the_rest_is_counted(
    capsys: pytest.CaptureFixture[str], rejected: int, more: str
) -> None:
    some = tuple(Reject(f"a.log:{n}", "cut off") for n in range(min(rejected, 20)))
    out = shown(capsys, FileReport("a.log", "syslog", rejected=rejected, rejects=some))
    assert out.count("cut off") == 3
    assert more in out
    assert ("more rejects" in out) is bool(more)


def test_a_hostile_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    name = "x\x1b[2J\r[red]y[/red]\u202e.log"
    bad = FileReport(name, "syslog", rejected=1, rejects=(Reject(f"{name}:1", name),), notes=(name,))
    out = shown(capsys, bad, FileReport(name, "", skipped=name))
    assert not set(out) & {"\x1b", "\r", "\u202e"}
    assert "[red]y[/red]" in out


def test_no_files_at_all_are_said_as_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no files: no events" in shown(capsys)


def test_a_long_list_is_summed_by_format_and_by_reason(capsys: pytest.CaptureFixture[str]) -> None:
    unread = [FileReport(f"b{n}.bin", "", skipped="nobody knows this format") for n in range(7)]
    bad = FileReport("bad.log", "syslog", events=5, rejected=9, rejects=(Reject("bad.log:1", "cut off"),))
    out = shown(capsys, *[READ] * LONG, *unread, bad)
    assert "a.log" not in out
    row = next(row for row in out.splitlines() if row.startswith(" syslog (syslog)"))
    assert row.split()[2:5] == ["61", "72,005", "60,000"]
    assert "7 files not read: nobody knows this format: b0.bin, b1.bin, b2.bin, b3.bin, b4.bin and 2 more" in out
    assert "bad.log: 9 rejects: cut off" in out
    show([READ] * (LONG + 1), written=True, every=True)
    assert capsys.readouterr().out.count("a.log") == LONG + 1
