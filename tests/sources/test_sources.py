from __future__ import annotations

import contextlib
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import sources
from seawall.errors import SeawallError
from seawall.model.events import BY_NAME
from seawall.sources.base import Evidence, Source
from seawall.sources.opening import evidence_from_bytes, open_evidence
from tests.sources.reading import READING, read_evidence

FOLDER = Path(sources.__file__).parent


def test_every_source_is_listed() -> None:
    declaring = [p.relative_to(FOLDER) for p in FOLDER.rglob("*.py") if "\nSOURCE: Final" in p.read_text("utf-8")]
    on_disk = {p.parts[0].removesuffix(".py") for p in declaring}
    assert on_disk == {source.name for source in sources.ALL}, "add it to sources.ALL"


@pytest.mark.parametrize("source", sources.ALL, ids=lambda s: s.name)
def test_a_source_says_what_it_makes(source: Source) -> None:
    assert set(source.kinds) <= set(BY_NAME)
    assert bool(source.kinds) != bool(source.refused)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b"PK\x03\x04rest", "zip"),
        (b"SQLite format 3\0rest", "SQLite"),
        (b"\0\1\2\3", "binary data"),
        (b"Dear all,\nhello\n", "text of another kind"),
    ],
)
def test_what_nobody_knows_is_told_apart(head: bytes, why: str) -> None:
    evidence = evidence_from_bytes(head, "x.log")
    assert sources.recognise(evidence) is None
    assert why in sources.why_unknown(evidence)


def test_a_wrong_name_changes_nothing(tmp_path: Path) -> None:
    line = b'{"ts":1.5,"uid":"C1","id.orig_h":"192.0.2.1","conn_state":"SF"}\n'
    for name in ("a.evtx", "b.jpg", "c"):
        found = sources.recognise(evidence_from_bytes(line, name))
        assert found is not None
        assert found.name == "zeek"


def test_a_file_that_ends_early_says_so_after_its_events(tmp_path: Path) -> None:
    line = b'{"ts":1.5,"uid":"C%d","id.orig_h":"192.0.2.1","conn_state":"SF"}\n'
    packed = gzip.compress(b"".join(line % n for n in range(5_000)))
    (tmp_path / "conn.log.gz").write_bytes(packed[: len(packed) * 9 // 10])
    evidence = open_evidence(tmp_path / "conn.log.gz", "conn.log.gz")
    assert isinstance(evidence, Evidence)
    source = sources.recognise(evidence)
    assert source is not None
    result = read_evidence(source, evidence)
    assert 3_000 < result.counts()["zeek_conn"] < 5_000
    assert result.rejects[-1].what.startswith("gz is cut off")


@given(st.binary(max_size=200))
def test_any_source_takes_any_bytes(content: bytes) -> None:
    for source in sources.ALL:
        evidence = evidence_from_bytes(content, "x")
        assert 0 <= source.sniff(evidence) <= 100
        with contextlib.suppress(SeawallError):  # and nothing else
            for _ in source.read(evidence, READING):
                pass
