from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from seawall.cli.main import cli
from tests.detect.mail.letters import FAIL, letter

LURE = "Your mailbox will be closed today. Verify your account: https://velmora-login.example/k\n"


def lines(*arguments: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, ["mail", "triage", *arguments, "--format", "jsonl"])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def folder(tmp_path: Path) -> Path:
    reported = tmp_path / "reported"
    reported.mkdir()
    (reported / "a.eml").write_bytes(letter().as_bytes())
    for name in ("b.eml", "c.eml"):
        (reported / name).write_bytes(letter(LURE, sender="IT <it@velmora-login.example>", stamp=FAIL).as_bytes())
    (reported / "notes.txt").write_text("not a message")
    return reported


def test_each_message_gets_one_line_with_verdict_score_and_cues(tmp_path: Path) -> None:
    found = {line["file"]: line for line in lines(str(folder(tmp_path)))}
    assert {name: line["verdict"] for name, line in found.items()} == {
        "a.eml": "wanted",
        "b.eml": "phish",
        "c.eml": "phish",
    }
    assert found["b.eml"]["score"] > 0.5 > found["a.eml"]["score"]
    assert all({"cue", "toward", "reason", "where", "span"} <= cue.keys() for cue in found["b.eml"]["cues"])
    assert found["b.eml"]["campaign"] == found["c.eml"]["campaign"] != found["a.eml"]["campaign"]
    assert "phish" in found["b.eml"]["reply"]
    assert "https://" not in found["b.eml"]["reply"]


def test_indicators_come_as_a_list_a_hunt_reads(tmp_path: Path) -> None:
    out = tmp_path / "phish.csv"
    lines(str(folder(tmp_path)), "--indicators", str(out))
    rows = out.read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("value,type,confidence")
    assert any(row.startswith("velmora-login.example,domain") for row in rows)
    assert not any("velmora.example," in row for row in rows)


def test_a_case_keeps_one_finding_a_campaign_and_adds_nothing_twice(tmp_path: Path) -> None:
    reported, case = folder(tmp_path), tmp_path / "case"
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.settings import Settings
    from seawall.pipeline import case_state

    for _ in range(2):
        found = lines(str(reported), "--case", str(case), "--who")
    with case_state(open_case(case, SystemClock()), Settings()) as state:
        (finding,) = [one for one in state.findings() if one.detector == "mail.phish"]
    assert finding.evidence_total == 2
    assert {line["event_id"] for line in found if line["verdict"] == "phish"} >= {e.event_id for e in finding.evidence}
    assert all("got" in line["who"] for line in found if line["verdict"] == "phish")


def test_a_folder_without_mail_is_an_input_fault(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("nothing here")
    done = CliRunner().invoke(cli, ["mail", "triage", str(tmp_path)])
    assert done.exit_code == 3


def test_an_empty_message_gets_a_line_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    (line,) = lines(str(tmp_path))
    assert (line["verdict"], line["cannot_be_judged"]) == ("unsure", "it is empty")
