from __future__ import annotations

import io
import json
import tracemalloc
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import jsonlines
from seawall.sources.base import Evidence
from seawall.sources.jsonlines import first_object, flattened, read_objects
from seawall.sources.opening import evidence_from_bytes

VALUES = [{"a": 1, "b": {"c": "x"}}, {"a": 2}, {"a": 3}]


def read(content: bytes) -> tuple[list[object], list[tuple[int, str]]]:
    pieces = list(read_objects(evidence_from_bytes(content, "x.json")))
    return [i.value for p in pieces for i in p.items], [f for p in pieces for f in p.faults]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(map(json.dumps, VALUES)),
        json.dumps(VALUES),
        json.dumps(VALUES, indent=2),
        "[\n" + ",\n".join(map(json.dumps, VALUES)) + "\n]\n",
        "\n".join(json.dumps(v, indent=1) for v in VALUES),
        "\ufeff" + "\r\n".join(map(json.dumps, VALUES)) + "\r\n",
    ],
    ids=["lines", "array", "pretty array", "array of lines", "pretty objects", "Windows lines"],
)
def test_objects_are_read_in_every_form_exports_have(text: str) -> None:
    assert read(text.encode()) == (VALUES, [])
    assert first_object(text.encode()) == VALUES[0]


def test_a_damaged_first_line_costs_only_itself() -> None:
    values, faults = read(b'{"a": 1\n{"a": 2}\n{"a": 3}\n')
    assert values == VALUES[1:]
    assert faults == [(1, "not a whole JSON object")]


def test_an_array_cut_off_keeps_what_stood_before() -> None:
    values, faults = read(json.dumps(VALUES)[:-3].encode())
    assert values == VALUES[:2]
    assert "cut off" in faults[0][1]


OBJECTS = st.lists(st.dictionaries(st.text(), st.text() | st.integers(-9, 9)), max_size=8)


@given(OBJECTS, st.integers(1, 9), st.booleans())
def test_an_array_is_read_alike_however_it_is_cut_into_pieces(
    values: list[dict[str, object]], step: int, pretty: bool
) -> None:
    content = json.dumps(values, indent=2 if pretty else None, ensure_ascii=False).encode("utf-8", "replace")
    with mock.patch.object(jsonlines, "_STEP_BYTES", step):
        found, faults = read(b"[ " + content[1:])
    assert (found, faults) == (json.loads(content), [])


def test_a_large_array_is_never_held_together() -> None:
    one = json.dumps({"text": "x" * 1000}).encode()
    made = iter([b"[", *[one + b","] * 60_000, one, b"]"])

    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            return b"".join(block for _, block in zip(range(max(1, size // 1000)), made, strict=False))

    tracemalloc.start()
    pieces = read_objects(Evidence("x.json", b"[" + one + b",", Endless))  # type: ignore[arg-type]
    assert sum(len(piece.items) for piece in pieces) == 60_001
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 << 20  # of 60 MiB, which take ten times that once they are objects


def test_an_object_too_large_to_hold_is_said() -> None:
    with mock.patch.object(jsonlines, "MAX_OBJECT", 5), mock.patch.object(jsonlines, "_STEP_BYTES", 20):
        values, faults = read(b'[{"a": 1}, {"b": "' + b"x" * 100 + b'"}]')
    assert values == [{"a": 1}]
    assert "larger than" in faults[0][1]


@pytest.mark.parametrize("text", ["[1, {}]", "[{}, 12", "[{}, 12]", "[{}, tru", '[{}, "x'])
def test_values_that_are_no_objects_are_faults(text: str) -> None:
    values, faults = read(text.encode())
    assert values == [{}]
    assert len(faults) == 1


def test_nests_deeper_than_a_stack_are_a_fault_and_no_crash() -> None:
    for content in (b'{"a":' * 100_000, b"[" + b'{"a":[' * 50_000):
        values, faults = read(content)
        assert (values, len(faults)) == ([], 1)


def test_leaves_are_named_by_their_path_and_lists_of_objects_stay_json() -> None:
    assert flattened({"a": {"b": {"c": 1}}, "l": [1, None, "x"], "o": [{"p": 1}], "n": None, "e": {}}) == {
        "a_b_c": 1, "l": "1,,x", "o": '[{"p": 1}]',
    }  # fmt: skip


@given(st.binary(max_size=200))
def test_any_bytes_give_objects_and_faults(content: bytes) -> None:
    first_object(content)
    read(content)
    read(b"[" + content)
    read(b'{"a": 1}\n' + content)


def test_an_object_nested_too_deeply_to_be_written_is_said_so() -> None:
    deep = b'{"a":' * 1_020 + b"1" + b"}" * 1_020
    (value,), faults = read(deep + b"\n")
    assert not faults
    assert isinstance(value, dict)
    assert list(flattened(value).values()) == [jsonlines.TOO_DEEP]
