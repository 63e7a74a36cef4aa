"""The intercept case and the people who may act in it: authorities, closed findings, policy, the one sentence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from seawall.detect.oversight.facts import Withheld
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.compartment import notice_finding
from seawall.model.finding import Finding, utc_text
from seawall.people.changes import read_register
from seawall.people.decisions import Desk, Taken
from seawall.people.notices import read_notice
from seawall.pipeline.cases import case_settings, case_state
from seawall.vault.commitments import SHAPE

VIEW: Final = "intercept.view"
CLOSE: Final = "intercept.close"
POLICY: Final = "intercept.policy"
WITHHOLD: Final = "intercept.withhold"
RELEASE: Final = "intercept.release"
REASONS: Final = ("authorised", "record-mistake", "false-alarm", "handled", "reported")


@contextmanager
def desk_of(case: Case, clock: Clock) -> Iterator[Desk]:
    """A case's desk, its ledger open for as long."""
    with open_ledger(case, clock=clock) as ledger:
        yield Desk(case.uuid, case.folder / "decisions", read_register(case.people_file, ledger), ledger, clock)
        ledger.publish()


def withhold_values(commitment: str, start: datetime, end: datetime) -> dict[str, str | int]:
    """What a cleared officer signs, and nothing more.

    Raises:
        InputError: it is no commitment, or ends before it begins.
    """
    if not SHAPE.fullmatch(commitment):
        raise InputError("no whole commitment", mend="copy its 64 letters from the finding, or from: seawall query")
    if end <= start:
        raise InputError("ends before it begins", mend="check --from and --to")
    return {"commitment": commitment, "from": utc_text(start), "to": utc_text(end)}


def authorities(desk: Desk) -> list[Withheld]:
    """Authorities the registry must not show, each signed by a cleared officer: a tap they cover is not rogue."""
    return [authority for taken in desk.taken(WITHHOLD) if (authority := _authority(taken)) is not None]


def _authority(taken: Taken) -> Withheld | None:
    values = taken.decision.values
    try:
        start, end = (int(datetime.fromisoformat(str(values[name])).timestamp() * 1e6) for name in ("from", "to"))
        return Withheld(str(values["commitment"]), start, end, taken.approvers[0])
    except (KeyError, ValueError):
        return None


def closed(desk: Desk) -> dict[str, str]:
    """Findings two people closed: id → reason."""
    return {str(t.decision.values.get("finding")): str(t.decision.values.get("reason")) for t in desk.taken(CLOSE)}


def policy_digest(policy: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a policy, however its file is laid out."""
    text = json.dumps(policy, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def policy_doubt(policy: Mapping[str, Any], desk: Desk) -> str:
    """Why a policy that was handed over is not the one two people put in force; empty if it is, or if none was yet."""
    signed = [str(taken.decision.values.get("policy_sha256")) for taken in desk.taken(POLICY)]
    if not signed or not policy or policy_digest(policy) == signed[-1]:
        return ""
    return (
        "the policy that was handed over is not the one two people put in force; what it allows may not be allowed "
        "(seawall intercepts policy)"
    )


def receive(case: Case, path: Path, clock: Clock) -> Finding:
    """Take an officer's sentence into a case that is not theirs. The same notice twice adds nothing.

    Raises:
        InputError: it is no notice, or no officer this case knows signed it.
    """
    with open_ledger(case, clock=clock) as ledger:
        notice, released = read_notice(path, read_register(case.people_file, ledger))
        finding = notice_finding(notice.officer, notice.notice, released)
        with case_state(case, case_settings(case)) as state:
            state.save_findings([finding])
        if not ledger.find("notice", notice.notice, kind="notice"):
            ledger.append(
                "notice", {"officer": notice.officer, "notice": notice.notice}, keys={"notice": notice.notice}
            )
        ledger.publish()
    return finding
