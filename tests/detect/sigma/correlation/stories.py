"""Rules and logins for correlation tests, written short."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from seawall import detect
from seawall.detect.rules import RuleSet, load
from seawall.detect.tables import InMemory
from seawall.model.finding import Finding
from tests.detect.events import table

FAILED = """\
title: Login failed
id: aaaaaaaa-0000-4000-8000-000000000001
name: failed
logsource: {product: network, category: authentication}
detection: {s: {outcome: failure}, condition: s}
"""
WORKED = FAILED.replace("failure", "success").replace("0001", "0002").replace("failed", "worked")
CHANGED = """\
title: Configuration changed
id: aaaaaaaa-0000-4000-8000-000000000003
name: changed
logsource: {product: network, category: config_change}
detection: {s: {mnemonic: '*'}, condition: s}
"""


def correlation(name: str, body: str, *, more: str = "") -> str:
    """A correlation document of that name; `body` are the keys below `correlation:`, in YAML's flow form."""
    rule_id = f"cccccccc-0000-4000-8000-{sum(map(ord, name)):012d}"
    return f"title: {name}\nid: {rule_id}\nname: {name}\nlevel: high\n{more}correlation: {{{body}}}\n"


def ruleset(folder: Path, *documents: str) -> RuleSet:
    """Documents of one file, loaded alone."""
    path = folder / "rules.yml"
    path.write_text("---\n".join(documents), encoding="utf-8")
    return load([path], builtin=False)


def login(at: float, outcome: str, **more: Any) -> dict[str, Any]:
    """A login of ops1 on pe1 from 192.0.2.7, unless said otherwise."""
    usual = {"device": "pe1", "user": "ops1", "src_ip": "192.0.2.7", "activity": "login"}
    return {"at": at, "outcome": outcome, **usual, **more}


def told(
    rules: RuleSet,
    logins: Iterable[Mapping[str, Any]],
    changes: Iterable[Mapping[str, Any]] = (),
    seed: int = 0,
    since: datetime | None = None,
) -> list[Finding]:
    """Findings over these views, whose rows arrive in an order of no meaning."""
    rows = table("logins", logins)
    order = list(range(rows.num_rows))
    random.Random(seed).shuffle(order)
    lake = InMemory({"logins": rows.take(order), "config_changes": table("config_changes", changes)})
    found = detect.run(lake, rules, since=since)
    return [finding for finding in found if "." not in finding.detector]  # rules only: analytics are named area.name
