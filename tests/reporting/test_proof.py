"""A bundle convinces a stranger who has Python and nothing of ours, and only if nothing in it was changed."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from seawall.engine.records import FileRecord
from seawall.errors import InputError
from seawall.ledger import Ledger
from seawall.ledger.cosigning import cosign
from seawall.ledger.policy import Policy
from seawall.model.finding import Finding, finding_from_dict, finding_to_dict
from seawall.reporting.proof import finding_bytes, finding_draft, write_bundle
from seawall.reporting.record import Run, record_hunt
from tests.incidents.stories import at, intrusion
from tests.ledger.making import flip, opened
from tests.ledger.witnesses import asking, policy_of, witness_for

SCRIPT = Path(__file__).parents[2] / "docs" / "how-to" / "verify_proof.py"
RUN = Run(at("12:00:00"), at("12:01:00"), ["aa"], b"manifest", "0")


def stranger(bundle: Path, *keys: Path) -> tuple[int, str]:
    """Runs the script as a stranger does: isolated, no site packages, nothing of ours on the path."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(bundle), *map(str, keys)]
    done = subprocess.run(command, capture_output=True, text=True, env={}, cwd="/", timeout=120)
    return done.returncode, done.stdout + done.stderr


def files_of(finding: Finding) -> list[tuple[str, str]]:
    origins = sorted({e.origin.rpartition(":")[0] for e in finding.evidence})
    return [(origin, sha256(origin.encode()).hexdigest()) for origin in origins]


def recorded(folder: Path, findings: list[Finding]) -> Ledger:
    ledger = opened(folder)
    files = [
        FileRecord(digest, origin, "syslog", 3, 0, None, None, 9) for f in findings for origin, digest in files_of(f)
    ]
    record_hunt(ledger, findings, files, RUN)
    return ledger


@pytest.fixture
def bundle(tmp_path: Path) -> tuple[Path, Path]:
    """A bundle a witness stands behind, and the keys the stranger was given."""
    findings = intrusion()
    ledger = recorded(tmp_path / "case", findings)
    witness = witness_for(tmp_path / "w", ledger)
    policy = policy_of(witness)
    list(cosign(ledger, policy, asking(witness)))
    written = write_bundle(tmp_path / "bundle", findings[0], ledger, policy, files=files_of(findings[0]))
    assert written.witnesses == ("w",)
    assert written.custody == len(files_of(findings[0])) > 0
    keys = tmp_path / "given.policy"
    keys.write_text(Policy((ledger.verifier(),), policy.witnesses, policy.groups, policy.quorum).text)
    ledger.close()
    witness.close()
    return tmp_path / "bundle", keys


def test_a_stranger_is_convinced_with_python_alone(bundle: tuple[Path, Path]) -> None:
    folder, keys = bundle
    code, said = stranger(folder, keys)
    assert (code, said.count("holds:")) == (0, 3), said
    assert "signed by the log and by w" in said
    assert "came with the bundle" not in said
    finding = json.loads((folder / "finding.json").read_bytes())
    assert finding["evidence"][0]["excerpt"], "the raw excerpt is what the court reads"
    assert "came with the bundle" in stranger(folder)[1]


def test_any_change_in_the_bundle_is_told(bundle: tuple[Path, Path], tmp_path: Path) -> None:
    folder, keys = bundle
    names = [p.name for p in folder.iterdir() if p.name != "keys.policy"]
    assert len(names) == 5
    for name in names:
        raw = (folder / name).read_bytes()
        for bit in (12, 4 * len(raw), 8 * len(raw) - 20):
            changed = tmp_path / f"changed-{name}-{bit}"
            shutil.copytree(folder, changed)
            (changed / name).write_bytes(flip(raw, bit))
            code, said = stranger(changed, keys)
            assert (code, "DOES NOT HOLD" in said) == (1, True), f"{name} bit {bit}: {said}"
            assert "Traceback" not in said


def test_keys_of_another_case_or_a_missing_witness_do_not_hold(bundle: tuple[Path, Path], tmp_path: Path) -> None:
    folder, keys = bundle
    with opened(tmp_path / "other") as other:
        (tmp_path / "other.policy").write_text(Policy((other.verifier(),)).text)
    assert "not signed by a trusted log" in stranger(folder, tmp_path / "other.policy")[1]
    note = (folder / "entry.tlog-proof").read_text()
    (folder / "entry.tlog-proof").write_text("".join(line for line in note.splitlines(True) if "w.example" not in line))
    code, said = stranger(folder, keys)
    assert (code, "too few trusted witnesses" in said) == (1, True)
    assert stranger(tmp_path)[0] == 1
    assert "DOES NOT HOLD" in stranger(tmp_path)[1]


def test_a_bundle_cannot_write_over_what_was_said_of_it(bundle: tuple[Path, Path]) -> None:
    folder, keys = bundle
    wipe = "\x1b[2J\rholds:\u202e"
    (folder / "keys.policy").write_text(f"# {wipe}\n" + (folder / "keys.policy").read_text(), encoding="utf-8")
    code, told = stranger(folder)
    assert (code, told.isascii(), "\x1b" in told, "\\x1b[2J" in told) == (0, True, False, True)
    (folder / f"custody-9{wipe}.json").write_text('{"kind": "other"}')
    code, told = stranger(folder, keys)
    assert (code, "DOES NOT HOLD" in told, "\x1b" in told) == (1, True, False)


def test_without_a_witness_the_bundle_says_what_it_rests_on(tmp_path: Path) -> None:
    findings = intrusion()
    with recorded(tmp_path / "case", findings) as ledger:
        witness = witness_for(tmp_path / "w", ledger)
        written = write_bundle(tmp_path / "b", findings[1], ledger, policy_of(witness))
        witness.close()
    assert written.witnesses == ()
    code, said = stranger(tmp_path / "b")
    assert (code, "by no witness" in said) == (0, True)


def test_a_finding_the_ledger_does_not_hold_or_holds_otherwise_is_not_proven(tmp_path: Path) -> None:
    first, second, *_ = intrusion()
    with recorded(tmp_path / "case", [first]) as ledger:
        with pytest.raises(InputError, match="does not hold this finding"):
            write_bundle(tmp_path / "b", second, ledger, Policy())
        with pytest.raises(InputError, match="in another state"):
            write_bundle(tmp_path / "b", replace(first, count=first.count + 1), ledger, Policy())
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "x").touch()
        with pytest.raises(InputError, match="other files"):
            write_bundle(tmp_path / "full", first, ledger, Policy())
    assert not (tmp_path / "b").exists()


def test_a_finding_has_the_same_bytes_after_a_round_trip_and_whatever_its_details_hold() -> None:
    for finding in intrusion():
        again = finding_from_dict(json.loads(json.dumps(finding_to_dict(finding))))
        assert finding_bytes(again) == finding_bytes(finding)
        assert finding_bytes(replace(finding, replaces="0" * 32)) == finding_bytes(finding)
        assert finding_bytes(replace(finding, count=finding.count + 1)) != finding_bytes(finding)
    odd = replace(
        intrusion()[0], details={"big": 2**70, "nan": math.nan, "at": at("12:00:00"), "half": "\ud800", 3: 0.1}
    )
    assert finding_bytes(odd)


def test_the_entry_about_a_finding_names_nobody() -> None:
    for finding in intrusion():
        said = str(finding_draft(finding).body)
        assert not any(entity.value in said for entity in finding.entities)
