"""`seawall train exercise` refuses early, and sends nothing without --commit."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall
from tests.training.test_campaign import FILE


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
