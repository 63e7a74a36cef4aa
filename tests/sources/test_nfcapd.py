from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.sources import nfcapd, recognise
from seawall.sources.opening import evidence_from_bytes
from tests.corpus import corpus_path
from tests.parts import program
from tests.sources.reading import read_bytes, read_path

MAGIC = nfcapd.MAGICS[0]


def test_a_file_without_nfdump_is_refused_with_the_command_that_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(InputError) as caught:
        read_bytes(nfcapd.SOURCE, MAGIC + bytes(100))
    assert "install nfdump" in str(caught.value.mend)


def test_it_is_known_by_its_first_bytes() -> None:
    assert recognise(evidence_from_bytes(MAGIC + bytes(100), "x.log")) is nfcapd.SOURCE
    assert recognise(evidence_from_bytes(MAGIC, "nfcapd.202611212200")) is None


def test_a_real_file_gives_what_nfdump_counts() -> None:
    program("nfdump")
    result = read_path(corpus_path("network", "slips", "test1-malicious.nfdump"))
    rows = result.rows("flow_records")
    assert (len(rows), result.rejected) == (4_593, 0)
    assert sum(row["proto"] == "tcp" for row in rows) == 4_576
    assert {row["time_quality"] for row in rows} == {"exact"}
    assert rows[0]["observer"] == "147.32.82.62"


@pytest.mark.parametrize("content", [MAGIC + b"junk" * 50, MAGIC + b"\xff" * 5_000])
def test_damage_is_a_reject_and_no_crash(content: bytes) -> None:
    program("nfdump")
    result = read_bytes(nfcapd.SOURCE, content)
    assert (result.counts(), result.rejected) == ({}, 1)


def test_a_cut_off_file_says_so(tmp_path: Path) -> None:
    program("nfdump")
    whole = corpus_path("network", "slips", "test1-malicious.nfdump").read_bytes()
    (tmp_path / "-r.nfcapd").write_bytes(whole[:50_000])  # a name like an option changes nothing
    result = read_path(tmp_path / "-r.nfcapd")
    assert result.rejected
