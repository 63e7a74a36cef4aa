from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall


def test_cards_are_listed_shown_and_printed(seawall: Seawall, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in seawall("train", "card", "list", "--format", "jsonl").out.splitlines()]
    assert {"sim-swap", "emergency-data-request", "vendor-access"} <= {row["id"] for row in rows}
    shown = seawall("train", "card", "show", "sim-swap")
    assert "**REFUSE**" in shown.out
    page = tmp_path / "cards.html"
    assert seawall("train", "card", "print", "--out", page).code == 0
    assert page.read_text().count("<article>") == len(rows)
    assert seawall("train", "card", "show", "none").code == 2
