from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.conftest import Seawall

ROOT = Path(__file__).parents[2]


def first_finding(seawall: Seawall) -> str:
    return str(json.loads(seawall("hunt", "--format", "jsonl").out.splitlines()[0])["id"])


def test_a_hunt_is_recorded_verified_and_a_finding_proven(seawall: Seawall, evidence: Path) -> None:
    assert seawall("hunt", evidence).code == 0
    ran = seawall("ledger", "verify", "--format", "jsonl")
    assert ran.code == 0
    checks = [json.loads(line) for line in ran.out.splitlines()]
    assert {check["verdict"] for check in checks} == {"good", "note"}
    assert "2 file, 3 finding, 1 hunt" in next(c["said"] for c in checks if c["about"] == "journal")
    finding = first_finding(seawall)
    ran = seawall("ledger", "prove", finding[:8], "--out", "bundle", "--format", "jsonl")
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["custody"] >= 1
    script = ROOT / "docs" / "how-to" / "verify_proof.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", script, "bundle"], capture_output=True, text=True, env={}, timeout=60
    )
    assert (done.returncode, "a file of evidence" in done.stdout) == (0, True), done.stdout
    told = seawall("ledger", "prove", finding, "--out", "again")
    assert "rests on the case's own key" in told.out


def test_a_finding_nobody_has_and_a_case_without_ledger_are_letters(seawall: Seawall, evidence: Path) -> None:
    assert seawall("ledger", "verify").code == 3
    seawall("init")
    ran = seawall("ledger", "verify")
    assert ran.code == 3
    assert "no ledger here" in ran.err
    seawall("hunt", evidence)
    ran = seawall("ledger", "prove", "zzzz")
    assert ran.code == 3
    assert "no finding has that id" in ran.err


def test_a_changed_ledger_exits_3_and_says_how_to_mend(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    kept = Path("kept")
    kept.write_text(seawall("ledger", "checkpoint").out)
    assert seawall("ledger", "verify", "--checkpoint", kept).code == 0
    (tile,) = Path("case/ledger/tile/0/000.p").iterdir()
    raw = tile.read_bytes()
    tile.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    ran = seawall("ledger", "verify")
    assert ran.code == 3
    assert re.search(r"BAD\s+tiles: tile/0/000", ran.out)
    assert "--rebuild" in ran.out
    assert seawall("hunt", evidence).code == 3, "a hunt does not go on from it"
    tile.unlink()
    assert seawall("ledger", "checkpoint", "--rebuild").code == 0
    assert seawall("ledger", "verify", "--checkpoint", kept).code == 0


def test_a_key_readable_by_all_stops_a_hunt_before_it_reads(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    key = Path("case/keys/ledger.key")
    key.chmod(0o644)
    ran = seawall("hunt", evidence)
    assert ran.code == 3
    assert "chmod 600 case/keys/ledger.key" in ran.err
    key.chmod(0o600)
    assert seawall("hunt", evidence).code == 0


@contextmanager
def serving(folder: str) -> Iterator[str]:
    """The witness as its own program."""
    command = [sys.executable, "-m", "seawall", "ledger", "witness", "serve", "--dir", folder, "--port", "0"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as program:
        try:
            assert program.stderr is not None
            at = re.search(r"at (http://\S+)/", program.stderr.readline())
            assert at is not None
            yield at[1]
        finally:
            heard = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN  # a background job's children never hear it
            program.send_signal(signal.SIGINT if heard else signal.SIGTERM)
            try:
                program.wait(30)
            finally:
                program.kill()  # leaving `with` waits for it without end


def test_a_witness_on_the_wire_signs_and_tells_of_a_ledger_led_back(seawall: Seawall, evidence: Path) -> None:
    import shutil

    seawall("hunt", evidence)
    shutil.copytree("case", "older")
    vkey = seawall("ledger", "witness", "init", "witness.example/one", "--dir", "w").out.strip()
    assert (
        seawall("ledger", "witness", "watch", Path("case/ledger/log.vkey").read_text().strip(), "--dir", "w").code == 0
    )
    with serving("w") as url:
        for case in ("case", "older"):
            assert seawall("ledger", "witness", "add", "regulator", vkey, url, "--case", case).code == 0
        assert seawall("ledger", "verify").code == 3, "it has not signed yet"
        seawall("hunt", evidence)
        ran = seawall("ledger", "checkpoint", "--cosign")
        assert ran.code == 0, ran.err
        assert ran.out.count("\u2014 ") == 2
        ran = seawall("ledger", "verify", "--ask")
        assert ran.code == 0
        assert "regulator signed" in ran.out
        ran = seawall("ledger", "prove", first_finding(seawall), "--out", "bundle")
        assert "signed by regulator" in ran.out
        ran = seawall("ledger", "checkpoint", "--cosign", "--case", "older")
        assert ran.code == 3
        assert "rolled back or cut" in ran.err
    ran = seawall("ledger", "checkpoint", "--cosign")
    assert ran.code == 5
    assert "does not answer" in ran.err
