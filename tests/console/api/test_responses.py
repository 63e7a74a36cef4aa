"""A plan, signed by two people with security keys, applied once, however often it is sent."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from seawall.model.entities import Entity
from seawall.people import changes, tokens
from seawall.people.decisions import Desk
from seawall.people.keys import PrivateKey
from tests.console.browser import Browser, World
from tests.people.tokens import SoftToken
from tests.response.findings import finding, incident

_SITE = '[[devices]]\nname = "edge1"\nplatform = "ios"\naddresses = ["192.0.2.1"]\n'
_FOUND = (finding("1" * 32, entities=(Entity("ip", "198.51.100.7", "source"), Entity("ip", "192.0.2.21", "target"))),)


@pytest.fixture
def carrier(world: World) -> World:
    """Three people with keys: ana asks, ben and cy sign with tokens; one incident, one firewall."""
    desk = world.desk
    (desk.case.folder / "site.toml").write_text(_SITE)
    (desk.case.folder / "response.toml").write_text('[[firewalls]]\nname = "fw1"\ncommand = ["/bin/false"]\n')
    for number, (who, role) in enumerate((("ana", "responder"), ("ben", "approver"), ("cy", "approver")), 1):
        key = PrivateKey(bytearray([number] * 32))
        changes.add(desk.case.people_file, desk.ledger, world.clock, id_=who, name="", roles=(), public=key.public)
        world.add(who, role)
    desk.state.save_findings(_FOUND)
    desk.state.save_incidents([incident(*_FOUND)])
    world.clock.pass_by(seconds=1)
    return world


def _registered(world: World, who: str, number: int) -> tuple[Browser, SoftToken]:
    """Somebody with a security key, registered in the console and signed off with their own key."""
    browser, token = world.browser(who), SoftToken(id=bytes([number] * 16))
    asked = browser.api("POST", "/security-keys/challenge").json()
    challenge = _raw(asked["publicKey"]["challenge"])
    given = {"ticket": asked["ticket"], "credential": token.registration(challenge)}
    made = browser.api("POST", "/security-keys", given)
    assert made.status_code == 201, made.text
    assert browser.api("POST", "/security-keys", given).status_code == 409, "once"
    desk = world.desk
    people = Desk(desk.case.uuid, desk.case.folder / "decisions", desk.register(), desk.ledger, world.clock)
    offered = tokens.find(desk.case.folder / tokens.FOLDER, made.json()["offer"])
    key = PrivateKey(bytearray([number] * 32))
    assert tokens.sign_off(people, desk.case.people_file, offered, who, key).counts
    world.clock.pass_by(seconds=1)
    return browser, token


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _plan(ana: Browser) -> tuple[str, dict[str, Any]]:
    made = ana.api("POST", "/plans", {"incident": _incident(ana)})
    assert made.status_code == 201, made.text
    plan = made.json()
    return plan["id"], next(one for one in plan["actions"] if one["lasting"] == "block")


def _incident(ana: Browser) -> str:
    (only,) = ana.api("GET", "/incidents").json()["items"]
    return str(only["id"])


def test_two_people_sign_with_security_keys_whose_challenge_is_the_change(carrier: World) -> None:
    ana = carrier.browser("ana")
    (ben, his), (cy, hers) = _registered(carrier, "ben", 2), _registered(carrier, "cy", 3)
    plan, action = _plan(ana)
    path = f"/plans/{plan}/actions/{action['id']}"
    for number, (who, token) in enumerate(((ben, his), (cy, hers)), 1):
        asked = who.api("POST", f"{path}/challenge").json()
        challenge = _raw(asked["publicKey"]["challenge"])
        assert challenge[:32].hex() == action["diff_sha256"]
        assertion = token.assertion(challenge)
        sent = {"ticket": asked["ticket"], "assertion": assertion}
        done = who.api("POST", f"{path}/approvals", sent)
        assert done.status_code == 201, done.text
        assert (len(done.json()["approvers"]), done.json()["complete"]) == (number, number == 2)
        assert who.api("POST", f"{path}/approvals", sent).status_code == 409, "the back button signs nothing again"
        again = who.api("POST", f"{path}/challenge").json()
        sent = {"ticket": again["ticket"], "assertion": token.assertion(_raw(again["publicKey"]["challenge"]))}
        assert who.api("POST", f"{path}/approvals", sent).status_code == 409, "nobody counts twice"
    assert len(list(carrier.desk.ledger.find("action", f"respond.block:{action['id']}", kind="approval"))) == 2
    assert ana.api("GET", f"/plans/{plan}").json()["actions"][0]["approvers"] == ["ben", "cy"]


def test_another_persons_token_and_an_answer_to_another_change_sign_nothing(carrier: World) -> None:
    ana = carrier.browser("ana")
    (ben, his), (cy, hers) = _registered(carrier, "ben", 2), _registered(carrier, "cy", 3)
    plan, action = _plan(ana)
    path = f"/plans/{plan}/actions/{action['id']}"
    asked = ben.api("POST", f"{path}/challenge").json()
    challenge = _raw(asked["publicKey"]["challenge"])
    stolen = {"ticket": asked["ticket"], "assertion": hers.assertion(challenge)}
    assert cy.api("POST", f"{path}/approvals", stolen).status_code == 409, "a ticket of somebody else"
    assert ben.api("POST", f"{path}/approvals", stolen).status_code == 422
    asked = ben.api("POST", f"{path}/challenge").json()
    other = {"ticket": asked["ticket"], "assertion": his.assertion(bytes(64))}
    assert ben.api("POST", f"{path}/approvals", other).status_code == 422
    assert ana.api("POST", f"{path}/challenge").status_code == 403, "whoever asks is no approver"
    assert carrier.desk.ledger.find("action", f"respond.block:{action['id']}", kind="approval") == []


def test_what_was_not_signed_is_not_applied_and_a_signature_sent_twice_at_once_counts_once(carrier: World) -> None:
    from seawall.people.approval import prepare, sign

    ana, ben = carrier.browser("ana"), carrier.browser("ben")
    plan, action = _plan(ana)
    (said,) = ana.api("POST", f"/plans/{plan}/apply", {"actions": [action["id"]]}).json()
    assert not said["happened"]
    assert "0 of 2 signatures" in said["said"]
    with carrier.desk.response() as opened:
        held = opened.plans.find(plan)
        request = held.request(held.action(action["id"]), carrier.desk.case.uuid)
        approval = sign(request, "ben", PrivateKey(bytearray([2] * 32)), carrier.clock.now(), 1.0)
        assert prepare(request, "ben", carrier.clock.now(), 1.0).nonce != approval.nonce
        with ThreadPoolExecutor(2) as both:
            from seawall.people.approve import NotApprovedError, approve

            def once(_: int) -> bool:
                try:
                    approve(approval, request, register=opened.register, book=carrier.desk.ledger, clock=carrier.clock)
                except NotApprovedError:
                    return False
                return True

            assert sorted(both.map(once, range(2))) == [False, True]
    path = f"/plans/{plan}/actions/{action['id']}/approvals"
    assert ben.api("POST", path, {"approval": json.loads(approval.text())}).status_code == 409
    assert ben.api("POST", path, {"approval": {"v": 1}}).status_code == 422
    assert ben.api("POST", path, {}).status_code == 422
