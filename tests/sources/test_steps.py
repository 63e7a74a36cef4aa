from __future__ import annotations

import pytest

from seawall import sources
from seawall.errors import InputError
from seawall.sources.base import Chunk
from seawall.sources.opening import digest, evidence_from_bytes
from seawall.sources.steps import Begun, Failed, steps
from tests.sources.reading import READING

LINE = b"<189>1: edge7: 000001: Nov 21 2026 22:01:06.330 UTC: %SYS-5-CONFIG_I: Configured from console by ann\n"
EVIDENCE = evidence_from_bytes(LINE, "a.log")


def test_a_file_begins_with_what_it_is_and_goes_on_with_pieces() -> None:
    begun, *pieces = steps(EVIDENCE, READING)
    assert begun == Begun(digest(EVIDENCE), "syslog", "Network-device syslog")
    assert all(isinstance(piece, Chunk) for piece in pieces)


def test_what_is_known_is_not_read_again() -> None:
    assert list(steps(EVIDENCE, READING, {digest(EVIDENCE)})) == [Begun(digest(EVIDENCE), known=True)]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        pytest.param(InputError("bad disk", mend="copy it"), "bad disk; copy it", id="ours"),
        pytest.param(IndexError("4"), "an error of our own while reading it: IndexError", id="a-fault"),
    ],
)
def test_one_files_fault_is_a_sentence(monkeypatch: pytest.MonkeyPatch, error: Exception, says: str) -> None:
    def broken(*_: object) -> object:
        raise error

    monkeypatch.setattr("seawall.sources.steps.read", broken)
    assert sources.recognise(EVIDENCE) is not None
    *_, last = steps(EVIDENCE, READING)
    assert isinstance(last, Failed)
    assert last.what.startswith(says)
