from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from tools import bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seawall-bundle"
    (made / "wheels").mkdir(parents=True)
    (made / "wheels/some.whl").write_bytes(b"not really")
    shutil.copy(bundle.ROOT / "tools/install.sh", made / "install.sh")
    bundle.write_sums(made)
    return made


def key_file(folder: Path, key: ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey) -> Path:
    path = folder / "key.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def install(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    command = ["bash", str(folder / "install.sh"), str(folder.parent / "venv")]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHON": "false", **settings})


def test_every_file_is_in_the_list_of_digests(folder: Path) -> None:
    listed = [line.split("  ")[1] for line in (folder / bundle.SUMS).read_text().splitlines()]
    assert listed == ["install.sh", "wheels/some.whl"]


def test_an_untouched_unsigned_bundle_says_that_it_is_unsigned(folder: Path) -> None:
    assert "NOT signed" in install(folder).stdout


def test_a_changed_file_stops_the_install(folder: Path) -> None:
    (folder / "wheels/some.whl").write_bytes(b"something else")
    done = install(folder)
    assert done.returncode != 0
    assert "signed" not in done.stdout


def test_a_file_nobody_listed_stops_the_install(folder: Path) -> None:
    (folder / "wheels/extra.whl").write_bytes(b"")
    done = install(folder)
    assert done.returncode != 0
    assert "wheels/extra.whl" in done.stderr


def test_a_signature_is_good_only_for_the_key_that_made_it(folder: Path, tmp_path: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    bundle.sign(folder, key_file(tmp_path, key))
    signature, signed = (folder / f"{bundle.SUMS}.sig").read_bytes(), (folder / bundle.SUMS).read_bytes()
    key.public_key().verify(signature, signed)
    with pytest.raises(InvalidSignature):
        ed25519.Ed25519PrivateKey.generate().public_key().verify(signature, signed)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed: apt-get install openssl")
def test_the_installer_checks_the_signature_against_the_key_it_is_given(folder: Path, tmp_path: Path) -> None:
    bundle.sign(folder, key_file(tmp_path, ed25519.Ed25519PrivateKey.generate()))
    right = shutil.copy(folder / f"{bundle.SUMS}.pub", tmp_path / "right.pub")
    assert "signature: good" in install(folder, SEAWALL_BUNDLE_PUB=str(right)).stdout
    other = tmp_path / "wrong.pub"
    other.write_bytes(
        ed25519.Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    assert "do not use this bundle" in install(folder, SEAWALL_BUNDLE_PUB=str(other)).stderr


def test_a_key_of_another_kind_is_refused_with_the_way_to_make_one(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="openssl genpkey -algorithm ed25519"):
        bundle.sign(folder, key_file(tmp_path, rsa.generate_private_key(65537, 2048)))
