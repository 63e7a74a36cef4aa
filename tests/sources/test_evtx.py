# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import contextlib
import gzip
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.errors import InputError
from seawall.model.events import event_id
from seawall.sources import evtx
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.sources.reading import read_bytes, read_path


def event(number: int = 4624, data: dict[str, Any] | None = None, **system: Any) -> dict[str, Any]:
    head: dict[str, Any] = {
        "Provider": {"#attributes": {"Name": "Example-Auditing", "Guid": "{0}"}},
        "EventID": number,
        "Level": 0,
        "TimeCreated": {"#attributes": {"SystemTime": "2026-03-01T10:00:00.123456Z"}},
        "EventRecordID": 7,
        "Correlation": {"#attributes": {"ActivityID": "{1}"}},
        "Execution": {"#attributes": {"ProcessID": 4, "ThreadID": 8}},
        "Channel": "Security",
        "Computer": "srv1.example.net",
        "Security": None,
    }
    return {"Event": {"#attributes": {"xmlns": "x"}, "System": head | system, "EventData": data or {}}}


def read(*events: object):
    return read_bytes(evtx.SOURCE, "".join(json.dumps(e) + "\n" for e in events).encode(), "s.jsonl")


LOGIN = {
    "TargetUserName": "ana",
    "SubjectUserName": "SRV1$",
    "LogonType": 10,
    "IpAddress": "::ffff:192.0.2.7",
    "Process Name": "x.exe",
    "Initiated": True,
    "Empty": None,
}


def test_an_event_becomes_one_row_under_sigmas_names() -> None:
    (row,) = read(event(data=LOGIN)).rows("windows")
    assert (row["EventID"], row["Channel"], row["Provider_Name"]) == (4624, "Security", "Example-Auditing")
    assert (row["Computer"], row["observer"], row["device"]) == ("srv1.example.net",) * 3
    assert row["time"] == datetime(2026, 3, 1, 10, 0, 0, 123456, tzinfo=UTC)
    assert (row["user"], row["src_ip"]) == ("ana", "192.0.2.7")
    assert (row["LogonType"], row["ProcessName"], row["Initiated"]) == ("10", "x.exe", "true")
    assert (row["Correlation_ActivityID"], row["Execution_ProcessID"]) == ("{1}", "4")
    assert row["origin"] == "s.jsonl:1"


def test_the_id_is_what_windows_says_of_the_event() -> None:
    (row,) = read(event(data=LOGIN)).rows("windows")
    parts = [b"srv1.example.net", b"Security", b"7", b"2026-03-01T10:00:00.123456Z"]
    record = b"".join(len(p).to_bytes(4, "big") + p for p in parts)
    assert row["event_id"] == event_id("windows", "srv1.example.net", record)


def test_the_actor_is_the_subject_unless_it_is_a_login() -> None:
    rows = read(event(4624, LOGIN), event(4720, LOGIN), event(1, {"User": "LAB\\ana"})).rows("windows")
    assert [r["user"] for r in rows] == ["ana", "SRV1$", "LAB\\ana"]


def test_odd_shapes_are_read_too() -> None:
    odd = event(data={"Data": {"#text": ["a", "b"]}, "Origin": "x", "param1": "p"})
    odd["Event"]["System"]["EventID"] = {"#attributes": {"Qualifiers": 16384}, "#text": "104"}
    odd["Event"]["UserData"] = {"LogFileCleared": {"#attributes": {"xmlns": "x"}, "SubjectUserName": "ana"}}
    (row,) = read(odd).rows("windows")
    assert (row["EventID"], row["EventID_Qualifiers"]) == (104, "16384")
    assert (row["Data"], row["EventData_Origin"], row["param1"]) == ("a, b", "x", "p")
    assert (row["SubjectUserName"], row["user"]) == ("ana", "ana")


def test_names_that_differ_in_case_are_one_column() -> None:
    rows = read(event(data={"LogonId": "1"}), event(data={"LogonID": "2"}), event(data={"computer": "x"})).rows(
        "windows"
    )
    assert [r["LogonId"] for r in rows] == ["1", "2", None]


def test_passwords_in_command_lines_never_become_rows() -> None:
    (row,) = read(event(4688, {"CommandLine": "net user bad Secret1! /add"})).rows("windows")
    assert row["CommandLine"] == "net user bad <masked> /add"


def test_bad_lines_are_rejected_and_the_others_read() -> None:
    text = json.dumps(event()) + '\n{"Event": 5}\n{"Event":{"System":\n[]\n' + json.dumps(event()) + "\n"
    result = read_bytes(evtx.SOURCE, text.encode("utf-16"))
    assert result.counts() == {"windows": 2}
    assert [r.where for r in result.rejects] == ["sample.log:2", "sample.log:3", "sample.log:4"]


def test_an_event_without_time_says_so() -> None:
    (row,) = read(event(TimeCreated=None)).rows("windows")
    assert (row["time"], row["time_quality"]) == (None, "missing")


def test_its_json_lines_are_recognised_and_other_json_is_not() -> None:
    assert sources.recognise(evidence_from_bytes(json.dumps(event()).encode(), "x.txt")) is evtx.SOURCE
    assert evtx.SOURCE.sniff(evidence_from_bytes(b'{"event": {"system": 1}}', "x.evtx")) == 0


def test_a_file_whose_header_is_broken_is_one_clear_error() -> None:
    with pytest.raises(InputError, match="header"):
        read_bytes(evtx.SOURCE, evtx.MAGIC + b"\xff" * 10_000)


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evtx")
    with tarfile.open(corpus_path("sigma", "evtx-dev.tar.xz")) as packed:
        packed.extractall(folder, filter="data")
    return folder


@pytest.mark.corpus
def test_every_known_event_is_read(samples: Path) -> None:
    files = sorted(samples.rglob("*.evtx"))
    results = [read_path(path) for path in files]
    assert len(files) == 281
    assert sum(r.tables["windows"].num_rows for r in results if r.tables) == 10_015
    assert sum(r.rejected for r in results) == 0


@pytest.mark.corpus
def test_a_damaged_chunk_costs_itself_only_and_a_cut_is_said(samples: Path, tmp_path: Path) -> None:
    whole = max(samples.rglob("*.evtx"), key=lambda path: path.stat().st_size)
    count = read_path(whole).counts()["windows"]
    raw = bytearray(whole.read_bytes())
    raw[4096 + 65536 : 4096 + 65536 + 512] = bytes(512)
    (tmp_path / "hurt.evtx").write_bytes(raw)
    hurt = read_path(tmp_path / "hurt.evtx")
    assert count - 100 < hurt.counts()["windows"] < count
    assert hurt.rejects[0].what == "chunk 1 is damaged and was left out"
    (tmp_path / "cut.evtx.gz").write_bytes(gzip.compress(bytes(raw[: len(raw) // 2])))
    assert "cut off" in read_path(tmp_path / "cut.evtx.gz").rejects[-1].what


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8) | st.sampled_from(["#text", "#attributes", "Name"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(_json, _json)
def test_any_event_data_gives_events_and_rejects(data: object, system: object) -> None:
    one, two = event(), event()
    one["Event"]["EventData"] = data
    two["Event"]["System"] = system
    three = event(EventID=system, Channel=data, Computer=system, TimeCreated=data)
    result = read(one, two, three, event())
    assert result.counts()["windows"] >= 1


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_magic_give_events_or_one_clear_error(content: bytes) -> None:
    with contextlib.suppress(InputError):  # and nothing else
        read_bytes(evtx.SOURCE, evtx.MAGIC + content)
