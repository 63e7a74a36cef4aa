"""Whoever holds the disk and the key, and changes history all the same: the log and one witness find out.

Each attack is tried twice: by somebody who has the disk only (the log itself refuses), and by somebody who signs what
he made with the stolen key (the log looks whole; the witness, or whoever kept an older checkpoint, is not fooled).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.ledger import Ledger
from seawall.ledger.cosigning import compare, cosign
from seawall.ledger.heads import CHECKPOINT, read_heads
from seawall.ledger.journal import Journal, encode_frame, frames
from seawall.ledger.note import Note
from seawall.ledger.policy import Policy
from seawall.ledger.proof_file import Proof, check_proof
from seawall.ledger.verifying import verify
from seawall.ledger.witness import Witness
from tests.ledger.making import ORIGIN, TickingClock, drafts, fill, flip, opened
from tests.ledger.witnesses import asking, policy_of, witness_for

Attack = Callable[[list[bytes]], list[bytes]]


def rewrite(entries: list[bytes]) -> list[bytes]:
    return [*entries[:7], entries[7].replace(b"finding", b"fondant"), *entries[8:]]


def truncate(entries: list[bytes]) -> list[bytes]:
    return entries[:-5]


def insert(entries: list[bytes]) -> list[bytes]:
    return [*entries[:7], entries[3], *entries[7:]]


def reorder(entries: list[bytes]) -> list[bytes]:
    return [*entries[:7], entries[8], entries[7], *entries[9:]]


def drop(entries: list[bytes]) -> list[bytes]:
    return [*entries[:7], *entries[8:]]


ATTACKS = [rewrite, truncate, insert, reorder, drop]


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A ledger of 300 entries, 280 of them under a checkpoint a witness signed."""
    with opened(tmp_path / "case") as ledger:
        fill(ledger, 280)
        witness = witness_for(tmp_path / "w", ledger)
        assert [h.alarm for h in cosign(ledger, policy_of(witness), asking(witness))] == [False]
        witness.close()
        fill(ledger, 20, 280)
    return tmp_path / "case"


def entries_of(case: Path) -> list[bytes]:
    return [e for path in sorted((case / "ledger/journal").iterdir()) for f in frames(path, 0) for e in f.entries]


def write_journal(case: Path, entries: list[bytes]) -> None:
    folder = case / "ledger" / "journal"
    for path in folder.iterdir():
        path.unlink()
    (folder / f"{0:020d}").write_bytes(encode_frame(0, entries))


def forge(case: Path, entries: list[bytes]) -> Path:
    """The same log with other entries, every derived file made anew and signed with the stolen key."""
    forged = case.parent / "forged"
    shutil.rmtree(forged, ignore_errors=True)
    shutil.copytree(case / "keys", forged / "keys")
    (forged / "ledger").mkdir(parents=True)
    shutil.copy(case / "ledger" / "log.vkey", forged / "ledger")
    journal = Journal(forged / "ledger", Disk())
    journal.make()
    journal.append(entries)
    journal.close()
    opened(forged).close()
    return forged


def bad(case: Path, policy: Policy | None = None, kept: bytes | None = None) -> list[str]:
    heads = read_heads(case / "ledger", ORIGIN)
    others = [("kept", kept)] if kept else []
    checks = verify(case / "ledger", heads, policy or Policy(), key_file=case / "keys/ledger.key", kept=others)
    return [f"{check.about}: {check.said}" for check in checks if check.verdict == "bad"]


def witnessed(case: Path) -> Witness:
    return Witness(case.parent / "w", clock=TickingClock())


def heard(ledger: Ledger, witness: Witness) -> str:
    (one,) = cosign(ledger, policy_of(witness), asking(witness))
    assert one.alarm, one.said
    assert one.signature is None
    return one.said


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_without_the_key_the_log_itself_refuses(case: Path, attack: Attack) -> None:
    assert bad(case) == []
    write_journal(case, attack(entries_of(case)))
    assert bad(case), "verify must see it"
    with pytest.raises(InputError, match=r"signed over|entries") as caught:
        opened(case)
    assert caught.value.mend


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_with_the_key_the_witness_and_whoever_kept_a_checkpoint_refuse(case: Path, attack: Attack) -> None:
    kept = (case / "ledger" / CHECKPOINT).read_bytes()
    forged = forge(case, attack(entries_of(case)))
    assert bad(forged) == [], "alone, the forged log looks whole"
    assert any("kept:" in said for said in bad(forged, kept=kept))
    witness = witnessed(case)
    cosigned = (case / "ledger" / "cosigned").read_bytes()
    assert bad(forged, policy_of(witness)) == ["witnesses: none has signed"]
    with opened(forged) as ledger:
        if attack is not truncate:  # what the witness saw is still there: five entries behind it are gone
            assert "another" in heard(ledger, witness)
            assert [h.alarm for h in compare(ledger, policy_of(witness), asking(witness))] == [True]
    (forged / "ledger" / "cosigned").write_bytes(cosigned)
    if attack is not truncate:
        assert bad(forged, policy_of(witness))
        with pytest.raises(InputError, match="signed over"):
            opened(forged)
    witness.close()


def test_a_log_cut_behind_what_the_witness_saw_is_told_how_much_is_gone(case: Path) -> None:
    forged = forge(case, entries_of(case)[:200])
    witness = witnessed(case)
    with opened(forged) as ledger:
        assert "has seen 280 entries, we have 200: this ledger was rolled back or cut" in heard(ledger, witness)
        (one,) = compare(ledger, policy_of(witness), asking(witness))
        assert one.alarm
    witness.close()


