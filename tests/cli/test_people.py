from __future__ import annotations

import json
from pathlib import Path

import pytest

from seawall.people import sealed
from tests.cli.conftest import Seawall


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sealed, "COST", 16)
    path = tmp_path / "secret"
    path.write_text("correct horse battery\n")
    path.chmod(0o600)
    return path


def test_a_person_is_added_listed_and_revoked(seawall: Seawall, tmp_path: Path, secret: Path) -> None:
    key = tmp_path / "ann.key"
    ran = seawall(
        "people",
        "add",
        "ann",
        "--name",
        "Ann \x1b[31mRed",
        "--role",
        "intercept-officer",
        "--key",
        key,
        "--passphrase-file",
        secret,
    )
    assert ran.code == 0, ran.err
    assert ran.out.startswith("ann ed25519:")
    assert key.stat().st_mode & 0o777 == 0o600
    assert not any("PRIVATE" in p.name or p.name == "ann.key" for p in (tmp_path / "case").rglob("*"))
    listed = json.loads(seawall("people", "list", "--format", "jsonl").out)
    assert (listed["id"], listed["roles"], listed["revoked"]) == ("ann", ["intercept-officer"], None)
    assert "\x1b" not in seawall("people", "list").out
    assert seawall("people", "revoke", "ann").code == 0
    assert json.loads(seawall("people", "list", "--format", "jsonl").out)["revoked"]
    assert seawall("people", "revoke", "ann").code == 3


def test_a_key_in_the_case_a_second_key_and_a_changed_file_are_refused(
    seawall: Seawall, tmp_path: Path, secret: Path
) -> None:
    options = ("--passphrase-file", secret, "--role", "lead")
    seawall("people", "add", "ann", "--key", tmp_path / "ann.key", *options)
    inside = seawall("people", "add", "bob", "--key", tmp_path / "case" / "bob.key", *options)
    assert (inside.code, "outside" in inside.err) == (3, True)
    assert seawall("people", "add", "ann", "--key", tmp_path / "b.key", *options).code == 3
    assert not (tmp_path / "b.key").exists(), "no key is made for nothing"
    assert seawall("people", "add", "bob").code == 2
    file = tmp_path / "case" / "people.toml"
    file.write_text(file.read_text() + "# harmless\n")
    ran = seawall("people", "list")
    assert ran.code == 3
    assert "behind the ledger's back" in ran.err


def test_a_key_pair_made_elsewhere_is_taken_by_its_public_half(seawall: Seawall, tmp_path: Path, secret: Path) -> None:
    public = seawall(
        "people", "add", "ann", "--key", tmp_path / "k", "--passphrase-file", secret, "--case", "one"
    ).out.split()[1]
    assert seawall("people", "add", "ann", "--public", public, "--case", "two").code == 0
    assert seawall("people", "add", "bob", "--public", public, "--case", "two").code == 3
    assert seawall("people", "add", "bob", "--public", "ed25519:x", "--case", "two").code == 3
