# ruff: noqa: E501 - samples stand as they are written
from __future__ import annotations

import json
import os
import random
import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall import pipeline, sources
from seawall.engine.lake import Lake
from seawall.errors import SeawallError
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.people import sealed
from seawall.sources import intercepts, warrants
from seawall.sources.base import Evidence
from seawall.sources.intake import FileReport
from seawall.sources.opening import evidence_from_bytes
from seawall.vault.client import NEEDS_VAULT, VaultClient
from tests.corpus import corpus_path
from tests.sources.reading import READING, Result, check_schema
from tests.vault.serving import PASSPHRASE, served, served_process

NUMBER, IMSI = "64218096792", "530019081003390"
ORDER = {
    "warrant_id": "W-1", "liid": " NZ1000 ", "authority": "High Court", "signed_by": "J. Harper", "order_type": "InterceptionWarrant",
    "agency_id": "Customs", "scope": "IRIandCC", "status": "Approved", "valid_from": "2026-02-08T00:00:00Z", "valid_to": "2026-05-09",
    "targets": [{"format": "InternationalE164", "value": NUMBER}, {"format": "IMSI", "value": IMSI}, {"format": "IPv4CIDR", "value": "203.0.113.0/24"}],
    "xids": ["70C6A5B8-5387-4613-B6C4-68AEC7321CC0 "], "delivery": {"hi2": "198.51.100.20:35530", "hi3": "198.51.100.21:35531"},
    "renewals": [{"valid_from": "2026-05-09T00:00:00+12:00", "valid_to": "2026-08-01", "order": "R-1"}],
    "amendments": [{"at": "2026-03-01T00:00:00Z", "targets_add": [{"format": "TELURI", "value": "tel:+64-21-809-6792"}], "targets_remove": [], "note": "he also uses 021 809 6792"}],
    "native_id": {"kind": "snmp", "value": 990}, "network_elements": ["amf-1"], "flags": ["IsTest", f"caller is {NUMBER}"], "mediator": 6001,
    "handler": {"mail": "kim@mail.example.net", "room": 12},
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(sealed, "COST", 16)
    return open_case(tmp_path / "case", clock)


@pytest.fixture
def vault(case: Case, clock: FixedClock) -> Iterator[VaultClient]:
    with served(case, clock) as client:
        yield client


def read(content: bytes, vault: VaultClient | None) -> Result:
    result = Result()
    for chunk in sources.read(
        warrants.SOURCE, evidence_from_bytes(content, "warrants.json"), replace(READING, vault=vault)
    ):
        result.take(chunk)
    return result


def as_json(*orders: object, **beside: object) -> bytes:
    return json.dumps({"as_of": "2026-03-18T10:00:00Z", **beside, "warrants": orders}).encode()


def test_an_order_becomes_a_row_without_its_identifiers(vault: VaultClient) -> None:
    result = read(as_json(ORDER, default_country_code="64"), vault)
    (row,) = result.rows("warrants")
    check_schema("warrants", result.tables["warrants"])
    assert (row["warrant_id"], row["liid"], row["order_scope"], row["native_value"], row["mediator"]) == (
        "W-1",
        "NZ1000",
        "IRIandCC",
        "990",
        "6001",
    )
    assert str(row["time"]) == "2026-03-18 10:00:00+00:00"
    assert str(row["valid_to"]) == "2026-05-09 23:59:59.999999+00:00"
    targets = json.loads(str(row["targets"]))
    assert [(t["type"], t["width"], t["normalised"]) for t in targets] == [
        ("msisdn", "single", True),
        ("imsi", "single", True),
        ("ipv4", "/24", True),
    ]
    (amended,) = json.loads(str(row["amendments"]))
    assert amended["targets_add"][0]["commitment"] == targets[0]["commitment"]
    assert json.loads(str(row["renewals"]))[0]["valid_from"] == "2026-05-08T12:00:00.000000Z"
    assert json.loads(str(row["xids"])) == ["70c6a5b8-5387-4613-b6c4-68aec7321cc0"]
    assert json.loads(str(row["flags"])) == ["IsTest", "caller is <masked>"]
    assert "handler" in result.notes[0]
    for clear in (NUMBER, "8096792", IMSI, "203.0.113", "kim@"):
        assert clear not in str((row, result.notes, result.rejects))


VARIANTS = {
    "list": lambda o: json.dumps([o]),
    "one order": lambda o: json.dumps(o),
    "lines": lambda o: json.dumps(o) + "\n" + json.dumps(o | {"warrant_id": "W-2"}),
    "by key": lambda o: json.dumps({"warrants": {"W-1": o}}),
    "single": lambda o: json.dumps({"warrants": o}),
    "other names": lambda o: json.dumps({"Court Orders": [{n.replace("_", "-").title(): v for n, v in o.items()}]}),
    "camel": lambda o: json.dumps([{re.sub(r"_(.)", lambda f: f[1].upper(), n): v for n, v in o.items()}]),
    "indented": lambda o: json.dumps({"warrants": [o]}, indent=4),
    "bom": lambda o: "\ufeff" + json.dumps([o]),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_registries_differ_and_are_read_all_the_same(vault: VaultClient, name: str, encoding: str) -> None:
    content = VARIANTS[name](ORDER).encode(encoding)
    assert sources.recognise(evidence_from_bytes(content, "x")) is warrants.SOURCE
    row = read(content, vault).rows("warrants")[0]
    assert row["warrant_id"] == "W-1"
    assert len(json.loads(str(row["targets"]))) == 3


def test_other_intercept_files_stay_refused_and_other_json_is_no_registry() -> None:
    for content in (b'[{"liid": "L1", "agencyid": "A"}]', b'{"admfIdentifier": "a", "warrant_id": "W"}'):
        assert sources.recognise(evidence_from_bytes(content, "x")) is intercepts.SOURCE
    for content in (b'{"findings": [{"finding": "X", "warrant": "W-1"}]}', b'{"a": 1}', b"warrants: none"):
        assert sources.recognise(evidence_from_bytes(content, "x")) is not warrants.SOURCE


def test_a_mapping_file_cannot_lead_a_registry_past_the_vault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources.mapped, "source_for", lambda *_: pytest.fail("a mapping was asked"))
    evidence = evidence_from_bytes(as_json(ORDER), "x")
    assert sources.recognise(evidence, ("any mapping",)) is warrants.SOURCE  # type: ignore[arg-type]


def test_the_event_id_says_nothing_of_the_record(vault: VaultClient) -> None:
    from seawall.model.events import event_id

    raw = json.dumps(ORDER).encode()
    (row,) = read(b"[" + raw + b"]", vault).rows("warrants")
    assert row["event_id"] != event_id("warrants", "", raw), "or anybody could try out numbers against it"
    assert row["event_id"] == read(b" [ " + raw + b"]", vault).rows("warrants")[0]["event_id"], "moved is the same"


def test_a_liid_that_is_the_number_itself_is_committed_too(vault: VaultClient) -> None:
    (row,) = read(as_json(ORDER | {"liid": NUMBER, "warrant_id": f"W-{IMSI}"}), vault).rows("warrants")
    for name in ("liid", "warrant_id"):
        assert re.fullmatch("[a-p]{64}", str(row[name]))


def test_damage_keeps_what_stood_before_it_and_says_from_where(vault: VaultClient) -> None:
    content = b"[" + json.dumps(ORDER).encode() + b", " + json.dumps(ORDER).encode()[:-40]
    result = read(content, vault)
    assert result.counts() in ({}, {"warrants": 1})
    assert any("not JSON from byte" in reject.what for reject in result.rejects)
    strange = read(as_json(ORDER, 7, None, ORDER | {"valid_to": "whenever"}), vault)
    assert strange.counts() == {"warrants": 2}
    assert sorted(reject.what for reject in strange.rejects) == ["an order that is no object"] * 2 + [
        "validto is no time"
    ]


@settings(max_examples=20)
@given(
    noise=st.binary(max_size=60),
    shape=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda c: st.lists(c, max_size=3) | st.dictionaries(st.text(max_size=9), c, max_size=3),
        max_leaves=9,
    ),
)
def test_any_registry_is_rows_and_rejects_or_one_clear_error(
    shared_vault: VaultClient, noise: bytes, shape: object
) -> None:
    for content in (b'{"warrants":[' + noise, as_json(ORDER | {"targets": shape}), as_json(ORDER | {"amendments": shape, "renewals": shape}),
                    as_json(ORDER | {"delivery": shape, "native_id": shape, "flags": shape, "x": shape}, x=shape)):  # fmt: skip
        try:
            result = read(content, shared_vault)
        except SeawallError:
            continue
        assert NUMBER not in str((result.rows("warrants"), result.rejects, result.notes))


