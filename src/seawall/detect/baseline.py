"""What is usual here: exact where the site file says it, else learned from the evidence and marked so.

Detectors that compare with what came before share this piece. Their rows carry how much that was in `baseline_events`
and `baseline_days` (and `baseline_exact`, true where the site file answers by itself); a finding then says it, and one
that rests on little has its confidence lowered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.model.site import MANAGEMENT_ROLES, Site

COLUMNS: Final = ("baseline_events", "baseline_days", "baseline_exact")
ENOUGH_DAYS: Final = 7.0  # a week knows its nights and its weekend
ENOUGH_EVENTS: Final = 200
DAY_S: Final = 86_400
_BETWEEN: Final = " from "  # no address holds it
_LEAST: Final = 0.4  # of a detector's confidence, however little there was


def seconds(moment: Any) -> Any:
    """Whole seconds since 1970 of a time, as a whole number on every engine: DuckDB's `epoch` keeps the fraction."""
    return moment.epoch_seconds() // 1


def learning(table: Any, by: tuple[str, ...]) -> Any:
    """The rows of `table` (`time`, `event_id`, `by`), with how many came before each and over how many days.

    Adds `baseline_events` (count) and `baseline_days` (from the first of its group to the row, days).
    """
    before = ibis.window(group_by=list(by), order_by=["time", "event_id"])
    whole = ibis.window(group_by=list(by))
    span_s = seconds(table.time) - seconds(table.time.min().over(whole))
    return table.mutate(
        baseline_events=ibis.row_number().over(before),
        baseline_days=span_s.cast("float64") / ibis.literal(DAY_S).cast("float64"),
    )


def by_site(table: Any, site: Site) -> Any:
    """Whether the site file itself says where an account works from, as `baseline_exact`; rows it expects are left out.

    `table` has `device`, `user` and `src_ip`. An account with addresses of its own is judged by them; without, by the
    jump hosts and management networks. An account the file does not know is judged by what was learned.
    """
    if not site.known:
        return table.mutate(baseline_exact=ibis.literal(False))
    pairs = table.select("user", "src_ip").distinct().to_pyarrow().to_pylist()
    usual = [pair for pair in pairs if expected(site, pair["user"], pair["src_ip"])]
    named = sorted({pair["user"] for pair in pairs if _speaks_of(site, pair["user"])})
    kept = table
    if usual:
        keys = [f"{pair['user']}{_BETWEEN}{pair['src_ip']}" for pair in usual]
        kept = table.filter((table.user + _BETWEEN + table.src_ip).notin(keys))
    exact = kept.user.isin(named) if named else ibis.literal(False)
    # A person's addresses are those their work on devices comes from; into the jump host they come from their desk.
    entries = sorted(device.name for device in site.devices if device.role in MANAGEMENT_ROLES)
    if entries:
        exact = exact & ibis.coalesce(kept.device, "").notin(entries)
    return kept.mutate(baseline_exact=exact)


def expected(site: Site, account: str, source: str) -> bool:
    """Whether the site file expects this account from this address."""
    person = site.person(account)
    return site.is_trusted_source(source) or (person is not None and site.is_usual(person, source))


def _speaks_of(site: Site, account: str) -> bool:
    person = site.person(account)
    return person is not None and bool(person.from_addresses or site.jump_hosts or site.management_networks)


def judged(confidence: int, facts: Mapping[str, Any], *, learned: bool) -> tuple[int, bool, str]:
    """A detector's confidence, whether its finding is learned, and what to say of its ground; by its details."""
    if facts.get("baseline_exact"):
        return confidence, False, "The site file knows this account from other places."
    events, days = facts.get("baseline_events"), facts.get("baseline_days")
    if events is None or days is None:
        return confidence, learned, ""
    share = min(1.0, float(days) / ENOUGH_DAYS, float(events) / ENOUGH_EVENTS)
    amount = f"{int(events):,} records over {_span(float(days))}"
    if share >= 1:
        return confidence, True, f"Learned from {amount}."
    lowered = round(confidence * (_LEAST + (1 - _LEAST) * share))
    return lowered, True, f"Learned from only {amount}, which is little."


def _span(days: float) -> str:
    if days >= 2:
        return f"{days:.0f} days"
    hours = days * 24
    return f"{hours:.0f} hours" if hours >= 2 else f"{hours * 60:.0f} minutes"
