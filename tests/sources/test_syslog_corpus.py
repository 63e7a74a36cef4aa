"""Third-party samples: what other parsers found in a line, we find too. Prints the figures with `-s`."""

from __future__ import annotations

import json
import re
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


def test_every_line_says_host_time_severity_and_name_or_why_not() -> None:
    said = reasoned = 0
    for name in ("napalm-logs", "sc4s-rendered", "logstash-patterns-core", "synthetic-replay-ios-xe"):
        for sample in samples(f"{name}.jsonl"):
            result = read_bytes(syslog.SOURCE, sample["raw"].replace("\n", " ").encode() + b"\n")
            for row in result.rows("syslog"):
                parts = ("observer", row["observer"]), ("time", row["time"]), ("severity", row["severity"])
                missing = [part for part, value in parts if value is None]
                missing += [] if row["mnemonic"] or row["program"] else ["name"]
                assert bool(missing) <= bool(row["lacks"]), sample["raw"]
                said, reasoned = said + (not missing), reasoned + bool(missing)
            assert result.rows("syslog") or result.rejects[0].what, sample["raw"]
            reasoned += not result.rows("syslog")
    print(f"{said} lines say all, {reasoned} say why not")


def test_buffers_shown_on_the_screen_give_the_lines_their_template_finds() -> None:
    lines = 0
    for raw in sorted(corpus_path("netdevice-logs", "ntc-templates").glob("*/show_logging/*.raw")):
        wanted = re.findall(
            r'facility: "(.*)"\n +severity: "(.*)"\n +mnemonic: "(.*)"', raw.with_suffix(".yml").read_text()
        )
        found = [row["mnemonic"] for row in read_bytes(syslog.SOURCE, raw.read_bytes()).rows("syslog")]
        assert found == ["-".join(parts) for parts in wanted] or not wanted, raw.name
        lines += len(found)
    assert lines >= 20
