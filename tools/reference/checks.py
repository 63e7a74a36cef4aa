"""The page about every configuration check, asked from the files that hold them."""

from __future__ import annotations

from seawall.detect.audit.base import Check
from seawall.detect.audit.load import builtin
from tools.reference.markdown import cell, code, page, table


def write() -> str:
    """Every check by family, and what each means and mends."""
    checks = builtin()
    intro = (
        f"Configuration checks that come with Seawall: {len(checks)}. `seawall audit explain ID` shows, per platform, "
        "what fails and what passes. A platform that is not named for a check is not assessed by it."
    )
    rows = [
        (code(c.id), cell(c.title), c.severity.word, cell(", ".join(c.rules)), cell(", ".join(c.references)))
        for c in checks
    ]
    return page(
        "Configuration checks",
        intro,
        "## All checks",
        table(("check", "what should hold", "severity", "platforms", "references"), rows),
        "## Why, and what mending may break",
        table(("check", "why it matters", "risk of mending"), [_reason(check) for check in checks]),
    )


def _reason(check: Check) -> tuple[str, str, str]:
    return code(check.id), cell(check.why), cell(check.risk)
