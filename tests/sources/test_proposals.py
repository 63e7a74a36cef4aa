# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.model.maps import load_maps
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.proposals import proposal, why
from tests.sources.reading import read_evidence

SPLUNK = '_time,host,user,src_ip,action\n"2026-07-01T10:00:00.000+0000",portal1,eve,192.0.2.7,login\n'
ELASTIC = '{"_source":{"@timestamp":"2026-07-01T10:00:00Z","host":{"name":"p1"},"source":{"ip":"192.0.2.7"},"user":{"name":"e"}}}\n'
VENDOR = (
    "Receive Time,Source address,Destination address,Bytes,App Thing\n2026/07/01 10:00:00,192.0.2.7,203.0.113.9,5,x\n"
)


@pytest.mark.parametrize(("text", "kind"), [(SPLUNK, "mapped"), (ELASTIC, "mapped"), (VENDOR, "flow_records")])
def test_what_is_proposed_reads_the_file_it_was_made_for(text: str, kind: str, tmp_path: Path) -> None:
    evidence = evidence_from_bytes(text.encode(), "export.csv")
    path = tmp_path / "m.toml"
    path.write_text(proposal(evidence))
    source = sources.recognise(evidence, load_maps([path]))
    assert source is not None
    result = read_evidence(source, evidence)
    (row,) = result.rows(kind)
    assert row["src_ip"] == "192.0.2.7"
    assert f"{row['time']:%Y-%m-%d %H:%M}" == "2026-07-01 10:00"
    assert row["time_quality"] == "exact"


def test_what_is_missing_is_said() -> None:
    evidence = evidence_from_bytes(b"colour,size,shape\nred,5,round\n", "x.csv")
    assert "no time and no device" in why(evidence)
    assert "MISSING" in proposal(evidence)
    assert "colour, size, shape" in sources.why_unknown(evidence)


@pytest.mark.parametrize("text", [b"", b"hello\nworld\n", b"\0\1\2", b"one, two\n"])
def test_nothing_is_proposed_for_what_is_no_table(text: bytes) -> None:
    evidence = evidence_from_bytes(text, "x")
    assert (why(evidence), proposal(evidence)) == ("", "")


@given(st.dictionaries(st.text(max_size=12), st.integers() | st.text(max_size=5), min_size=1, max_size=6))
def test_hostile_names_make_a_harmless_file(record: dict[str, object]) -> None:
    import json

    text = proposal(evidence_from_bytes(json.dumps(record).encode(), 'a"]\n[evil].json'))
    assert all(c.isprintable() or c == "\n" for c in text)
