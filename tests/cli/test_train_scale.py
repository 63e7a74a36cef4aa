from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall
from tests.training.test_mint import RAW


def test_a_message_is_rated_as_a_proposal_until_a_person_confirms_it(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(RAW)
    ran = seawall("train", "scale", tmp_path / "a.eml", "--elements", "6,6,2,4,0", "--format", "jsonl")
    told = json.loads(ran.out)
    assert told["status"] == "proposal"
    assert told["cues"]["sense of urgency"] == 1
    assert "inconsistency" in told["not_counted"]
    told = json.loads(
        seawall("train", "scale", tmp_path / "a.eml", "--elements", "6,6,2,4,0", "--set", "urgency=15",
                "--confirmed-by", "a.lind", "--format", "jsonl").out
    )  # fmt: skip
    assert (told["status"], told["cue_category"], told["difficulty"]) == ("confirmed", "many", "moderately difficult")
    ran = seawall("train", "scale", "--set", "urgency=8", "--elements", "8,8,2,0,0")
    assert ran.out.startswith("very difficult (proposal)")


def test_what_the_scale_does_not_know_is_refused(seawall: Seawall) -> None:
    for wrong in (("--set", "hurry=1", "--elements", "0,0,0,0,0"), ("--set", "urgency=1", "--elements", "1,0,0,0,0"),
                  ("--set", "urgency=x", "--elements", "0,0,0,0,0"), ("--elements", "0,0,0,0,0"),
                  ("--set", "urgency=1")):  # fmt: skip
        assert seawall("train", "scale", *wrong).code == 2


def test_a_minted_item_is_a_draft_until_confirmed_and_then_listed(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_text(RAW)
    ask = ("train", "mint", tmp_path / "a.eml", "--id", "fake-invoice", "--verdict", "phish", "--elements", "6,4,2,4,0")
    assert seawall(*ask).code == 0
    assert "fake-invoice" not in seawall("train", "list", "--format", "jsonl").out
    assert seawall(*ask, "--confirmed-by", "a.lind").code == 0
    assert "fake-invoice" in seawall("train", "list", "--format", "jsonl").out
    assert seawall(*ask, "--confirmed-by", "a.lind").code == 2
