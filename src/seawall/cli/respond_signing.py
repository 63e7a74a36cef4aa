"""Decisions of response that travel between people as one file: --sign-only FILE, then --signed FILE."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.passphrases import passphrase

if TYPE_CHECKING:
    from seawall.people.decisions import Taken
    from seawall.pipeline.response import Response


def decide(
    opened: Response,
    action: str,
    values: Mapping[str, str | int],
    who: str,
    key_file: Path,
    purpose: str,
    sign_only: Path | None,
    signed: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    requester: str = "",
) -> Taken | None:
    """Sign, and take the decision, or write it for the next person to sign; None in that case."""
    from seawall.people.decisions import begin, read_decision, same, signed_by
    from seawall.people.keys import open_key

    if signed is not None:
        decision = read_decision(signed)
        same(decision, action, values)
    else:
        decision = begin(action, values, requester or who, purpose)
    secret = passphrase(passphrase_file, passphrase_fd, f"the key of {who}")
    with open_key(key_file, secret) as key:
        decision = signed_by(decision, opened.case.uuid, who, key, opened.clock.now(), 8.0)
    if sign_only is not None:
        sign_only.write_text(decision.text(), encoding="utf-8")
        click.echo(f"{sign_only}: signed by {', '.join(a.approver for a in decision.approvals)}", err=True)
        return None
    opened.desk.folder.parent.mkdir(mode=0o700, exist_ok=True)
    return opened.desk.take(decision)
