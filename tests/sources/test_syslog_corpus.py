"""Third-party samples: what other parsers found in a line, we find too. Prints the figures with `-s`."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from seawall.sources import syslog
from tests.corpus import corpus_path
from tests.sources.reading import read_bytes

pytestmark = pytest.mark.corpus


def samples(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in corpus_path("netdevice-logs", name).read_text().splitlines()]


def first_row(raw: str) -> dict[str, Any] | None:
    rows = read_bytes(syslog.SOURCE, raw.replace("\n", " ").encode()).rows("syslog")
    return rows[0] if rows else None


def test_napalm_lines_are_read_as_napalm_reads_them() -> None:
    right, asked = Counter[str](), Counter[str]()
    for sample in samples("napalm-logs.jsonl"):
        said = sample["expected"].get("message_details", {})
        row = first_row(sample["raw"])
        assert row is not None, sample["raw"]
        host = said.get("host") or sample["expected"].get("host")
        clock = (said.get("time") or "").split(".")[0]
        tag = said.get("tag", "")
        if host:  # napalm drops a routing engine's prefix, we keep the name as written
            asked["observer"] += 1
            right["observer"] += (
                row["observer"] == host or str(row["observer"]).endswith("." + host) or row["observer"] == f"re0-{host}"
            )
        if clock and row["time"] is not None and row["time_quality"] != "exact":
            asked["clock"] += 1
            right["clock"] += f"{row['time']:%H:%M:%S}" == clock.zfill(8)
        if (tag and f"%{tag}" in sample["raw"]) or ("_" in tag and tag.isupper()):
            asked["mnemonic"] += 1
            right["mnemonic"] += row["mnemonic"] == tag.lstrip("0123456789")
        if "facility" in sample["expected"]:
            asked["facility"] += 1
            right["facility"] += row["facility"] == sample["expected"]["facility"]
    print({part: f"{right[part]}/{asked[part]}" for part in asked})
    assert all(right[part] >= 0.95 * asked[part] for part in asked)


def test_rendered_lines_of_two_hundred_products_are_rows_and_name_their_host() -> None:
    named = rows = timed = 0
    all_of_them = samples("sc4s-rendered.jsonl")
    for sample in all_of_them:
        row = first_row(sample["raw"])
        assert row is not None, sample["raw"]
        rows += 1
        named += row["observer"] is not None
        timed += row["time"] is not None
    print(f"{rows} of {len(all_of_them)} read, {named} with an observer, {timed} with a time")
    assert rows == len(all_of_them)
    assert named >= 0.75 * rows
