from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.response.cacao import parse, read_playbook, rehearse
from seawall.response.playbooks import built_in, exported, find, planned
from tests.corpus import corpus_path

from .world import World

_OWN = dict(built_in())


def _schema_errors(document: Any) -> list[str]:
    """What the JSON Schemas of CACAO 2.0 say."""
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    file = corpus_path("response", "cacao2-schemas") / "playbook.json"
    schema = json.loads(file.read_text()) | {"$id": file.as_uri()}
    read = lambda uri: json.loads(Path(uri.removeprefix("file://")).read_text())  # noqa: E731
    validator = jsonschema_rs.Draft7Validator(schema, retriever=read)
    return [error.message for error in validator.iter_errors(document)]


@pytest.mark.corpus
def test_every_example_is_read_told_and_written_as_it_was() -> None:
    files = sorted(corpus_path("response", "cacao2-examples").glob("*.json"))
    assert files
    for file in files:
        playbook = read_playbook(file)
        assert json.loads(playbook.text()) == json.loads(file.read_bytes())
        assert json.loads(parse(playbook.text().encode()).text()) == json.loads(file.read_bytes())
        assert any(line.startswith("   would do by") for line in rehearse(playbook))
        assert bool(_schema_errors(playbook.document)) <= bool(playbook.warnings), file.name


@pytest.mark.corpus
@pytest.mark.parametrize("name", _OWN)
def test_our_own_playbooks_fit_the_schemas(name: str) -> None:
    assert _schema_errors(_OWN[name].document) == []


@pytest.mark.corpus
def test_an_exported_plan_fits_the_schemas_and_comes_back_as_the_same_actions() -> None:
    world = World()
    ask = find("cut-off-address")
    given = {"__firewall__": "fw1", "__address__": "198.51.100.7"}
    plan = planned(ask, given, requester="ana", purpose="cut", made="2026-11-22T12:00:00.000000Z", hours=1)
    playbook = exported(plan)
    assert _schema_errors(playbook.document) == []
    again = planned(playbook, {}, requester="ana", purpose="cut", made=plan.made, hours=1)
    strip = lambda text, id_: text.replace(id_, "")  # noqa: E731
    blocks = [[strip(a.do, a.id) for a in p.actions if a.kind == "nft_block"] for p in (plan, again)]
    assert blocks[0] == blocks[1]
    assert len(blocks[0]) == 1
    assert world.guard.written_wrong(plan.actions[0]) is not None


@pytest.mark.parametrize("name", _OWN)
def test_our_own_playbooks_are_clean_and_told(name: str) -> None:
    assert _OWN[name].warnings == ()
    assert len(list(rehearse(_OWN[name]))) > 5


def test_a_variable_without_a_value_is_asked_for() -> None:
    with pytest.raises(InputError, match="has no value"):
        planned(find("cut-off-address"), {}, requester="a", purpose="p", made="m", hours=1)
    with pytest.raises(InputError, match="no variable"):
        list(rehearse(find("cut-off-address"), {"__x__": "1"}))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"type": "x"}, "no CACAO"),
        ({"workflow_start": "start--x"}, "is no step"),
        ({"workflow": {}}, "lacks workflow"),
        ({"workflow": {"a": {"type": "teleport"}}}, "of type"),
        ({"workflow": {"a": {"type": "action"}}}, "lacks commands, agent"),
        ({"workflow": {"a": {"type": "start", "on_completion": "b"}}}, "goes on to"),
        ({"name": ""}, "lacks name"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(change: dict[str, Any], said: str) -> None:
    document = copy.deepcopy(dict(_OWN["cut-off-address"].document)) | change
    with pytest.raises(InputError, match=said):
        parse(json.dumps(document).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_a_playbook_or_an_input_error(content: bytes) -> None:
    with pytest.raises(InputError):
        parse(content)


@given(
    st.recursive(
        st.none() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_any_workflow_is_followed_or_refused(workflow: Any) -> None:
    document = dict(_OWN["cut-off-address"].document) | {"workflow": workflow}
    with pytest.raises(InputError):
        parse(json.dumps(document).encode())
