from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from seawall.errors import InputError
from seawall.vault.showing import read_again, show_request
from seawall.vault.store import Locator

RECORD = json.dumps({"targets": [{"format": "IMSI", "value": "530011234567890"}], "a/b": "x"}).encode()
CONTENT = b'{"warrants": [' + RECORD + b"]}"


def locator(pointer: str, length: int = len(RECORD)) -> Locator:
    return Locator(hashlib.sha256(CONTENT).hexdigest(), CONTENT.index(RECORD), length, pointer)


def test_a_record_is_read_again_where_it_lies_compressed_or_not(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_bytes(b"{}")
    (tmp_path / "w.json.gz").write_bytes(gzip.compress(CONTENT))
    (tmp_path / "w.json").write_bytes(CONTENT)
    for name in ("w.json", "w.json.gz"):
        found = read_again(locator("/targets/0"), [tmp_path / "missing", tmp_path / "other.json", tmp_path / name])
        assert found["value"] == "530011234567890"
    assert read_again(locator("/a~1b"), [tmp_path / "w.json"]) == {"value": "x"}


def test_a_source_that_moved_or_changed_is_said_without_quoting_it(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_bytes(CONTENT + b" ")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(CONTENT)[:20])
    with pytest.raises(InputError, match="keeps no copy") as refused:
        read_again(locator("/targets/0"), [tmp_path / "w.json", tmp_path / "cut.gz", tmp_path])
    assert "--source" in (refused.value.mend or "")


@pytest.mark.parametrize("pointer", ["/targets/7", "/nobody", "/targets/x", "/a~1b/c"])
def test_a_pointer_that_leads_nowhere_is_one_clear_error(tmp_path: Path, pointer: str) -> None:
    (tmp_path / "w.json").write_bytes(CONTENT)
    with pytest.raises(InputError, match="not what was read"):
        read_again(locator(pointer), [tmp_path / "w.json"])
    with pytest.raises(InputError, match="not what was read"):
        read_again(locator("/targets/0", 9), [tmp_path / "w.json"])


def test_a_signature_is_for_one_identifier_and_one_showing() -> None:
    one = show_request("case", "abc", "ann", "why", "01")
    assert one.kind == "vault.show"
    assert one.diff_sha256 != show_request("case", "abd", "ann", "why", "01").diff_sha256
