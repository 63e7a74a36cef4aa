"""The offline install: wheels, what they are (SBOM), their digests, a signature where a key is given.

`SEAWALL_BUNDLE_KEY` names a PEM file with an Ed25519 private key. Its public half is written beside the
signature for convenience only: whoever installs compares it with the one they got another way.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tools.pins import declared
from tools.sbom import read_wheel, write_bill

ROOT: Final = Path(__file__).parents[1]
SUMS: Final = "SHA256SUMS"


def collect_wheels(folder: Path) -> None:
    """Download every pinned wheel, checked by hash, and build our own. Raises CalledProcessError."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    allowed = ",".join(r.name for r in declared(ROOT / "requirements/sdist-allowed.txt"))
    sources = ["--no-binary", allowed] if allowed else []
    common = ["--quiet", "--no-deps", "--wheel-dir", str(folder)]
    pins = ["--require-hashes", "--only-binary", ":all:", *sources, "-r", str(ROOT / "requirements/core.txt")]
    subprocess.run([*pip, "wheel", *common, *pins], check=True)
    subprocess.run([*pip, "wheel", *common, "--no-index", "--no-build-isolation", str(ROOT)], check=True)


def write_requirements(folder: Path) -> None:
    """Pins of the bundle's own: exactly its wheels, by hash."""
    wheels = [read_wheel(path) for path in sorted((folder / "wheels").glob("*.whl"))]
    lines = [f"{wheel.name}=={wheel.version} --hash=sha256:{wheel.sha256}" for wheel in wheels]
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Digests of every file in the bundle, in the form `sha256sum --check` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(SUMS))
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}" for path in files
    ]
    (folder / SUMS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def sign(folder: Path, key_file: Path) -> None:
    """Sign the digests with Ed25519. Raises ValueError if the file holds no such key."""
    try:
        key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"{key_file}: not a private key in PEM without a password ({error})") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{key_file}: not an Ed25519 key; make one with: openssl genpkey -algorithm ed25519")
    (folder / f"{SUMS}.sig").write_bytes(key.sign((folder / SUMS).read_bytes()))
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{SUMS}.pub").write_bytes(public)


def main(arguments: list[str]) -> int:
    """Make the bundle in the folder named; returns the exit code."""
    folder = Path(arguments[0]) / "seawall-bundle"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    collect_wheels(folder / "wheels")
    wheels = [read_wheel(path) for path in sorted((folder / "wheels").glob("*.whl"))]
    write_bill(wheels, folder / "sbom.cdx.json", root="seawall")
    write_requirements(folder)
    shutil.copy(ROOT / "tools/install.sh", folder / "install.sh")
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, folder / name)
    write_sums(folder)
    key_file = os.environ.get("SEAWALL_BUNDLE_KEY")
    if key_file:
        try:
            sign(folder, Path(key_file))
        except (OSError, ValueError) as error:
            print(f"bundle: {error}", file=sys.stderr)
            return 1
    total_mb = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    signed = "signed" if key_file else "NOT signed (name an Ed25519 key in SEAWALL_BUNDLE_KEY to sign it)"
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    print(f"bundle: {folder}: {len(wheels)} wheels for {python} on this kind of machine, {total_mb:.0f} MB, {signed}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
