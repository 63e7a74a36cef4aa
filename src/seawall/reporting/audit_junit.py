"""An audit as JUnit XML, for build servers: a suite per configuration, a case per check.

Unknown and not applicable are `skipped`, so that a red build means a failure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from seawall.model.audit import Status, Verdict
from seawall.reporting.audit_score import Snapshot, snapshots_of
from seawall.reporting.text import visible

_MOST_LINES: Final = 50


def to_junit(verdicts: Iterable[Verdict]) -> str:
    """The whole document."""
    suites = snapshots_of(verdicts)
    tests = sum(len(s.verdicts) for s in suites)
    failures = sum(s.tally.failed for s in suites)
    skipped = tests - failures - sum(s.tally.passed for s in suites)
    head = f'<testsuites name="seawall audit" tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *map(_suite, suites), "</testsuites>", ""])


def _suite(one: Snapshot) -> str:
    skipped = len(one.verdicts) - one.tally.failed - one.tally.passed
    head = (
        f'  <testsuite name={_attribute(f"{one.device} ({one.file})")} tests="{len(one.verdicts)}" '
        f'failures="{one.tally.failed}" errors="0" skipped="{skipped}">'
    )
    return "\n".join([head, *(_case(verdict) for verdict in one.verdicts), "  </testsuite>"])


def _case(verdict: Verdict) -> str:
    name = _attribute(f"{verdict.check} {verdict.title}")
    head = f"    <testcase classname={_attribute(f'{verdict.platform}.{verdict.device}')} name={name}"
    match verdict.status:
        case Status.PASS:
            return f"{head}/>"
        case Status.FAIL:
            said = [f"{verdict.file}:{line.number}: {line.text}" for line in verdict.lines[:_MOST_LINES]]
            said += [f"mend: {line}" for line in verdict.mend]
            body = escape("\n".join(visible(line) for line in said))
            kind = f"type={_attribute(verdict.severity.word)}"
            return f"{head}><failure {kind} message={_attribute(verdict.why)}>{body}</failure></testcase>"
        case _:
            return f"{head}><skipped message={_attribute(f'{verdict.status.value}: {verdict.why}')}/></testcase>"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
