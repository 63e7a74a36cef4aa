# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall import sources
from seawall.model.maps import FieldMap, MapTime, load_maps
from seawall.sources import lines
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import READING, Result, read_evidence

LOGINS = FieldMap(
    name="portal",
    has=("when", "who"),
    time=MapTime("when", zone="Europe/Berlin"),
    fields={"user": "who", "src_ip": ("xff", "ip"), "outcome": "ok", "activity": "what", "device": "host"},
    values={"outcome": {"1": "success", "0": "failure"}, "activity": {"in": "login"}},
)
HEAD = "when;who;ip;xff;ok;what;host;api_key;note\n"
ROW = "2026-07-01 12:00:00;eve;192.0.2.7;;1;in;portal1;s3cret;hello\n"


def read(text: str, *maps: FieldMap, origin: str = "x.csv") -> Result:
    evidence = evidence_from_bytes(text.encode(), origin)
    source = sources.recognise(evidence, maps)
    assert source is not None
    assert source.name == "mapped"
    return read_evidence(source, evidence)


def test_columns_zones_words_and_secrets_are_mapped() -> None:
    (row,) = read(HEAD + ROW, LOGINS).rows("mapped")
    assert f"{row['time']:%H:%M}" == "10:00"
    expected = {
        "time_quality": "exact", "user": "eve", "src_ip": "192.0.2.7", "outcome": "success", "activity": "login",
        "device": "portal1", "map": "portal", "note": "hello", "origin": "x.csv:2",
    }  # fmt: skip
    assert expected.items() <= row.items()
    assert "s3cret" not in str(row)


def test_nested_json_keys_are_named_by_dots() -> None:
    one = FieldMap(
        name="elastic",
        has=("_source.@timestamp",),
        time=MapTime("_source.@timestamp"),
        fields={"user": "_source.user.name", "src_ip": "_source.source.ip", "command_raw": "_source.cmd"},
    )
    hit = {"_source": {"@timestamp": "2026-07-01T10:00:00Z", "user": {"name": "eve"}, "source": {"ip": "192.0.2.7"},
                       "cmd": "sh run"}}  # fmt: skip
    (row,) = read(json.dumps([hit]), one, origin="hits.json").rows("mapped")
    assert (row["user"], row["src_ip"], row["activity"]) == ("eve", "192.0.2.7", "command")
    assert row["command"] == "show running-config"


@pytest.mark.parametrize(
    ("time", "cells", "expected"),
    [
        (MapTime("when", format="%d.%m.%Y %H.%M", zone="UTC"), "01.07.2026 10.00", "exact"),
        (MapTime("when", format="%d/%b/%Y:%H:%M:%S %z"), "01/Jul/2026:12:00:00 +0200", "exact"),
        (MapTime("when"), "1782900000", "exact"),
        (MapTime("when"), "2026-07-01T10:00:00", "zone_assumed"),
        (MapTime("when"), "soon", "missing"),
    ],
)
def test_times_of_any_form_are_read(time: MapTime, cells: str, expected: str) -> None:
    result = read(f"when;who\n{cells};eve\n", replace(LOGINS, time=time))
    (row,) = result.rows("mapped")
    assert row["time_quality"] == expected
    assert any("could not read" in note for note in result.notes) == (expected == "missing")
    if expected != "missing":
        assert f"{row['time']:%Y-%m-%d %H:%M}" == "2026-07-01 10:00"


def test_a_quoted_cell_may_hold_line_ends_and_a_lone_quote_costs_its_line_only() -> None:
    text = 'when,who,note\n2026-07-01T10:00:00Z,eve,"two\nlines"\n2026-07-01T10:00:01Z,"ana,x\n2026-07-01T10:00:02Z,bob,y\n'
    result = read(text, LOGINS)
    assert [row["user"] for row in result.rows("mapped")] == ["eve", "bob"]
    assert [r.where for r in result.rejects] == ["x.csv:4"]