@pytest.fixture(scope="module")
def shared_vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultClient]:
    from datetime import UTC, datetime

    clock = FixedClock(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))
    cost, sealed.COST = sealed.COST, 16  # type: ignore[misc]
    with served(open_case(tmp_path_factory.mktemp("v") / "case", clock), clock) as client:
        sealed.COST = cost  # type: ignore[misc]
        yield client


# -- into a case ---------------------------------------------------------------------------------------------------


def ingest(case: Case, folder: Path, clock: FixedClock) -> FileReport:
    lake = Lake(case.lake, clock=clock)
    steps = pipeline.ingest([folder], lake, Settings(), clock, vault=pipeline.case_vault(case))
    (report,) = [step for step in steps if isinstance(step, FileReport)]
    return report


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    folder = tmp_path / "registry"
    folder.mkdir()
    (folder / "warrants.json").write_bytes(as_json(ORDER))
    return folder


def test_locked_it_is_refused_as_oversight_blind_and_the_next_run_reads_it(
    case: Case, registry: Path, clock: FixedClock
) -> None:
    assert ingest(case, registry, clock).skipped == NEEDS_VAULT
    with served(case, clock, unlocked=False) as client:
        assert ingest(case, registry, clock).skipped == NEEDS_VAULT
        client.unlock(PASSPHRASE)
        report = ingest(case, registry, clock)
        assert (report.skipped, report.new) == ("", 1)
        assert ingest(case, registry, clock).new == 0


