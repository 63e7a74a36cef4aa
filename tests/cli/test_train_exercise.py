"""`seawall train exercise` refuses early, and sends nothing without --commit."""

from __future__ import annotations

import json
import mailbox
from datetime import UTC, datetime
from pathlib import Path

from tests.cli.conftest import Seawall
from tests.training.test_campaign import FILE
from tests.training.test_exercise import Server, report


def test_an_exercise_is_planned_and_not_sent(seawall: Seawall, tmp_path: Path) -> None:
    assert seawall("init").code == 0
    file = tmp_path / "a.toml"
    file.write_text(FILE)
    ran = seawall("train", "exercise", "plan", file)
    assert (ran.code, "no own domain" in ran.err) == (2, True)
    (tmp_path / "case" / "seawall.toml").write_text(
        '[training]\nroster = "roster.csv"\ndomains = ["carrier.example"]\npage = "https://train.carrier.example"\n'
    )
    people = "".join(f"p{n},p{n}@carrier.example,noc,noc\n" for n in range(12))
    (tmp_path / "case" / "roster.csv").write_text(f"person,address,group,role\n{people}far,far@evil.test,noc,noc\n")
    assert seawall("train", "opt-out", "p3").code == 0
    ran = seawall("train", "exercise", "plan", file, "--format", "jsonl")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert (told["people"], told["messages_to_send"], told["left_out"], told["doubts"]) == (11, 22, 2, [])
    ran = seawall("train", "exercise", "send", file)
    assert (ran.code, "Nothing was sent" in ran.err) == (0, True)
    ran = seawall("train", "exercise", "send", file, "--commit")
    assert (ran.code, "no mail server" in ran.err) == (2, True)
    assert seawall("train", "exercise", "status", "--format", "jsonl").out == ""
    assert seawall("train", "exercise", "stop", "nothing").code == 3


def test_an_exercise_is_sent_reported_and_shown_through_the_command_line(seawall: Seawall, tmp_path: Path) -> None:
    assert seawall("init").code == 0
    file = tmp_path / "a.toml"
    file.write_text(FILE)
    people = "".join(f"p{n},p{n}@carrier.example,noc,noc\n" for n in range(12))
    (tmp_path / "case" / "roster.csv").write_text(f"person,address,group,role\n{people}")
    with Server(tmp_path / "delivered") as server:
        (tmp_path / "case" / "seawall.toml").write_text(
            '[training]\nroster = "roster.csv"\ndomains = ["carrier.example"]\npage = "https://train.carrier.example"\n'
            f'smtp_host = "127.0.0.1"\nsmtp_port = {server.port}\nsmtp_security = "none"\nper_minute = 100000\n'
        )
        ran = seawall("train", "exercise", "send", file, "--commit")
    assert ran.code == 0, ran.err
    assert "24 delivered, 0 refused" in ran.err
    assert seawall("train", "exercise", "send", file, "--commit").code == 2
    lure = next(m for m in mailbox.Maildir(tmp_path / "delivered") if m["Subject"] == "Your VPN ends")
    (tmp_path / "report.eml").write_bytes(report(lure, datetime.now(UTC), attached=True).as_bytes())
    ran = seawall("train", "exercise", "collect", tmp_path / "report.eml", "--format", "jsonl")
    assert json.loads(ran.out)["matched"] == 1
    told = json.loads(seawall("train", "exercise", "status", "autumn-2026", "--format", "jsonl").out)
    assert (told["whole"]["reporters"], told["whole"]["useful_reports"], told["whole"]["people"]) == (1, 1, 12)
    assert "reported 1 of 12" in seawall("train", "exercise", "status").out
    assert seawall("ledger", "verify").code == 0
