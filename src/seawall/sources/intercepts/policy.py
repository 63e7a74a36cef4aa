"""A carrier's intercept policy (`policy.json`): kept whole, as one row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import orjson

from seawall.errors import InputError
from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Rows, dumped, when, whole_file

MAX_BYTES: Final = 64 << 20
_NAMES: Final = re.compile(
    rb"\"(?:admins|admf|mediation|agencies|on_call|delivery_changes|shared_liids|approved_mirrors|scheduled_audits"
    rb"|read_limits|emergency_limit_h|clock_skew_s|mass_deactivation|log_max_silence_s|status_stuck_h|registry_tz"
    rb"|maintenance)\"\s*:"
)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return (
        95
        if head[:1] == b"{"
        and len({m[0] for m in _NAMES.finditer(head)}) >= 2
        and not re.search(rb"\"warrants\"\s*:", head)
        else 0
    )


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    content = whole_file(evidence, MAX_BYTES)
    try:
        policy = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        raise InputError("the policy is broken JSON: nobody's rights are known", where=evidence.origin) from None
    if not isinstance(policy, dict):
        raise InputError("the policy is no object", where=evidence.origin)
    rows.add(
        "intercept_policy",
        evidence.origin,
        content,
        {"policy": dumped(policy)},
        when=when(policy.get("as_of"), reading),
    )
    yield


FORMAT: Final = Format("policy", "Intercept policy (policy.json)", _sniff, _read)
