"""`seawall audit diff`: what it prints, where, and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seawall.cli.main import cli
from tests.detect.audit.changes.bench import base

PE1 = base("iosxe")
CHANGED = PE1.replace("username breakglass", "username svc privilege 15 secret 9 $9$x$y\nusername breakglass")


def diff(folder: Path, after: str | bytes, *more: str) -> Result:
    (folder / "before.cfg").write_text(PE1)
    (folder / "after.cfg").write_bytes(after.encode() if isinstance(after, str) else after)
    names = [str(folder / "before.cfg"), str(folder / "after.cfg")]
    return CliRunner().invoke(cli, ["audit", "diff", *names, *more], standalone_mode=False)


def test_a_finding_is_one_line_of_json_with_the_lines_before_and_after(tmp_path: Path) -> None:
    done = diff(tmp_path, CHANGED, "--format", "jsonl")
    (line,) = done.stdout.splitlines()
    finding = json.loads(line)
    assert finding["detector"] == "change.user"
    assert finding["tags"] == ["behaviour:P-01"]
    assert finding["details"]["after"] == ["username svc privilege 15 secret 9 <masked>"]
    assert finding["first"] is None  # neither file says when
    assert "$9$x$y" not in done.output


def test_the_table_shows_the_changed_lines_with_their_sign(tmp_path: Path) -> None:
    done = diff(tmp_path, PE1.replace("logging host 10.20.0.31\n", ""))
    assert "- logging host 10.20.0.31" in done.stdout
    assert "1 comparisons of 1 devices" in done.stderr


@pytest.mark.parametrize(("least", "code"), [("critical", 10), ("high", 10)])
def test_fail_on_leaves_with_ten(tmp_path: Path, least: str, code: int) -> None:
    assert diff(tmp_path, CHANGED, "--fail-on", least).return_value == code
    assert diff(tmp_path, PE1.replace("cost 10", "cost 20"), "--fail-on", least).return_value in (0, None)


def test_a_binary_file_is_refused_in_one_line(tmp_path: Path) -> None:
    done = diff(tmp_path, b"\x7fELF" + bytes(300))
    assert "not text" in str(done.exception)


def test_nothing_told_is_said(tmp_path: Path) -> None:
    assert "nothing that changed looks like an intruder's move" in diff(tmp_path, PE1).stdout
