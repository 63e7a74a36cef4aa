"""The description is OpenAPI 3.1, says who may use what, and what schemathesis sends by it finds no fault."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from seawall.console.app import routes_of
from seawall.console.description import described
from seawall.console.roles import ROLES
from tests.console.browser import Browser, World

_EACH = 4  # requests of each operation


def test_the_description_names_every_route_its_roles_and_its_problems(world: World) -> None:
    told = described(world.app)
    assert told["openapi"].startswith("3.1")
    operations = {(p, m): o for p, every in told["paths"].items() for m, o in every.items()}
    routes = [r for r in routes_of(world.app) if r.path.startswith("/api/") and r.include_in_schema]
    assert len(operations) == sum(len(r.methods or ()) for r in routes) > 20
    for where, operation in operations.items():
        assert operation["summary"], where
        assert set(operation["x-roles"]) <= set(ROLES)
        assert list(operation["responses"]["404"]["content"]) == ["application/problem+json"]


@pytest.fixture
def everybody(world: World) -> dict[str, Browser]:
    for role in ROLES:
        world.add(f"a-{role}", role)
    return {role: world.browser(f"a-{role}") for role in ROLES}


def test_what_schemathesis_sends_is_answered_as_described(world: World, everybody: dict[str, Browser]) -> None:
    schema = schemathesis.openapi.from_dict(described(world.app))
    sent = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        browser = everybody[(operation.definition.raw["x-roles"] or ["viewer"])[0]]

        sent += _send(operation, browser)
    assert sent > 60


def _send(operation: Any, browser: Browser) -> int:
    """Send some requests of one operation; returns how many."""
    sent = []

    @given(case=operation.as_strategy())
    @settings(
        max_examples=_EACH, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    def send(case: Any) -> None:
        sent.append(1)
        _check(case, browser)

    send()
    return len(sent)


def _check(case: Any, browser: Browser) -> None:
    told = case.as_transport_kwargs(base_url="http://localhost:8443")
    headers = {**dict(told.get("headers") or {}), "x-csrf-token": browser.csrf, "accept": "application/json"}
    headers.pop("authorization", None)
    headers.pop("Authorization", None)
    answer = browser.ask(
        told["method"],
        told["url"],
        params=told.get("params"),
        json=told.get("json"),
        headers={name: value for name, value in headers.items() if value.isascii()},
    )
    kind = answer.headers.get("content-type", "")
    assert answer.status_code < 500 or answer.status_code == 502, (told, answer.text)
    described_as = case.operation.definition.raw["responses"]
    assert str(answer.status_code) in described_as, (told, answer.text)
    if answer.status_code >= 400:
        assert kind == "application/problem+json"
        assert answer.json()["status"] == answer.status_code
