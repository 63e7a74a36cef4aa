"""What `verify` says of a whole ledger; what it says of damaged ones is in test_attacks.py."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seawall.ledger.cosigning import cosign
from seawall.ledger.heads import CHECKPOINT, read_heads
from seawall.ledger.index import NAME as INDEX
from seawall.ledger.policy import Policy
from seawall.ledger.verifying import Check, verify
from seawall.model.clock import FixedClock
from tests.ledger.making import ORIGIN, digest, fill, opened
from tests.ledger.witnesses import asking, policy_of, witness_for


def checks(folder: Path, policy: Policy | None = None, kept: dict[str, bytes] | None = None) -> list[Check]:
    heads = read_heads(folder / "ledger", ORIGIN)
    key_file = folder / "keys" / "ledger.key"
    return list(
        verify(folder / "ledger", heads, policy or Policy(), key_file=key_file, kept=list((kept or {}).items()))
    )


def of(found: list[Check], about: str) -> list[str]:
    return [check.verdict for check in found if check.about == about]


def test_a_whole_ledger_is_good_and_says_what_nobody_vouches_for(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 300)
    found = checks(tmp_path)
    assert {check.verdict for check in found} == {"good", "note"}
    (note,) = (check for check in found if check.verdict == "note")
    assert "whoever holds the case's key could write its history anew" in note.said
    assert any("300 entries, whole and in order: 300 finding" in check.said for check in found)


def test_a_read_only_copy_without_the_key_can_be_verified(tmp_path: Path) -> None:
    with opened(tmp_path / "case") as ledger:
        fill(ledger, 300)
    shutil.copytree(tmp_path / "case" / "ledger", tmp_path / "copy" / "ledger")
    before = {p: p.read_bytes() for p in (tmp_path / "copy").rglob("*") if p.is_file()}
    assert "bad" not in {check.verdict for check in checks(tmp_path / "copy")}
    assert {p: p.read_bytes() for p in (tmp_path / "copy").rglob("*") if p.is_file()} == before


def test_entries_behind_the_checkpoint_torn_writes_and_slow_clocks_are_noted(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 3)
    slow = opened(tmp_path, clock=FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
    fill(slow, 2, 3)
    (path,) = (tmp_path / "ledger" / "journal").iterdir()
    (path.parent / f"{path.name}.torn-7-abc").write_bytes(b"x")
    notes = [check.said for check in checks(tmp_path) if check.verdict == "note"]
    assert any("2 entries are not under it yet" in said for said in notes)
    assert any("2 entries were written with a clock up to 325 days" in said for said in notes)
    assert any("1 torn writes were put aside" in said for said in notes)
    slow.close()


def test_witnesses_must_be_as_many_as_the_policy_wants(tmp_path: Path) -> None:
    with opened(tmp_path / "case") as ledger:
        fill(ledger, 3)
        witness = witness_for(tmp_path / "w", ledger)
        policy = policy_of(witness)
        assert of(checks(tmp_path / "case", policy), "witnesses") == ["bad"]
        list(cosign(ledger, policy, asking(witness)))
        assert of(checks(tmp_path / "case", policy), "witnesses") == ["good"]
        other = witness_for(tmp_path / "w2", ledger, "w.example/2")
        assert of(checks(tmp_path / "case", policy_of(other)), "witnesses") == ["bad"]
        witness.close()
        other.close()


def test_a_checkpoint_kept_elsewhere_must_be_of_this_log_and_an_earlier_self(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as ledger:
        fill(ledger, 3)
    kept = (tmp_path / "a/ledger" / CHECKPOINT).read_bytes()
    with opened(tmp_path / "a") as ledger:
        fill(ledger, 300, 3)
    with opened(tmp_path / "b", origin="seawall/other") as ledger:
        fill(ledger, 3)
    theirs = (tmp_path / "b/ledger" / CHECKPOINT).read_bytes()
    found = checks(tmp_path / "a", kept={"kept": kept, "theirs": theirs, "junk": b"junk"})
    assert (of(found, "kept"), of(found, "theirs"), of(found, "junk")) == (["good"], ["bad"], ["bad"])
    assert any("another log: it says seawall/other" in check.said for check in found)


def test_a_key_readable_by_all_and_another_key_are_bad(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 3)
    (tmp_path / "keys" / "ledger.key").chmod(0o644)
    (bad,) = (check for check in checks(tmp_path) if check.verdict == "bad")
    assert "chmod 600" in bad.mend
    with opened(tmp_path / "b", origin="seawall/other") as other:
        policy = Policy((other.verifier(),))
    assert of(checks(tmp_path, policy), "key") == ["bad", "bad"]


def test_the_furthest_clock_is_told(tmp_path: Path) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for back in (0, 5, 1):
        with opened(tmp_path, clock=FixedClock(noon - timedelta(minutes=back))) as ledger:
            ledger.append("x", {})
    assert any("up to 0:05:00 behind" in check.said for check in checks(tmp_path))


@pytest.mark.parametrize("change", ["DELETE FROM keys WHERE entry = 7", "UPDATE keys SET entry = 8 WHERE entry = 7"])
def test_a_nonce_taken_out_of_the_index_is_found_missing_and_comes_back(tmp_path: Path, change: str) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 20)
    with closing(sqlite3.connect(tmp_path / "ledger" / INDEX)) as base, base:
        base.execute(change)
    (told,) = (check for check in checks(tmp_path) if check.about == "index")
    assert (told.verdict, "--rebuild" in told.mend) == ("bad", True)
    with opened(tmp_path) as ledger:
        ledger.rebuild()
        assert [e.index for e in ledger.find("finding", digest(7)[:32])] == [7]
    assert of(checks(tmp_path), "index") == ["good"]


def test_an_index_that_is_gone_broken_or_behind_is_no_tampering(tmp_path: Path) -> None:
    with opened(tmp_path) as ledger:
        fill(ledger, 20)
    ledger = opened(tmp_path)
    fill(ledger, 5, 20)
    assert of(checks(tmp_path), "index") == ["good"]
    ledger.close()
    (tmp_path / "ledger" / INDEX).write_bytes(b"no database")
    assert of(checks(tmp_path), "index") == ["note"]
    (tmp_path / "ledger" / INDEX).unlink()
    assert of(checks(tmp_path), "index") == ["good"]


def test_the_ledger_of_another_case_put_into_this_one_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path / "other", origin="seawall/another") as ledger:
        fill(ledger, 3)
    with opened(tmp_path / "mine") as ledger:
        fill(ledger, 3)
    shutil.rmtree(tmp_path / "mine" / "ledger")
    shutil.copytree(tmp_path / "other" / "ledger", tmp_path / "mine" / "ledger")
    said = [check.said for check in checks(tmp_path / "mine") if check.verdict == "bad"]
    assert any("another case" in one for one in said)
    assert any("private key is not" in one for one in said)
