"""`seawall rules` and `seawall coverage`: what is asked, and what could be answered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option, lines_option, reading_options, rules_option, site_option
from seawall.errors import InputError, RuleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.detect.rules import RuleSet
    from seawall.model.case import Case


@click.group()
def rules() -> None:
    """List, show, test and check detection rules; say why one fired, or why one cannot.

    Rules are Sigma 2.1: rules, correlations and filters. A rule of yours with the id of a built-in one replaces it.
    """


@rules.command("list")
@rules_option
@reading_options
@lines_option
def list_rules(
    rule_paths: tuple[Path, ...], value_files: tuple[Path, ...], pipeline_files: tuple[Path, ...], form: str
) -> None:
    """List every detector: rules and correlations, analytics over time, indicator matching.

    \b
    Example:
      seawall rules list --rules my-rules/ --rules sigma.zip
    """
    from seawall import detect
    from seawall.cli import output
    from seawall.cli.catalogue import catalogue_table, detector_to_dict
    from seawall.reporting.terminal import console_for

    ruleset = _read(rule_paths, value_files, pipeline_files)
    about = sorted(detect.catalogue(ruleset), key=lambda a: (-a.severity, a.title))
    if form == "jsonl":
        asking = {one.about.id: one for one in ruleset.asking}
        output.write_lines(detector_to_dict(a, asking.get(a.id)) for a in about)
        return
    console_for(sys.stdout).print(catalogue_table(about))
    _tell(ruleset)


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@rules_option
@reading_options
@lines_option
def show_rule(
    rule_id: str,
    rule_paths: tuple[Path, ...],
    value_files: tuple[Path, ...],
    pipeline_files: tuple[Path, ...],
    form: str,
) -> None:
    """Show one detector: what it asks, what it needs, what it may mistake. ID may be the first letters of one.

    \b
    Example:
      seawall rules show 4a1c --format jsonl
    """
    from seawall import detect
    from seawall.cli import output
    from seawall.cli.catalogue import detector_to_dict, rule_page
    from seawall.reporting.terminal import console_for

    ruleset = _read(rule_paths, value_files, pipeline_files)
    known = {about.id: about for about in (*detect.catalogue(ruleset), *(one.about for one in ruleset.asking))}
    known |= {rule.about.id: rule.about for rule in ruleset.not_applicable}
    found = [known[rule_id]] if rule_id in known else [a for name, a in known.items() if name.startswith(rule_id)]
    if len(found) != 1:
        what = "no detector has that id" if not found else f"{len(found)} detectors start with that id"
        raise InputError(what, where=rule_id, mend="list them with: seawall rules list")
    held = (*ruleset.asking, *ruleset.not_applicable)
    rule = next((one for one in held if one.about.id == found[0].id), None)
    if form == "jsonl":
        output.write_lines([detector_to_dict(found[0], rule)])
        return
    console_for(sys.stdout).print(rule_page(found[0], rule))


@rules.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@reading_options
@click.option("--strict", is_flag=True, help="Exit 4 for warnings as well.")
@lines_option
def check(
    paths: tuple[Path, ...],
    value_files: tuple[Path, ...],
    pipeline_files: tuple[Path, ...],
    strict: bool,
    form: str,
) -> None:
    """Read rules and say what is wrong with them: exit 4 if one is broken. Without PATH: the built-in ones.

    PATHs are files, folders or archives (.zip, .tar.*). Broken are rules that do not parse or cannot be followed
    exactly, two with one id, correlations and filters that name what is not there. A filter that names some rules
    which are there and some which are not works, and is warned of.

    \b
    Examples:
      seawall rules check my-rules/ sigma.zip
      seawall rules check my-rules/ --values lists.yml --format jsonl
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.detect.rules import load

    options = pipeline.case_options(None, value_files, pipeline_files)
    ruleset = load(paths, builtin=not paths, options=options)
    if form == "jsonl":
        told = [*(("broken", e) for e in ruleset.broken), *(("warning", e) for e in ruleset.warnings)]
        output.write_lines({"where": e.where, "what": e.what, "mend": e.mend, "state": word} for word, e in told)
    _tell(ruleset)
    if ruleset.broken or (strict and ruleset.warnings):
        raise click.exceptions.Exit(4)


