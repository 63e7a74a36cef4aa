"""What the description of the API promises, schemathesis tries: odd requests get an answer by the book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import Case, GenerationMode

from seawall.model.clock import SystemClock
from seawall.sharing.taxii.server import build
from seawall.sharing.taxii.store import Store
from seawall.state import open_engine
from tests.sharing.taxii import serving
from tests.sharing.taxii.serving import BOTH, INBOX, Running, identity, post, running

_KNOWN = {
    "root": ["sharing", "elsewhere"],
    "collection": [BOTH, "both", INBOX, "00000000-0000-4000-8000-000000000000"],
    "object_id": [identity(1)["id"], "identity--x"],
}


def _operations() -> list[Any]:
    """Every operation, its paths mostly of things that are there: else all answers would be 404."""
    engine = open_engine("sqlite://")
    described: dict[str, Any] = build(serving.settings(), Store(engine, SystemClock()), SystemClock()).openapi()
    engine.dispose()
    for path in described["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and parameter["name"] in _KNOWN:
                    parameter["schema"] = {"type": "string", "enum": _KNOWN[parameter["name"]]}
    schema = schemathesis.openapi.from_dict(described)
    return [found.ok() for found in schema.get_all_operations()]


OPERATIONS = _operations()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("described") / "s.db", requests_per_minute=0) as one:
        with one.client() as client:
            post(client, BOTH, *(identity(number) for number in range(5)))
        yield one


def test_every_endpoint_of_the_standard_is_described() -> None:
    place = "/{root}/collections/{collection}"
    assert {(one.method.upper(), one.path) for one in OPERATIONS} == {
        ("GET", "/taxii2/"),
        ("GET", "/{root}/"),
        ("GET", "/{root}/status/{status_id}/"),
        ("GET", "/{root}/collections/"),
        ("GET", f"{place}/"),
        ("GET", f"{place}/manifest/"),
        ("GET", f"{place}/objects/"),
        ("POST", f"{place}/objects/"),
        ("GET", f"{place}/objects/{{object_id}}/"),
        ("DELETE", f"{place}/objects/{{object_id}}/"),
        ("GET", f"{place}/objects/{{object_id}}/versions/"),
    }


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as-described", "otherwise"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: f"{one.method} {one.path}")
def test_any_request_is_answered_as_described(operation: Any, mode: GenerationMode, server: Running) -> None:
    if mode is GenerationMode.NEGATIVE and operation.path == "/taxii2/":
        return  # it takes nothing that could be wrong
    cases = operation.as_strategy(generation_mode=mode)

    @settings(max_examples=settings().max_examples // 5)
    @given(cases)
    def answered(case: Case) -> None:
        response = case.call(base_url=server.url, auth=("anna", "anna:s password"), timeout=30)
        assert response.status_code < 500
        case.validate_response(response, checks=CHECKS)

    answered()
