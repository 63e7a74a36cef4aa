"""From a registry of court orders to the report: every byte written on the way is looked at for an identifier."""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from seawall.engine.lake import Lake
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.vault.client import VaultClient
from tests.cli.conftest import Seawall, seawall
from tests.vault.serving import PASSPHRASE, served_process
from tests.vault.spellings import MAKERS

__all__ = ["seawall"]

_WINDOW = 8
_PIECE = 1 << 20
_SEPARATORS = bytes.maketrans(b"", b""), b" .-()/:_\t"


def core(kind: str, canonical: str) -> bytes:
    """What every spelling has in common, in lower case and, for numbers, without separators."""
    if kind == "msisdn":
        return canonical[-9:].encode()
    return canonical.partition("/")[0].lower().encode()


@dataclass
class Scanner:
    """Finds any of many cores in bytes, in one pass over their 8-byte windows."""

    squeezed: dict[bytes, set[bytes]] = field(default_factory=dict)  # last 8 bytes -> cores
    plain: dict[bytes, set[bytes]] = field(default_factory=dict)

    def add(self, kind: str, canonical: str) -> None:
        where = self.squeezed if kind in ("msisdn", "imsi", "imei", "mac") else self.plain
        one = core(kind, canonical)
        where.setdefault(one[-_WINDOW:], set()).add(one)

    def find(self, data: bytes) -> set[bytes]:
        lower = data.lower()
        table, gone = _SEPARATORS
        found: set[bytes] = set()
        for text, cores in ((lower, self.plain), (lower.translate(table, gone), self.squeezed)):
            for start in range(0, len(text), _PIECE):  # pieces overlap by more than the longest core
                found.update(_hits(text[max(start - 64, 0) : start + _PIECE], cores))
        return found


def _hits(data: bytes, cores: dict[bytes, set[bytes]]) -> Iterator[bytes]:
    if len(data) < _WINDOW or not cores:
        return
    raw = np.frombuffer(data, np.uint8).astype(np.uint64)
    windows = np.zeros(len(raw) - _WINDOW + 1, np.uint64)
    for place in range(_WINDOW):
        windows = windows << np.uint64(8) | raw[place : place + len(windows)]
    wanted = np.sort(np.array([int.from_bytes(tail, "big") for tail in cores], np.uint64))
    at = np.minimum(np.searchsorted(wanted, windows), len(wanted) - 1)
    for place in np.flatnonzero(wanted[at] == windows).tolist():
        for one in cores[data[place : place + _WINDOW]]:
            start = place + _WINDOW - len(one)
            around = data[max(start - 1, 0) : start] + data[place + _WINDOW : place + _WINDOW + 1]
            if start >= 0 and data[start : place + _WINDOW] == one and not (b"." in one and _DIGIT & set(around)):
                yield one


_DIGIT = set(b"0123456789")


def orders(count: int, scanner: Scanner) -> Iterable[dict[str, object]]:
    """Court orders for `count` identifiers, each written in about twenty spellings, some in free remarks too."""
    dice = random.Random(20)
    for number in range(count):
        kind = list(MAKERS)[number % len(MAKERS)]
        canonical, spelled = MAKERS[kind](dice)
        scanner.add(kind, canonical)
        form, value = dice.choice(spelled)
        amended = {
            "at": "2026-03-01T00:00:00Z",
            "targets_add": [{"format": form, "value": value}],
            "reason": f"uses {value}",
        }
        yield {
            "warrant_id": f"W-{number}",
            "liid": f"NZ{number}",
            "status": "Approved",
            "signed_by": "J. Harper",
            "valid_from": "2026-02-08T00:00:00Z",
            "valid_to": "2026-05-09T00:00:00Z",
            "targets": [{"format": f, "value": v} for f, v in spelled],
            "amendments": [amended],
            "flags": [f"target is {value}", "IsTest"],
            "remark": {"number": value, "form": form},
            "tel": value,
        }


def lake_text(case_folder: Path, clock: FixedClock) -> bytes:
    """Everything in the lake's tables, uncompressed."""
    lake = Lake(case_folder / "lake", clock=clock)
    rows = [row for kind in lake.kinds() for batch in lake.batches(kind) for row in batch.to_pylist()]
    return "\n".join(str(row) for row in rows).encode()


@pytest.mark.parametrize("count", [180, pytest.param(10_000, marks=pytest.mark.soak)])
def test_no_byte_written_from_ingest_to_report_holds_an_identifier(
    seawall: Seawall, tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    scanner = Scanner()
    registry, temporary = tmp_path / "registry", tmp_path / "tmp"
    registry.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    evidence = registry / "warrants.json"
    document = {"as_of": "2026-03-18T10:00:00Z", "default_country_code": "64", "warrants": list(orders(count, scanner))}
    evidence.write_bytes(json.dumps(document, ensure_ascii=False).encode())
    everyone = {one for cores in (*scanner.plain.values(), *scanner.squeezed.values()) for one in cores}
    assert len(everyone) > count * 0.95
    start = evidence.read_bytes()[: 1 << 18]  # each stands there forty times: all of it would take minutes
    assert len(scanner.find(start)) > 100, "the scan would find them"

    case = open_case(tmp_path / "case", clock)
    with served_process(case, tmp_path / "vault.log"):
        client = VaultClient(case.vault_socket)
        client.unlock(PASSPHRASE)
        client.close()
        explained = seawall("ingest", "--explain", registry)
        ran = seawall("hunt", registry, "--report", "report.html")
        assert ran.code == 0, ran.err
        assert "oversight blind" not in ran.out + ran.err
        assert "took too long" not in ran.out + ran.err
        told = [seawall("query", "SELECT * FROM warrants", "--format", "jsonl")]
    assert case.vault_socket.exists() is False
    monkeypatch.undo()

    assert len(told[0].out.splitlines()) == count
    said = "\n".join(one.out + one.err for one in (explained, ran, *told)).encode()
    assert b"warrants.json" in said
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != evidence}
    assert any("report.html" in str(path) for path in written)
    assert any("ledger" in str(path) for path in written)
    leaks = {str(path): found for path, data in written.items() if (found := scanner.find(data))}
    assert leaks == {}
    assert scanner.find(said) == set()
    assert scanner.find(lake_text(case.folder, clock)) == set()
    assert not [path for path in written if path.name.startswith("core")]
    assert os.listdir(temporary) == []
