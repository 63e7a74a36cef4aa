"""`python -m tools.reference check|write`: are the reference pages what the code says, or make them so."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "docs" / "reference"
PAGES: Final[dict[str, str]] = {
    "commands": "tools.reference.commands:write",
    "events": "tools.reference.values:write_events",
    "views": "tools.reference.views:write",
    "findings": "tools.reference.values:write_findings",
    "exit-codes": "tools.reference.values:write_exit_codes",
    "settings": "tools.reference.values:write_settings",
    "site": "tools.reference.values:write_site",
    "rules": "tools.reference.detectors:write",
    "scenarios": "tools.reference.scenarios:write",
    "formats": "tools.reference.formats:write",
    "checks": "tools.reference.checks:write",
    "../behaviours": "tools.reference.behaviours:write",  # a page people look for beside the others, not below them
}


def pages() -> dict[str, str]:
    """Every page's name and what it should say."""
    made = {}
    for name, place in PAGES.items():
        module, _, function = place.partition(":")
        made[name] = getattr(importlib.import_module(module), function)()
    return made


def check(folder: Path) -> list[str]:
    """Names of the pages in `folder` that are not what the code says."""
    wrong = []
    for name, text in pages().items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            wrong.append(name)
    strays = {path.stem for path in folder.glob("*.md")} - PAGES.keys() - {"index"}
    return wrong + sorted(strays)


def write(folder: Path) -> None:
    """Write every page whose text changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = folder / f"{name}.md"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Do what was asked; returns the exit code."""
    if arguments == ["write"]:
        write(FOLDER)
        return 0
    wrong = check(FOLDER)
    for name in wrong:
        print(f"docs/{Path('reference', name + '.md')} is not what the code says", file=sys.stderr)
    if wrong:
        print("mend: make fix", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
