from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall


def test_the_list_says_who_handed_over_what(seawall: Seawall, evidence: Path) -> None:
    assert seawall("ingest", evidence, "--collected-by", "J. Doe", "--custody-note", "by scp").code == 0
    first, second = (json.loads(row) for row in seawall("custody", "--format", "jsonl").out.splitlines())
    assert (first["origin"], first["collected_by"], first["note"]) == ("edge7.log", "J. Doe", "by scp")
    assert second["origin"] == "shopping.txt", "what nobody could read was handed over all the same"
    assert "2 stored files" in seawall("custody").out
    assert "J. Doe" in seawall("query", "SELECT collected_by, sha256 FROM custody").out


def test_a_changed_original_is_found_and_told_by_the_exit_code(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence, "--collected-by", "J. Doe")
    assert seawall("custody", "--verify").code == 0
    with (evidence / "edge7.log").open("a") as log:
        log.write("one more\n")
    ran = seawall("custody", "--verify")
    assert ran.code == 3
    assert "grew since it was read" in ran.out
