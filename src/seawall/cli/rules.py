"""`seawall rules` and `seawall coverage`: what is asked, and what could be answered."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option, lines_option, rules_option, site_option
from seawall.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seawall.detect.rules import RuleSet


@click.group()
def rules() -> None:
    """List, show, test and check detection rules.

    Rules are Sigma. A rule of yours with the id of a built-in one replaces it.
    """


@rules.command("list")
@rules_option
@lines_option
def list_rules(rule_paths: tuple[Path, ...], form: str) -> None:
    """List every detector: rules, analytics over time, indicator matching.

    \b
    Example:
      seawall rules list --rules my-rules/
    """
    from seawall import detect
    from seawall.cli import output
    from seawall.cli.catalogue import catalogue_table, to_dict
    from seawall.reporting.terminal import console_for

    ruleset = detect.rules.load(rule_paths)
    about = sorted(detect.catalogue(ruleset), key=lambda a: (-a.severity, a.title))
    if form == "jsonl":
        output.write_lines(to_dict(a) for a in about)
        return
    console_for(sys.stdout).print(catalogue_table(about))
    _tell(ruleset)


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@rules_option
def show_rule(rule_id: str, rule_paths: tuple[Path, ...]) -> None:
    """Show one detector: what it asks, what it needs, what it may mistake. ID may be the first letters of one."""
    from seawall import detect
    from seawall.cli.catalogue import rule_page
    from seawall.reporting.terminal import console_for

    ruleset = detect.rules.load(rule_paths)
    found = [about for about in detect.catalogue(ruleset) if about.id.startswith(rule_id)]
    if len(found) != 1:
        what = "no detector has that id" if not found else f"{len(found)} detectors start with that id"
        raise InputError(what, where=rule_id, mend="list them with: seawall rules list")
    rule = next((rule for rule in ruleset.rules if rule.about.id == found[0].id), None)
    console_for(sys.stdout).print(rule_page(found[0], rule))


@rules.command("check")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
def check(paths: tuple[Path, ...]) -> None:
    """Read rules and say what is wrong with them: exit 4 if one is broken. Without PATH: the built-in ones.

    \b
    Example:
      seawall rules check my-rules/
    """
    from seawall import detect

    ruleset = detect.rules.load(paths, builtin=not paths)
    _tell(ruleset)
    if ruleset.broken:
        raise click.exceptions.Exit(4)


@rules.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[PATH]...")
def test(paths: tuple[Path, ...]) -> None:
    """Judge every rule's own samples (`<rule>.samples.jsonl`): exit 4 if one is judged wrongly.

    \b
    Example:
      seawall rules test my-rules/
    """
    import seawall.detect.samples as samples
    from seawall.reporting.text import safe_terminal

    wrong = 0
    judged = list(samples.judge(paths or (samples.BUILTIN,)))
    for sample in judged:
        if not sample.right:
            wrong += 1
            should = "should match" if sample.match else "should not match"
            click.echo(safe_terminal(f"{sample.where}: {should}: {sample.why}"))
    click.echo(f"{len(judged)} samples, {wrong} judged wrongly")
    if wrong:
        raise click.exceptions.Exit(4)


@rules.command("status")
@case_option
@rules_option
def status(case_folder: Path, rule_paths: tuple[Path, ...]) -> None:
    """Say which rules can find anything in this case: what they read, and fields no event has."""
    from seawall import detect, pipeline
    from seawall.engine.lake import Lake
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.reporting.text import safe_terminal

    case = open_case(case_folder, SystemClock(), create=False)
    lake = Lake(case.lake, memory_mb=pipeline.case_settings(case).lake.memory_mb)
    ruleset = detect.rules.load(rule_paths)
    _tell(ruleset)
    states = pipeline.rules_in(lake, ruleset)
    for state in states:
        if state.missing:
            click.echo(safe_terminal(f"{state.rule.origin}: {state.said}"))
    silent = sum(state.no_events for state in states)
    if silent:
        click.echo(f"{silent} rules read what this case has no events of", err=True)


@click.command()
@case_option
@site_option
@rules_option
@lines_option
def coverage(case_folder: Path, site_file: Path | None, rule_paths: tuple[Path, ...], form: str) -> None:
    """Say per device and behaviour: seen, not seen, or could not be seen, and which setting would change that.

    \b
    Example:
      seawall coverage --case cases/chicago
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.cli.catalogue import coverage_to_dict, coverage_view
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.reporting.terminal import console_for

    case = open_case(case_folder, SystemClock(), create=False)
    covered = pipeline.covered(case, pipeline.case_site(case, site_file), rule_paths)
    if form == "jsonl":
        output.write_lines(coverage_to_dict(entry) for entry in covered)
    else:
        console_for(sys.stdout).print(coverage_view(covered))


def _tell(ruleset: RuleSet) -> None:
    """The account of a rule set on standard error: every broken rule, then how many there are of each state."""
    from seawall.reporting.text import safe_terminal

    for error in ruleset.broken:
        click.echo(safe_terminal(f"{error}; try: {error.mend}"), err=True)
    counts: Sequence[str] = [f"{count} {state}" for state, count in ruleset.account.items() if count]
    click.echo(f"rules: {', '.join(counts)}", err=True)
