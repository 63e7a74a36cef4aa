"""YAML of a hostile hand: refused with its line, soon, and never with the process."""

from __future__ import annotations

import pytest

from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.documents import MAX_DOCUMENTS, MAX_NESTING, documents_of
from seawall.errors import RuleError


@pytest.mark.parametrize(
    ("data", "what"),
    [
        pytest.param(b"a: " + b"[" * 100_000, "nests deeper", id="lists in lists"),
        pytest.param(b"{a: " * 20_000, "nests deeper", id="mappings in mappings"),
        pytest.param(b"- " * 5_000 + b"x", "nests deeper", id="lists in one line"),
        pytest.param(b"".join(b" " * n + b"a:\n" for n in range(300)), "nests deeper", id="ever further right"),
        pytest.param(b"? " * 5_000 + b"x", "nests deeper", id="keys of keys"),
        pytest.param(b"--- a\n" * (MAX_DOCUMENTS + 1), "documents", id="documents without end"),
        pytest.param(b"title: &a [*a]\n", "ecursive", id="a list that holds itself"),
        pytest.param(b"title: !!python/object/apply:os.getcwd []\n", "constructor", id="a tag that runs code"),
        pytest.param(b"title: x\ntitle: y\n", "Duplicate key", id="a key twice"),
        pytest.param("title: x\n".encode("utf-16"), "utf-8", id="another encoding"),
    ],
)
def test_what_no_rule_needs_is_refused_with_its_line(data: bytes, what: str) -> None:
    with pytest.raises(RuleError) as told:
        documents_of(RuleFile("r.yml", data))
    assert what in told.value.what
    assert (told.value.where or "").startswith("r.yml:")


@pytest.mark.parametrize("data", [b"\xef\xbb\xbftitle: x\n", b"title: x\r\n", b"---\n---\ntitle: x\n..."])
def test_marks_line_ends_and_empty_documents_are_no_matter(data: bytes) -> None:
    _, documents = documents_of(RuleFile("r.yml", data))
    assert [document for _, document in documents] == [{"title": "x"}]


def test_as_deep_as_allowed_is_read() -> None:
    _, ((_, document),) = documents_of(RuleFile("r.yml", b"[" * MAX_NESTING + b"]" * MAX_NESTING))
    assert isinstance(document, list)
