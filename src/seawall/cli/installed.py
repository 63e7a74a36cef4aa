"""What is installed on this machine, and what each part is for."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final


@dataclass(frozen=True, slots=True)
class Part:
    """One thing Seawall can use."""

    name: str
    found: bool
    version: str
    enables: str
    mend: str
    required: bool


_LIBRARIES: Final = (
    ("pyarrow", "event tables"),
    ("duckdb", "the lake's questions"),
    ("ibis-framework", "analytics that run on more than one engine"),
    ("pysigma", "Sigma rules"),
    ("evtx", "Windows event logs"),
    ("sqlalchemy", "state: findings and incidents"),
    ("jinja2", "reports"),
)

# Debian package → the program it brings, and what that enables.
_PROGRAMS: Final = (
    ("chromium", "chromium", "screenshots of reports in the tests"),
    ("poppler-utils", "pdftoppm", "looking at printed reports in the tests"),
    ("tmux", "tmux", "looking at the terminal in the tests"),
    ("nfdump", "nfdump", "reading nfcapd files (not used yet)"),
)


def parts() -> Iterator[Part]:
    """Every part, the required ones first."""
    yield Part("Python", True, platform.python_version(), "everything", "", True)
    for name, enables in _LIBRARIES:
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            yield Part(name, False, "", enables, f"needed for {enables}: make setup", True)
        else:
            yield Part(name, True, version, enables, "", True)
    for package, program, enables in _PROGRAMS:
        found = shutil.which(program) is not None
        yield Part(program, found, "", enables, f"would enable {enables}: apt install {package}", False)