def test_a_rollback_to_an_older_copy_is_found_out_even_after_it_has_grown_past(case: Path) -> None:
    old = case.parent / "old"
    shutil.copytree(case, old)
    witness = witnessed(case)
    with opened(case) as ledger:
        fill(ledger, 100, 300)
        assert [h.alarm for h in cosign(ledger, policy_of(witness), asking(witness))] == [False]
    with opened(old) as ledger:
        assert bad(old) == [], "the old copy is whole in itself"
        assert "has seen 400 entries" in heard(ledger, witness)
        fill(ledger, 200, 1_000)
        assert "another" in heard(ledger, witness)
    witness.close()


def test_a_fork_two_roots_of_one_size_gets_one_signature(case: Path) -> None:
    fork = case.parent / "fork"
    shutil.copytree(case, fork)
    witness = witnessed(case)
    with opened(case) as ours, opened(fork) as theirs:
        fill(ours, 50, 300)
        fill(theirs, 50, 5_000)
        assert ours.size == theirs.size
        assert [h.alarm for h in cosign(ours, policy_of(witness), asking(witness))] == [False]
        assert "another" in heard(theirs, witness)
    witness.close()


def test_in_a_split_view_only_one_side_can_show_a_witness(case: Path) -> None:
    other_side = case.parent / "other-side"
    shutil.copytree(case, other_side)
    witness = witnessed(case)
    with opened(case) as ours, opened(other_side) as theirs:
        fill(ours, 50, 300)
        theirs.append_all(drafts(50, 5_000, kind="certified"))
        assert [h.alarm for h in cosign(ours, policy_of(witness), asking(witness))] == [False]
        cosigned = ours.heads.cosigned()
        assert cosigned is not None
        policy = Policy(
            (ours.verifier(),), *(getattr(policy_of(witness), n) for n in ("witnesses", "groups", "quorum"))
        )
        proof = Proof(320, tuple(ours.inclusion_proof(320, 350)), cosigned[1].encoded)
        assert check_proof(proof, ours.entry(320).raw, policy)[1] == ["w"]
        theirs_signed = theirs.heads.signed(theirs.publish())
        hashes = tuple(theirs.inclusion_proof(320, 350))
        with pytest.raises(InputError, match="too few witnesses"):
            check_proof(Proof(320, hashes, theirs_signed), theirs.entry(320).raw, policy)
        stolen = Note(theirs.heads.cosigned()[0].text, cosigned[1].signatures)  # type: ignore[index]
        with pytest.raises(InputError, match="is wrong"):
            check_proof(Proof(320, hashes, stolen.encoded), theirs.entry(320).raw, policy)
    witness.close()


def test_an_old_checkpoint_played_again_does_not_lead_the_witness_back(case: Path) -> None:
    witness = witnessed(case)
    old = b"old 0\n\n" + (case / "ledger" / "cosigned").read_bytes()
    assert witness.add_checkpoint(old).body == b"280\n"
    with opened(case) as ledger:
        assert [h.alarm for h in cosign(ledger, policy_of(witness), asking(witness))] == [False]
    assert witness.add_checkpoint(old).body == b"300\n"
    assert witness.add_checkpoint(old.replace(b"old 0", b"old 300", 1)).status == 400
    witness.close()


def test_one_flipped_bit_anywhere_is_a_clear_refusal_and_nothing_is_lost(case: Path) -> None:
    files = [p for p in (case / "ledger").rglob("*") if p.is_file() and not p.name.startswith(("index", "turn"))]
    assert len(files) > 8
    for path in files:
        raw = path.read_bytes()
        for bit in (5, 8 * (len(raw) // 2) + 1, 8 * len(raw) - 3):
            path.write_bytes(flip(raw, bit))
            told = bad(case)
            if path.parent.name == "journal" and bit > 8 * (len(raw) - 3_000):
                continue  # the last frame: looked at below
            assert told, f"{path} bit {bit}"
        path.write_bytes(raw)
    assert bad(case) == []


def test_damage_in_the_last_batch_is_not_taken_for_a_torn_write_once_it_was_signed(case: Path) -> None:
    (path,) = (case / "ledger" / "journal").iterdir()
    raw = path.read_bytes()
    path.write_bytes(flip(raw, 8 * len(raw) - 30))
    assert any("entries were taken away" in said for said in bad(case))
    with pytest.raises(InputError, match="signed over"):
        opened(case)
    kept = b"".join(p.read_bytes() for p in sorted(path.parent.iterdir()))
    assert len(kept) == len(raw), "its bytes are put aside, not thrown away"


def test_a_changed_tile_is_refused_named_and_made_again_from_the_journal(case: Path) -> None:
    tile = case / "ledger" / "tile" / "0" / "000"
    raw = tile.read_bytes()
    tile.write_bytes(flip(raw, 1234))
    assert any("tile/0/000 does not fit" in said for said in bad(case))
    with opened(case) as ledger:
        with pytest.raises(InputError, match="do not prove"):
            ledger.inclusion_proof(1, 300)
        ledger.rebuild()
        assert ledger.inclusion_proof(1, 300)
    assert tile.read_bytes() == raw
    assert bad(case) == []
