from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.model.custody import CustodyRecord, Said, beside, file_digest, to_entry


def test_a_note_beside_or_above_the_evidence_speaks_for_it(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "custody.toml").write_text(
        'collected_by = "J. Doe, NOC"\ncollected_at = 2026-11-21T23:30:00+01:00\nnote = "by scp"\n'
    )
    said = Said("J. Doe, NOC", datetime(2026, 11, 21, 22, 30, tzinfo=UTC), "by scp")
    assert beside(tmp_path / "sub" / "a.log") == said
    (tmp_path / "sub" / "custody.toml").write_text('collected_by = "nearer"\n')
    assert beside(tmp_path / "sub" / "a.log") == Said("nearer")


@pytest.mark.parametrize(
    "text", ['collectedby = "x"', "collected_by = 7", "collected_at = 2026-11-21", "[[", "\xff", "a = 1\n" * 20_000]
)
def test_a_wrong_note_says_where_and_how_to_mend_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "custody.toml").write_text(text, encoding="latin-1")
    with pytest.raises(InputError) as error:
        beside(tmp_path / "a.log")
    assert error.value.where == str(tmp_path / "custody.toml")
    assert "collected_by" in (error.value.mend or "")


def test_an_entry_for_the_ledger_holds_plain_values(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    sha256, size = file_digest(tmp_path / "a")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    entry = to_entry(CustodyRecord("a", str(tmp_path / "a"), sha256, size, now, Said("ann")))
    assert entry["sha256"] == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (entry["bytes"], entry["collected_by"], entry["collected_at"]) == (3, "ann", None)
    assert entry["received"] == "2026-11-22T00:00:00.000000Z"
