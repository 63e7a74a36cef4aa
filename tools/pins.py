"""Pinned dependencies: `check` that they fit what is declared, or `write` newer ones.

Each `requirements/*.txt` is made from a declaration by uv: every version by hash, for every Python we support, and
without the address of any package index, so that a carrier's own mirror serves as well.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OLDEST_PYTHON: Final = "3.11"
_PIN: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)")


@dataclass(frozen=True, slots=True)
class PinFile:
    """One file of pins, and what it is made from."""

    made_from: str
    name: str
    agrees_with: tuple[str, ...] = ()  # pin files whose versions it must share


FILES: Final[tuple[PinFile, ...]] = (
    PinFile("pyproject.toml", "requirements/core.txt"),
    PinFile("requirements/build.in", "requirements/build.txt", ("requirements/core.txt",)),
    PinFile("requirements/spark.in", "requirements/spark.txt", ("requirements/core.txt",)),
    PinFile("requirements/extras.in", "requirements/extras.txt", ("requirements/core.txt",)),
    PinFile(
        "requirements/dev.in",
        "requirements/dev.txt",
        ("requirements/core.txt", "requirements/build.txt", "requirements/extras.txt"),
    ),
)


def declared(path: Path) -> list[Requirement]:
    """The direct dependencies a declaration names."""
    if path.suffix == ".toml":
        lines = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["dependencies"]
    else:
        lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return [Requirement(line) for line in lines if line]


def pinned(text: str) -> dict[str, set[str]]:
    """Package name → versions pinned (more than one where Pythons differ)."""
    pins: dict[str, set[str]] = {}
    for line in text.splitlines():
        if match := _PIN.match(line):
            pins.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return pins


def complaints(root: Path) -> Iterator[str]:
    """Everything that is wrong with the pins below `root`, one line each."""
    if (root / "uv.lock").exists():
        yield "uv.lock: remove it, the pins are in requirements/"
    everything: dict[str, dict[str, set[str]]] = {}
    for file in FILES:
        text = (root / file.name).read_text(encoding="utf-8")
        pins = everything[file.name] = pinned(text)
        yield from _about_text(file.name, text)
        yield from _about_declared(file, declared(root / file.made_from), pins)
        for other in file.agrees_with:
            for name in pins.keys() & everything[other].keys():
                if pins[name] != everything[other][name]:
                    yield f"{file.name}: {name} differs from {other}"
    allowed = declared(root / "requirements/sdist-allowed.txt")
    known = {name for pins in everything.values() for name in pins}
    for requirement in allowed:
        if canonicalize_name(requirement.name) not in known:
            yield f"requirements/sdist-allowed.txt: {requirement.name} is not pinned anywhere"


def _about_text(name: str, text: str) -> Iterator[str]:
    if "://" in text or "--index" in text:
        yield f"{name}: names an address; pins go by hash, from whichever index the user has"
    for block in re.split(r"\n(?=\S)", text.strip()):
        if _PIN.match(block) and "--hash=sha256:" not in block:
            yield f"{name}: {block.splitlines()[0]} has no hash"


def _about_declared(file: PinFile, requirements: list[Requirement], pins: dict[str, set[str]]) -> Iterator[str]:
    for requirement in requirements:
        if not any(s.operator in (">=", "==", "~=") for s in requirement.specifier):
            yield f"{file.made_from}: {requirement.name} needs a lower bound"
        versions = pins.get(canonicalize_name(requirement.name))
        if versions is None:
            yield f"{file.name}: {requirement.name} is not pinned"
        elif not all(requirement.specifier.contains(version, prereleases=True) for version in versions):
            yield f"{file.name}: {requirement.name} {', '.join(sorted(versions))} does not fit {requirement.specifier}"


def write(root: Path, *, upgrade: bool) -> None:
    """Make every pin file anew. Raises CalledProcessError if uv finds no fitting versions."""
    allowed = declared(root / "requirements/sdist-allowed.txt")
    sources = [word for package in allowed for word in ("--no-binary", package.name)]
    for file in FILES:
        # Without project settings: only what is written in the declarations counts.
        command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--no-config", file.made_from]
        command += ["--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-emit-index-url"]
        command += ["--no-header", "--no-annotate", "--quiet", "--output-file", file.name]
        command += ["--only-binary", ":all:", *sources]
        command += ["--upgrade"] if upgrade else []
        for other in file.agrees_with:
            command += ["--constraint", other]
        subprocess.run(command, cwd=root, check=True)


def main(arguments: list[str]) -> int:
    """`check` or `write [--keep]`; returns the exit code."""
    root = Path(__file__).parents[1]
    if arguments[:1] == ["write"]:
        write(root, upgrade="--keep" not in arguments)
    found = list(complaints(root))
    for complaint in found:
        print(complaint, file=sys.stderr)
    if found:
        print("mend: edit the declaration, then: make pins", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
