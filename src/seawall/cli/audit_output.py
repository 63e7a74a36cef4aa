"""How an audit leaves: drawn progress while it runs, then a table, lines for programs, or a page."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from seawall.cli import output as lines_out
from seawall.errors import InputError
from seawall.model.audit import Status, Verdict, verdict_to_dict
from seawall.model.clock import SystemClock
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.pipeline.audit import Asked, Audited, audit
from seawall.reporting.text import safe_terminal

FAILED: Final = 10  # exit code, only with --fail-on


def write_audit(
    paths: Sequence[Path],
    site: Site,
    asked: Asked,
    *,
    form: str,
    output: Path | None,
    remediation: Path | None,
    jobs: int,
) -> list[Verdict]:
    """Run the audit, write what was asked for, and give the verdicts back.

    Raises:
        InputError: no file could be judged, or a result cannot be written.
    """
    verdicts: list[Verdict] = []
    files = 0
    for one in _drawn(audit(paths, site, asked, jobs)):
        files += 1
        for note in one.notes:
            click.echo(safe_terminal(f"{one.origin}: {note}"), err=True)
        verdicts += one.verdicts
    if not files:
        raise InputError(
            "no file there", where=str(paths[0]), mend="name a configuration, or a folder or archive of them"
        )
    text = _WRITERS[form](verdicts)
    try:
        if output is not None:
            output.write_bytes(text)
        else:
            sys.stdout.buffer.write(text)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(output), mend="choose another place"
        ) from error
    if remediation is not None:
        _mend(remediation, verdicts)
    return verdicts


def _mend(folder: Path, verdicts: list[Verdict]) -> None:
    from seawall.reporting.audit_mending import write_remediation

    try:
        written = write_remediation(folder, verdicts)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(folder), mend="choose another folder"
        ) from error
    click.echo(f"{len(written)} files in {folder}: read the risks in them before you enter a line", err=True)


def leave(verdicts: Iterable[Verdict], fail_on: str | None) -> None:
    """Exit 10 if `--fail-on` was given and something that bad fails."""
    if fail_on is None:
        return
    least = Severity.from_word(fail_on)
    if any(v.status is Status.FAIL and v.severity >= least for v in verdicts):
        raise click.exceptions.Exit(FAILED)


def _drawn(steps: Iterable[Audited]) -> Iterator[Audited]:
    if not sys.stderr.isatty():
        yield from steps
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from seawall.cli.progress import console

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console(), transient=True) as bars:
        task = bars.add_task("judging", total=None)
        for count, step in enumerate(steps, 1):
            bars.update(task, description=f"judging  {count:,} files  {safe_terminal(step.origin)[-40:]}")
            yield step


def _jsonl(verdicts: list[Verdict]) -> bytes:
    return b"".join(lines_out.json_line(verdict_to_dict(v)) for v in verdicts)


def _table(verdicts: list[Verdict]) -> bytes:
    from seawall.reporting.audit_table import table_text

    return table_text(verdicts, sys.stdout).encode("utf-8", "replace")


def _ocsf(verdicts: list[Verdict]) -> bytes:
    from seawall.reporting.audit_ocsf import verdict_to_ocsf

    now = SystemClock().now()
    return b"".join(lines_out.json_line(verdict_to_ocsf(v, now)) for v in verdicts)


def _sarif(verdicts: list[Verdict]) -> bytes:
    import orjson

    from seawall.reporting.audit_sarif import to_sarif

    return orjson.dumps(to_sarif(verdicts), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _junit(verdicts: list[Verdict]) -> bytes:
    from seawall.reporting.audit_junit import to_junit

    return to_junit(verdicts).encode()


def _html(verdicts: list[Verdict]) -> bytes:
    from seawall.reporting.audit_html import render_audit

    return render_audit(verdicts, SystemClock().now()).encode()


_WRITERS: dict[str, Callable[[list[Verdict]], bytes]] = {
    "table": _table,
    "jsonl": _jsonl,
    "ocsf": _ocsf,
    "sarif": _sarif,
    "junit": _junit,
    "html": _html,
}