@rules.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
@reading_options
@lines_option
def test(paths: tuple[Path, ...], value_files: tuple[Path, ...], pipeline_files: tuple[Path, ...], form: str) -> None:
    """Judge every rule's own samples (`<rule>.samples.jsonl`): exit 4 if one is judged wrongly or not at all.

    A broken rule or sample is named, and the rest is judged. Rules in archives have no samples.

    \b
    Examples:
      seawall rules test my-rules/
      seawall rules test my-rules/ --values lists.yml
    """
    import seawall.detect.samples as samples
    from seawall import pipeline
    from seawall.cli import output
    from seawall.reporting.text import safe_terminal

    options = pipeline.case_options(None, value_files, pipeline_files)
    told = list(samples.judge(paths or (samples.BUILTIN,), options))
    errors = [one for one in told if isinstance(one, RuleError)]
    judged = [one for one in told if isinstance(one, samples.Sample)]
    for error in errors:
        click.echo(safe_terminal(f"{error}; try: {error.mend}"), err=True)
    wrong = sum(not sample.right for sample in judged)
    if form == "jsonl":
        output.write_lines({"where": s.where, "why": s.why, "match": s.match, "right": s.right} for s in judged)
    else:
        for sample in judged:
            if not sample.right:
                should = "should match" if sample.match else "should not match"
                click.echo(safe_terminal(f"{sample.where}: {should}: {sample.why}"))
        broken = f", {len(errors)} could not be judged" if errors else ""
        click.echo(f"{len(judged)} samples, {wrong} judged wrongly{broken}")
    if wrong or errors:
        raise click.exceptions.Exit(4)


@rules.command("status")
@case_option
@rules_option
@reading_options
@lines_option
def status(
    case_folder: Path,
    rule_paths: tuple[Path, ...],
    value_files: tuple[Path, ...],
    pipeline_files: tuple[Path, ...],
    form: str,
) -> None:
    """Say which rules can find anything in this case: what they read, and fields no event has.

    \b
    Example:
      seawall rules status --case cases/chicago --format jsonl
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.cli.catalogue import status_lines
    from seawall.reporting.text import safe_terminal

    case = _case(case_folder)
    ruleset = _read(rule_paths, value_files, pipeline_files, case)
    states = pipeline.rules_in(pipeline.case_lake(case), ruleset)
    if form == "jsonl":
        output.write_lines(status_lines(states, ruleset))
        return
    _tell(ruleset)
    for state in states:
        if state.missing:
            click.echo(safe_terminal(f"{state.rule.origin}: {state.said}"))
    silent = sum(state.no_events for state in states)
    if silent:
        click.echo(f"{silent} rules read what this case has no events of (name them: --format jsonl)", err=True)


@rules.command("explain")
@click.argument("finding_id", metavar="FINDING")
@case_option
@rules_option
@reading_options
@lines_option
def explain(
    finding_id: str,
    case_folder: Path,
    rule_paths: tuple[Path, ...],
    value_files: tuple[Path, ...],
    pipeline_files: tuple[Path, ...],
    form: str,
) -> None:
    """Say which patterns of a rule matched which fields of the events behind a FINDING (its id, or how it begins).

    \b
    Example:
      seawall rules explain 3f9a --case cases/chicago
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.cli.catalogue import explained_to_dict, explained_view
    from seawall.reporting.terminal import console_for

    case = _case(case_folder)
    ruleset = _read(rule_paths, value_files, pipeline_files, case)
    explained = pipeline.explain_finding(case, ruleset, finding_id)
    if form == "jsonl":
        output.write_lines([explained_to_dict(explained)])
    else:
        console_for(sys.stdout).print(explained_view(explained))


@click.command()
@case_option
@site_option
@rules_option
@reading_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl", "navigator"]),
    default="table",
    show_default=True,
    help="A table for people, JSON lines, or an ATT&CK Navigator layer (4.5).",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write to this file, not to standard output.",
)
def coverage(
    case_folder: Path,
    site_file: Path | None,
    rule_paths: tuple[Path, ...],
    value_files: tuple[Path, ...],
    pipeline_files: tuple[Path, ...],
    form: str,
    output: Path | None,
) -> None:
    """Say per device and behaviour: observable, partly, not observable; what would fix it, and at what price.

    \b
    Examples:
      seawall coverage --case cases/chicago
      seawall coverage --case cases/chicago --format jsonl --output coverage.jsonl
      seawall coverage --case cases/chicago --format navigator --output layer.json
    """
    from seawall import pipeline
    from seawall.cli.catalogue import write_coverage

    case = _case(case_folder)
    ruleset = _read(rule_paths, value_files, pipeline_files, case)
    site = pipeline.case_site(case, site_file)
    covered = pipeline.covered(case, site, ruleset)
    write_coverage(covered, form, output, name=site.name or f"Case {case.folder.resolve().name}")


def _case(folder: Path) -> Case:
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    return open_case(folder, SystemClock(), create=False)


def _read(
    paths: Sequence[Path], values: Sequence[Path], pipelines: Sequence[Path], case: Case | None = None
) -> RuleSet:
    from seawall import pipeline
    from seawall.detect.rules import load

    return load(paths, options=pipeline.case_options(case, values, pipelines))


def _tell(ruleset: RuleSet) -> None:
    """The account of a rule set on standard error: every broken rule, then how many there are of each state."""
    from seawall.reporting.text import safe_terminal

    for error in ruleset.broken:
        click.echo(safe_terminal(f"{error}; try: {error.mend}"), err=True)
    for warning in ruleset.warnings:
        click.echo(safe_terminal(f"warning: {warning}; try: {warning.mend}"), err=True)
    counts: Sequence[str] = [f"{count} {state}" for state, count in ruleset.account.items() if count]
    click.echo(f"rules: {', '.join(counts)}", err=True)
