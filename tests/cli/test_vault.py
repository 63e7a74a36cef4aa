from __future__ import annotations

import json
from pathlib import Path

import pytest

from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock, SystemClock
from seawall.people import sealed
from seawall.vault.client import Target, VaultClient
from tests.cli.conftest import Seawall
from tests.vault.serving import PASSPHRASE, served

CLEAR = "530011234567890"


@pytest.fixture
def case(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(sealed, "COST", 16)
    for name in ("vault.secret", "ann.secret"):
        (tmp_path / name).write_bytes(PASSPHRASE + b"\n")
        (tmp_path / name).chmod(0o600)
    return open_case(tmp_path / "case", clock)


def commit(case: Case, folder: Path) -> str:
    import hashlib

    record = json.dumps({"targets": [{"format": "IMSI", "value": CLEAR}]}).encode()
    (folder / "w.json").write_bytes(record)
    client, digest = VaultClient(case.vault_socket), hashlib.sha256(record).hexdigest()
    made = client.commit(digest, [Target("IMSI", CLEAR, 0, len(record), "/targets/0")])
    client.finish(digest, folder / "w.json")
    client.close()
    return str(made[0]["commitment"])


def test_nobody_serves_it_is_a_clear_refusal(seawall: Seawall, case: Case) -> None:
    for words in (("lock",), ("unlock",)):
        ran = seawall("vault", *words)
        assert ran.code == 5
        assert "seawall vault serve" in ran.err


def test_unlock_show_lock(seawall: Seawall, case: Case, tmp_path: Path) -> None:
    with served(case, SystemClock(), unlocked=False):
        made = seawall("vault", "unlock", "--passphrase-file", "vault.secret")
        assert (made.code, "a new key was made" in made.err) == (0, True)
        commitment = commit(case, tmp_path)
        added = seawall(
            "people", "add", "ann", "--role", "intercept-officer", "--key", "ann.key", "--passphrase-file", "ann.secret"
        )
        assert added.code == 0, added.err
        words = ("vault", "show", commitment, "--as", "ann", "--key", "ann.key", "--passphrase-file", "ann.secret")
        ran = seawall(*words, "--purpose", "warrant W-7: which one")
        assert json.loads(ran.out) == {"format": "IMSI", "value": CLEAR}
        assert seawall(*words).code == 2, "no purpose"
        cut = seawall("vault", "show", commitment[:8], *words[3:], "--purpose", "x")
        assert (cut.code, "64 letters" in cut.err) == (2, True)
        again = seawall("vault", "unlock", "--passphrase-file", "ann.secret")
        assert "unlocked" not in again.err, "a passphrase that was not looked at is not praised"
        assert seawall("vault", "show", commitment, "--as", "ann", "--purpose", "x").code == 3, "no signature"
        assert seawall("vault", "lock").code == 0
        ran = seawall(*words, "--purpose", "x")
        assert ran.code == 3
        assert CLEAR not in ran.out + ran.err


def test_two_people_sign_where_the_rule_asks_for_two(seawall: Seawall, case: Case, tmp_path: Path) -> None:
    with served(case, SystemClock()):
        commitment = commit(case, tmp_path)
        for who in ("ann", "bob"):
            seawall(
                "people",
                "add",
                who,
                "--role",
                "intercept-officer",
                "--key",
                f"{who}.key",
                "--passphrase-file",
                "ann.secret",
            )
        first = seawall(
            "vault",
            "show",
            commitment,
            "--as",
            "ann",
            "--key",
            "ann.key",
            "--purpose",
            "x",
            "--sign-only",
            "ask",
            "--passphrase-file",
            "ann.secret",
        )
        assert (first.code, first.out, "signed by ann" in first.err) == (0, "", True)
        second = seawall(
            "vault",
            "show",
            commitment,
            "--as",
            "bob",
            "--key",
            "bob.key",
            "--signed",
            "ask",
            "--passphrase-file",
            "ann.secret",
        )
        assert json.loads(second.out)["value"] == CLEAR
