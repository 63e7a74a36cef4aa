"""`seawall intercepts show|close|policy|withhold|release|receive`: what people sign in the intercept case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seawall.cli.options import Moment, case_option, lines_option
from seawall.cli.signing import Signer, decide, signing_options, together_options

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.people.decisions import Decision

REASONS = ("authorised", "record-mistake", "false-alarm", "handled", "reported")


@click.command()
@signing_options
@case_option
@lines_option
def show(form: str, case_folder: Path, **signer: Any) -> None:
    """Show what the intercept case holds: its findings as `watch` kept them.

    Needs a role (intercept-officer or intercept-auditor), a purpose and a signature; becomes an entry of the ledger.

    \b
    Example:
      seawall intercepts show --as a.lind --key ~/a.lind.key --purpose "weekly review" --case cases/intercept
    """
    from seawall.cli import output
    from seawall.model.compartment import compartmented
    from seawall.pipeline.cases import case_settings, case_state
    from seawall.pipeline.compartment import VIEW
    from seawall.reporting.text import safe_terminal

    case, _ = decided(VIEW, {"view": "findings"}, case_folder, Signer(**signer))
    with case_state(case, case_settings(case)) as state:
        findings = [finding for finding in state.findings(compartment=True) if compartmented(finding)]
    if form == "jsonl":
        output.write_findings(findings, form)
        return
    for one in findings:
        click.echo(safe_terminal(f"{one.id[:12]}  {one.severity.word}  {one.detector}  {one.subject}: {one.why}"))


@click.command()
@click.argument("finding")
@click.option("--reason", type=click.Choice(REASONS), required=True, help="Why it needs no further work.")
@signing_options
@case_option
@together_options
def close(finding: str, reason: str, case_folder: Path, **signer: Any) -> None:
    """Close a FINDING (its whole id). Needs two different people, always.

    The first signs with --sign-only FILE, the second decides with --signed FILE. A closed finding is not told again.

    \b
    Examples:
      seawall intercepts close 5f… --reason authorised --as a.lind --key a.key --purpose "W-7 found" --sign-only c.json
      seawall intercepts close 5f… --reason authorised --as b.ray  --key b.key --signed c.json
    """
    import re

    from seawall.errors import UsageError
    from seawall.pipeline.compartment import CLOSE

    if not re.fullmatch(r"[0-9a-f]{32}", finding):
        raise UsageError("no whole id", mend="a finding's id has 32 hex digits; two people sign for exactly one")
    _two(CLOSE, {"finding": finding, "reason": reason}, case_folder, Signer(**signer), f"{finding}: closed")


@click.command()
@click.argument("policy_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@signing_options
@case_option
@together_options
def policy(policy_file: Path, case_folder: Path, **signer: Any) -> None:
    """Put the intercept policy in FILE (policy.json) in force. Needs two different people, always.

    From then on `reconcile` and `watch` say so if they are handed another one.

    \b
    Examples:
      seawall intercepts policy policy.json --as a.lind --key a.key --purpose "new ADMF" --sign-only p.json
      seawall intercepts policy policy.json --as b.ray  --key b.key --signed p.json
    """
    import json

    from seawall.errors import InputError
    from seawall.pipeline.compartment import POLICY, policy_digest

    try:
        read = json.loads(policy_file.read_bytes()[: 64 << 20])
        if not isinstance(read, dict):
            raise ValueError
    except (OSError, ValueError, RecursionError):
        raise InputError("no policy", where=str(policy_file), mend="name a policy.json: one JSON object") from None
    values: dict[str, str | int] = {"policy_sha256": policy_digest(read)}
    _two(POLICY, values, case_folder, Signer(**signer), f"{policy_file}: in force")


@click.command()
@click.argument("commitment")
@click.option("--from", "start", type=Moment(), required=True, help="From when it stands; UTC unless it names a zone.")
@click.option("--to", "end", type=Moment(), required=True, help="Until when.")
@signing_options
@case_option
def withhold(commitment: str, start: datetime, end: datetime, case_folder: Path, **signer: Any) -> None:
    """Sign that an authority stands which the registry must not show: a COMMITMENT and its validity, nothing else.

    Needs the role cleared-officer. A tap it covers is not reported as one without an order.

    \b
    Example:
      seawall intercepts withhold mkalp… --from 2026-03-01 --to 2026-06-01 --as c.ott --key c.key --purpose "sealed"
    """
    from seawall.pipeline.compartment import WITHHOLD, withhold_values

    decided(WITHHOLD, withhold_values(commitment, start, end), case_folder, Signer(**signer))
    click.echo("the authority counts from now on", err=True)


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file that crosses.")
@signing_options
@case_option
def release(out: Path, case_folder: Path, **signer: Any) -> None:
    """Let others know that you hold a compartmented finding: one sentence with your id, and nothing else.

    Writes a small signed file; the other case takes it with `seawall intercepts receive`. Neither the finding, nor its
    kind, time, place or number is in it.

    \b
    Example:
      seawall intercepts release --out notice.json --as a.lind --key ~/a.lind.key --purpose "the SOC must call me"
    """
    from seawall.model.clock import SystemClock
    from seawall.people.keys import open_key
    from seawall.people.notices import write_notice
    from seawall.pipeline.compartment import RELEASE

    officer = Signer(**signer)
    secret = officer.secret()
    decided(RELEASE, {"release": "sentence"}, case_folder, officer, secret=secret)
    with open_key(officer.key_file, secret) as key:
        notice = write_notice(officer.who, key, SystemClock().now())
    out.write_text(notice.line, encoding="utf-8")
    click.echo(f"{out}: {notice.text}", err=True)


@click.command()
@click.argument("notice", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@case_option
def receive(notice: Path, case_folder: Path) -> None:
    """Take an officer's sentence into this case. The officer must be in its people.toml, as intercept-officer.

    \b
    Example:
      seawall intercepts receive notice.json --case cases/soc
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.compartment import receive as take

    clock = SystemClock()
    click.echo(take(open_case(case_folder, clock, create=False), notice, clock).why)


def _two(action: str, values: dict[str, str | int], case_folder: Path, signer: Signer, done: str) -> None:
    """A decision of two people: the first signature into a file, or both to the desk."""
    _, decision = decided(action, values, case_folder, signer)
    if signer.sign_only is None:
        click.echo(f"{done}, signed by {', '.join(approval.approver for approval in decision.approvals)}", err=True)


def decided(
    action: str, values: dict[str, str | int], case_folder: Path, signer: Signer, *, secret: bytes | None = None
) -> tuple[Case, Decision]:
    """Sign, and decide unless it is for the next person to sign. Returns the case and the decision."""
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.compartment import desk_of

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    with desk_of(case, clock) as desk:
        return case, decide(desk, action, values, signer, secret=secret)
