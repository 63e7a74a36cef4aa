"""Oriented flows as evidence: the columns of the view `flows` again, client first, so many for each pattern."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import ibis

from seawall.detect import subjects
from seawall.detect.base import Need

MOST: Final = 50  # flows kept as evidence of one pattern; its figures count all of them
SETTING: Final = "NetFlow or IPFIX from peering and management ports, or a Zeek sensor there"
UNSAMPLED: Final = "unsampled NetFlow or IPFIX for your own infrastructure, or a Zeek sensor there"
LASTING: Final = timedelta(days=400)  # one pattern is one finding, however long it lasts


def needs(*columns: str, unsampled: bool = False) -> tuple[Need, ...]:
    """What a question about flows must be given."""
    asked = ("time", "src_ip", "dst_ip", "dst_port", *columns)
    return (Need("flows", asked, UNSAMPLED if unsampled else SETTING, unsampled=unsampled),)


def subject(*details: str) -> subjects.Subject:
    """How flows are told, with these further details."""
    flows = subjects.BY_VIEW["flows"]
    return replace(flows, details=(*flows.details, *details))


def evidence(rows: Any, keys: Sequence[str], further: Sequence[str] = (), most: int = MOST) -> Any:
    """The first flows of each pattern (told apart by `keys`), as the view has them, with these further columns."""
    window = ibis.window(group_by=list(keys), order_by=["seconds", "event_id"])
    numbered = rows.mutate(place=ibis.row_number().over(window))
    kept = numbered.filter(numbered.place < most)
    return kept.select(
        "event_id",
        "time",
        "origin",
        "proto",
        src_ip=kept.client,
        src_port=kept.client_port,
        dst_ip=kept.server,
        dst_port=kept.port,
        src_bytes=kept.sent,
        dst_bytes=kept.got,
        **{name: kept[name] for name in further},
    )
