"""Users and roles: separation of duties, and what the ledger holds of it."""

from __future__ import annotations

from tests.console.browser import PASSWORD, World


def test_an_administrator_adds_people_and_changes_anybody_but_themselves(world: World) -> None:
    world.add("root", "admin")
    root = world.browser("root")
    wanted = {"id": "ben", "roles": ["analyst"], "password": "violet anvil seven"}
    assert root.api("POST", "/users", wanted).status_code == 201
    assert root.api("POST", "/users", wanted | {"id": "BEN"}).status_code == 422
    assert root.api("POST", "/users", wanted | {"id": "eve", "roles": ["admin", "approver"]}).status_code == 422
    assert root.api("POST", "/users", wanted | {"id": "eve", "password": PASSWORD[:5]}).status_code == 422
    assert root.api("PATCH", "/users/root", {"roles": ["approver"]}).status_code == 403
    assert root.api("PATCH", "/users/ben", {"roles": ["responder", "approver"]}).json()["roles"] == [
        "responder",
        "approver",
    ]
    assert root.api("PATCH", "/users/nobody", {}).status_code == 404
    deeds = [entry.body["deed"] for entry in world.desk.ledger.entries(kind="access")]
    assert deeds.count("user-added") == 1
    assert deeds.count("user-changed") == 1


def test_a_look_at_evidence_stands_in_the_ledger_once_for_a_while(world: World) -> None:
    world.add("ana", "analyst")
    ana = world.browser("ana")
    for _ in range(3):
        assert ana.api("GET", "/findings").status_code == 200
    assert ana.api("POST", "/query", {"sql": "SELECT 1 AS one"}).json()["rows"] == [[1]]
    looks = [(entry.body["person"], entry.body["what"]) for entry in world.desk.ledger.entries(kind="view")]
    assert looks == [("ana", "evidence"), ("ana", "query")]


def test_a_question_that_would_read_a_file_is_refused_as_a_problem(world: World) -> None:
    world.add("ana", "analyst")
    answer = world.browser("ana").api("POST", "/query", {"sql": "SELECT * FROM read_text('/etc/passwd')"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "root:" not in answer.text
