"""What others tell us is kept whole, looked at, and hunted for; what is wrong costs nothing else."""

from __future__ import annotations

import json

import pytest

from seawall.errors import InputError
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.model.tlp import Light
from seawall.pipeline.cases import case_state
from seawall.pipeline.sharing_in import Taken, known_rows, known_values, take, told_by
from seawall.sharing.checking import doubt, objects_in
from seawall.sharing.store import TO, Arriving, Shelf
from tests.corpus import corpus_path
from tests.sharing.world import NOW, THEN, author

CLOCK = FixedClock(NOW)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return open_case(tmp_path_factory.mktemp("case") / "case", CLOCK)


def given(case: Case, raw: bytes | object, source: str, tlp: str = "") -> Taken:
    content = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
    return take(case, told_by(Settings(), source, content, "given", tlp), CLOCK)


def shelf_of(case: Case, name: str) -> list[dict[str, object]]:
    with case_state(case, Settings()) as state:
        return [dict(one.object) for one in Shelf(state).objects(name)]


def indicator(light: Light, **more: object) -> dict[str, object]:
    fields = {
        "pattern": "[ipv4-addr:value = '198.51.100.9']",
        "pattern_type": "stix",
        "valid_from": "2026-11-22T12:00:00Z",
    }
    return {**author(light).make("indicator", "x", THEN, fields), **more}


def test_published_bundles_go_through_the_store_without_loss(case: Case) -> None:
    for path in sorted(corpus_path("sharing", "stix21-examples").rglob("*.json")):
        raw = path.read_bytes()
        objects = {json.dumps(one, sort_keys=True) for one in objects_in(json.loads(raw), path.name)}
        done = given(case, raw, path.stem)
        assert (done.rejects, done.new) == ([], len(objects)), path.name
        assert {json.dumps(one, sort_keys=True) for one in shelf_of(case, f"in:{path.stem}")} == objects


def test_the_same_again_adds_nothing(case: Case) -> None:
    assert given(case, {"type": "bundle", "objects": [indicator(Light.GREEN)]}, "twice").new == 1
    again = given(case, {"type": "bundle", "objects": [indicator(Light.GREEN)]}, "twice")
    assert (again.new, again.known) == (0, 1)


def test_a_table_pasted_from_an_advisory_is_refanged_and_hunted_for(case: Case) -> None:
    text = "IP address\tFirst seen\n198.51.100[.]214\tAugust 2026\nhxxps://bad[.]example/x  see e.g. section 3.2\n"
    assert given(case, text.encode(), "advisory").new == 2
    rows = known_rows(case, Settings(), CLOCK)
    assert rows is not None
    assert {"198.51.100.214", "https://bad.example/x"} <= set(rows.column("value").to_pylist())


def test_a_csv_row_that_is_none_is_named_and_the_others_are_kept(case: Case) -> None:
    done = given(case, b"indicator,type,confidence\n198.51.100.3,ip,90\nnonsense,ip,90\n198.51.100.4,ip,most\n", "csv")
    assert (done.new, done.rejected) == (1, 2)
    assert [place for place, _ in done.rejects] == ["line 3", "line 4"]
    (known,) = [one for one in known_values(case) if one.value == "198.51.100.3"]
    assert known.confidence == 90


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"type": "indicator", "id": 7}, "no id"),
        ({"id": "indicator--x"}, "no id"),
        ("text", "not an object"),
        (indicator(Light.GREEN, spec_version="9.9"), "version"),
        (indicator(Light.GREEN, confidence="high"), "confidence"),
        (indicator(Light.GREEN, valid_from="yesterday"), "no time"),
        (indicator(Light.GREEN, created_by_ref=["a"]), "no id"),
        (indicator(Light.GREEN, pattern={"a": 1}), "no text"),
        (indicator(Light.GREEN, x_deep=json.loads("[" * 55 + "]" * 55)), "deep"),
    ],
)
def test_an_object_that_is_none_is_refused_with_its_reason_and_costs_nothing_else(
    case: Case, bad: object, why: str
) -> None:
    good = {"type": "ipv4-addr", "id": "ipv4-addr--00000000-0000-4000-8000-000000000001", "value": "192.0.2.1"}
    done = given(case, {"type": "bundle", "objects": [bad, good]}, "mixed")
    assert done.rejected == 1
    assert why in done.rejects[0][1]
    assert done.new + done.known == 1


@pytest.mark.parametrize(
    "raw", [b"[" * 10_000 + b"]" * 10_000, b'{"type": "bundle", "obj', b"", b"\x00\xff", b'{"a": 1}']
)
def test_what_is_no_intelligence_is_an_input_error(case: Case, raw: bytes) -> None:
    with pytest.raises(InputError):
        given(case, raw, "bad")


def test_a_reference_loop_ends_and_is_kept(case: Case) -> None:
    one, other = (f"note--00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))
    stamp = {
        "created": "2026-01-01T00:00:00Z",
        "modified": "2026-01-01T00:00:00Z",
        "content": "<script>alert(1)</script>",
    }
    loop = [
        {"type": "note", "spec_version": "2.1", "id": a, "object_refs": [b], **stamp}
        for a, b in ((one, other), (other, one))
    ]
    assert given(case, {"type": "bundle", "objects": loop}, "loop").new == 2


def test_a_marking_that_became_stricter_recalls_what_was_given(case: Case) -> None:
    first = indicator(Light.GREEN)
    given(case, {"type": "bundle", "objects": [first]}, "recaller")
    with case_state(case, Settings()) as state:
        Shelf(state).add(f"{TO}peer", "us", [Arriving(first, Light.GREEN)], NOW)
    stricter = {**indicator(Light.RED), "modified": "2026-11-23T00:00:00.000Z"}
    done = given(case, {"type": "bundle", "objects": [stricter]}, "recaller")
    assert done.recalled == {"peer": [first["id"]]}
    with case_state(case, Settings()) as state:
        assert {one.light for one in Shelf(state).of([str(first["id"])])} == {Light.RED}


def test_a_list_that_is_none_is_named_and_any_number_of_bundles_is_read() -> None:
    one = {"type": "identity", "id": "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff", "spec_version": "2.1"}
    one |= {"created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "name": "A carrier"}
    assert doubt(one) == ""
    for name in ("labels", "kill_chain_phases", "external_references"):
        assert name in doubt(one | {name: 7})
        assert name in doubt(one | {name: [7]})
    assert len(objects_in([{"type": "bundle", "objects": [one]}] * 1_500, "many")) == 1_500
