"""Who may do what: each role at each route, forged forms, tokens, sessions that are over."""

from __future__ import annotations

import re

import pytest
from fastapi import APIRouter

from seawall.console.access import Needs
from seawall.console.app import PUBLIC, build, needed, routes_of
from seawall.console.roles import ROLES, SCOPES, effective
from seawall.model.case import open_case
from tests.console.browser import ORIGIN, World
from tests.response.world import Watch

ENDLESS = "/live"  # a stream: whoever may have it waits for ever


def _routes(world: World) -> list[tuple[str, str, Needs]]:
    """Method, path with its parameters filled in, and what the route needs; a stream without an end is left out."""
    found = []
    for route in routes_of(world.app):
        if route.path != ENDLESS and (need := needed(route)) is not None:
            path = re.sub(r"\{index\}", "0", str(route.path))
            path = re.sub(r"\{[^}]*\}", "abcd", path)
            found += [(method, path, need) for method in sorted(route.methods or ())]
    return found


def test_every_route_lets_in_exactly_the_roles_it_names(world: World) -> None:
    assert len(_routes(world)) > 30
    wrong = []
    for role in ROLES:
        world.add(f"a-{role}", role)
        browser = world.browser(f"a-{role}")
        held = effective([role])
        for method, path, need in _routes(world):
            if path == "/logout":
                continue
            may = not need.roles or bool(need.roles & held)
            told = {"x-csrf-token": browser.csrf, "accept": "application/json"}
            answer = browser.ask(method, path, headers=told)
            refused = answer.status_code == 403 and "needs the role" in answer.text
            if refused == may or answer.status_code in (401, 500):
                wrong.append((role, method, path, answer.status_code))
    assert not wrong


def test_the_stream_that_is_not_tried_above_is_for_those_who_read_pages(world: World) -> None:
    (stream,) = [route for route in routes_of(world.app) if route.path == ENDLESS]
    need = needed(stream)
    assert need is not None
    assert need.roles == {"viewer"}
    assert world.browser().get(ENDLESS).headers["location"].startswith("/login")


def test_nobody_gets_anywhere_without_a_log_in(world: World) -> None:
    stranger = world.browser()
    for method, path, _ in _routes(world):
        answer = stranger.ask(method, path, headers={"accept": "application/json"})
        assert answer.status_code == 401, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"


def test_no_form_is_taken_without_the_mark_of_its_session(world: World) -> None:
    world.add("ana", "admin")
    world.add("ben", "viewer")
    ana, ben = world.browser("ana"), world.browser("ben")
    for method, path, need in _routes(world):
        if method == "GET" or path == "/logout":
            continue
        for mark in ("", "0" * 64, ben.csrf):
            answer = ana.ask(method, path, headers={"x-csrf-token": mark, "accept": "application/json"})
            assert answer.status_code == 403, (method, path)
            assert "not of your session" in answer.json()["detail"], (method, path, need.roles)


def test_an_application_with_a_silent_route_does_not_start(tmp_path) -> None:
    silent = APIRouter()

    @silent.get("/silent")
    def _silent() -> str:
        return ""

    with pytest.raises(RuntimeError, match="/silent"):
        build(open_case(tmp_path / "case", Watch()), clock=Watch(), origin=ORIGIN, extra=(silent,))


def test_public_routes_are_these_and_no_others(world: World) -> None:
    silent = {route.path for route in routes_of(world.app) if needed(route) is None}
    assert silent <= PUBLIC


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_does_what_its_scope_says_and_only_while_it_is_good(world: World, scope: str) -> None:
    role = SCOPES[scope]
    world.add("ana", role)
    ana = world.browser("ana")
    assert ana.api("POST", "/tokens", {"name": "x", "scopes": ["nonsense"]}).status_code == 422
    made = ana.api("POST", "/tokens", {"name": "x", "scopes": [scope], "days": 1}).json()
    program = world.browser()
    bearer = {"authorization": f"Bearer {made['token']}"}
    assert program.api("GET", "/me", **bearer).json()["effective"] == [role]
    reads = program.api("GET", "/incidents", **bearer).status_code
    assert reads == (200 if scope == "read" else 403)
    assert program.api("POST", "/tokens", {"name": "y", "scopes": [scope]}, **bearer).status_code == 403
    world.clock.pass_by(hours=25)
    assert program.api("GET", "/me", **bearer).status_code == 401


def test_a_revoked_token_and_one_of_a_disabled_user_open_nothing(world: World) -> None:
    world.add("ana", "viewer")
    world.add("root", "admin")
    ana, root = world.browser("ana"), world.browser("root")
    one, two = (ana.api("POST", "/tokens", {"name": n, "scopes": ["read"]}).json() for n in "xy")
    assert ana.api("DELETE", f"/tokens/{one['id']}").status_code == 204
    program = world.browser()
    assert program.api("GET", "/me", authorization=f"Bearer {one['token']}").status_code == 401
    assert program.api("GET", "/me", authorization=f"Bearer {two['token']}").status_code == 200
    assert root.api("PATCH", "/users/ana", {"disabled": True}).status_code == 200
    assert program.api("GET", "/me", authorization=f"Bearer {two['token']}").status_code == 401
    assert ana.get("/account").status_code == 303


def test_a_session_is_over_after_its_hours_and_when_nothing_happens(world: World) -> None:
    world.add("ana", "viewer")
    ana = world.browser("ana")
    for _ in range(11):
        world.clock.pass_by(minutes=59)
        assert ana.get("/account").status_code == 200
    world.clock.pass_by(minutes=61)
    assert ana.get("/account").headers["location"].startswith("/login")


def test_privileged_roles_cannot_do_without_a_second_factor(world: World) -> None:
    world.add("ana", "admin")
    world.desk.accounts.change("ana", totp="")
    del world.secrets["ana"]
    ana = world.browser("ana")
    assert ana.api("GET", "/users").status_code == 403
    assert "second factor" in ana.api("GET", "/users").json()["detail"]
    assert ana.get("/account").status_code == 200