def test_a_vault_that_dies_half_way_leaves_nothing_of_the_file(
    case: Case, registry: Path, clock: FixedClock, tmp_path: Path
) -> None:
    many = [
        ORDER | {"warrant_id": f"W-{n}", "targets": [{"format": "IMSI", "value": f"53001{n:010d}"}]}
        for n in range(1_500)
    ]
    (registry / "warrants.json").write_bytes(as_json(*many))
    with served_process(case, tmp_path / "log") as process:
        vault = pipeline.case_vault(case)
        vault.unlock(PASSPHRASE)
        vault.close()
        asked = VaultClient._ask
        count = iter(range(100))

        def dying(self: VaultClient, request: dict[str, object], *more: float) -> dict[str, object]:
            if request["op"] == "commit" and next(count) == 1:
                os.kill(process.pid, signal.SIGKILL)
            return asked(self, request, *more)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(VaultClient, "_ask", dying)
            report = ingest(case, registry, clock)
    assert "nothing of the file at hand was kept" in report.skipped
    assert Lake(case.lake, clock=clock).kinds().get("warrants", 0) == 0
    assert not list((case.vault / "sources").glob("*"))
    with served_process(case, tmp_path / "log"):
        vault.unlock(PASSPHRASE)
        vault.close()
        assert ingest(case, registry, clock).new == 1_500


@pytest.mark.corpus
def test_the_sample_registry_is_read_whole(vault: VaultClient) -> None:
    content = (corpus_path("lawful-intercept") / "scenario-s1" / "warrants.json").read_bytes()
    result = read(content, vault)
    orders = json.loads(content)["warrants"]
    assert result.counts() == {"warrants": len(orders)}
    assert result.rejects == []
    rows = result.rows("warrants")
    for row, order in zip(rows, orders, strict=True):
        assert row["warrant_id"] == order["warrant_id"]
        targets = json.loads(str(row["targets"]))
        assert all(target["normalised"] for target in targets)
        for target in order["targets"]:
            assert target["value"] not in str(row)
    assert random.Random(1).choice(rows)["liid"]
    assert isinstance(evidence_from_bytes(content, "x"), Evidence)