@given(
    st.lists(st.sampled_from(["plain", '"quoted"', '"two\nlines"', '"a, b\n\n""c"""', '"open']), max_size=8),
    st.integers(1, 40),
)
@settings(deadline=None)
def test_quoted_cells_are_read_alike_wherever_blocks_end(notes: list[str], size: int) -> None:
    text = "when,who,note\n" + "".join(f"2026-07-01T10:00:0{n}Z,u{n},{note}\n" for n, note in enumerate(notes))
    whole = read(text, LOGINS)
    with mock.patch.object(lines, "BLOCK_BYTES", size):
        pieces = read(text, LOGINS)
    assert pieces.rows("mapped") == whole.rows("mapped")
    assert pieces.rejects == whole.rejects
    if '"open' not in notes:
        assert [r["user"] for r in whole.rows("mapped")] == [f"u{n}" for n in range(len(notes))]


def test_a_kind_that_takes_no_other_columns_says_what_was_left_out() -> None:
    one = replace(LOGINS, kind="tacacs", fields={"user": "who"}, values={})
    result = read(HEAD + ROW, one)
    assert result.counts() == {"tacacs": 1}
    assert "ip, ok, what, host, api_key, note" in result.notes[0]


def test_a_mapping_goes_before_a_source_but_never_before_a_refusal() -> None:
    flow = "ts,sa,da,ibyt\n2026-07-01 10:00:00,192.0.2.7,203.0.113.9,5\n"
    one = FieldMap(name="mine", has=("ts",), time=MapTime("ts"), fields={"src_ip": "sa"})
    assert read(flow, one).counts() == {"mapped": 1}
    secret = '{"liid": "x", "ts": "2026-07-01T10:00:00Z", "sa": "192.0.2.7"}\n'
    source = sources.recognise(evidence_from_bytes(secret.encode(), "x.json"), [one])
    assert source is not None
    assert source.refused


def test_the_flow_lines_of_the_replay_load_as_a_mapped_table(tmp_path: Path) -> None:
    """An analyst's notes: addresses, perhaps with ports, then words; made into CSV by cutting at blanks."""
    lines = corpus_path("netdevice-logs", "synthetic-replay-ios-xe.jsonl").read_text().splitlines()
    table = ["time,src,sport,dst,dport,proto,pkts,bytes,via"]
    for line in lines:
        record = json.loads(line)
        if record["telemetry"] == "flow":
            time, src, _, dst, *words = record["raw"].split()
            said = dict(word.split("=") for word in words if "=" in word)
            proto = said.get("proto") or words[0]
            ends = [*src.partition(":")[::2], *dst.partition(":")[::2]]
            via = said.get("in_if") or said.get("out_if") or ""
            table.append(",".join((time, *ends, proto, said["pkts"], said["bytes"], via)))
    (tmp_path / "m.toml").write_text(
        '[[map]]\nname = "replay"\nkind = "flow_records"\nhas = ["src", "dst", "pkts"]\n[map.time]\ncolumn = "time"\n'
        '[map.fields]\nsrc_ip = "src"\nsrc_port = "sport"\ndst_ip = "dst"\ndst_port = "dport"\nproto = "proto"\n'
        'src_pkts = "pkts"\nsrc_bytes = "bytes"\ninput_if = "via"\n[map.constants]\nobserver = "pe01"\n'
    )
    result = read("\n".join(table) + "\n", *load_maps([tmp_path / "m.toml"]))
    rows = result.rows("flow_records")
    assert len(rows) == len(table) - 1 >= 3
    assert result.rejected == 0
    assert {row["observer"] for row in rows} == {"pe01"}
    assert ("gre", 47, 11_800_000) in {(row["proto"], row["ip_proto"], row["src_bytes"]) for row in rows}
    assert all(re.fullmatch(r"[\d.]+", str(row["dst_ip"])) for row in rows)


@given(st.binary(max_size=200))
def test_any_bytes_below_a_header_give_events_and_rejects(content: bytes) -> None:
    for head in (HEAD.encode(), b'{"when": 1, "who": "x"}\n'):
        evidence = evidence_from_bytes(head + content, "x")
        source = sources.recognise(evidence, [LOGINS])
        assert source is not None
        if not source.refused:
            for chunk in source.read(evidence, READING):
                assert chunk.rejected >= len(chunk.rejects)
