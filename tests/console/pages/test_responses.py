"""Two people sign with security keys in Chromium what a third asked for; it is applied, read back and taken back."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall.console.app import build
from seawall.console.secrets import digest, new_token
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.model.entities import Entity
from seawall.model.settings import ConsoleSettings, Settings
from seawall.people import changes, tokens
from seawall.people.decisions import Desk
from seawall.people.keys import PrivateKey
from seawall.state.accounts import User
from tests.console.browser import answering
from tests.parts import program
from tests.response.findings import finding, incident

WAIT_MS = 30_000  # generous: the machine may be busy
ADDRESS = "198.51.100.7"
PEOPLE = {"ana": "responder", "ben": "approver", "cy": "approver", "root": "admin"}
_SITE = '[[devices]]\nname = "edge1"\nplatform = "ios"\naddresses = ["192.0.2.1"]\n'
_FOUND = (finding("1" * 32, entities=(Entity("ip", ADDRESS, "source"), Entity("ip", "192.0.2.21", "target"))),)


@pytest.fixture
def firewall() -> Iterator[list[str]]:
    """How nft is reached in a namespace of the test's own."""
    ip, nft, name = program("ip"), program("nft"), f"swc{os.getpid()}"
    if subprocess.run([ip, "netns", "add", name], capture_output=True).returncode:
        pytest.skip("network namespaces need root: run as root, or in a container that may make them")
    try:
        yield [ip, "netns", "exec", name, nft]
    finally:
        subprocess.run([ip, "netns", "del", name], capture_output=True)


@pytest.fixture
def console(tmp_path: Path, firewall: list[str]) -> Iterator[tuple[str, Any]]:
    """A console at a port of its own: one incident, one firewall, four people, three of them with keys."""
    clock = SystemClock()
    case = open_case(tmp_path / "case", clock)
    case.site_file.write_text(_SITE)
    words = ", ".join(f'"{word}"' for word in firewall)
    (case.folder / "response.toml").write_text(f'[[firewalls]]\nname = "fw1"\ncommand = [{words}]\n')
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://localhost:{listening.getsockname()[1]}"
        settings = replace(Settings(), console=ConsoleSettings(requests_per_minute=100_000))
        app = build(case, clock=clock, settings=settings, origin=origin)
        desk = app.state.desk
        for number, (who, role) in enumerate(PEOPLE.items(), 1):
            desk.accounts.add(User(who, "", (role,), "", desk.seal.close("JBSWY3DP", who)), clock.now())
            key = PrivateKey(bytearray([number] * 32))
            changes.add(case.people_file, desk.ledger, clock, id_=who, name="", roles=(), public=key.public)
        desk.state.save_findings(_FOUND)
        desk.state.save_incidents([incident(*_FOUND)])
        with answering(app, listening):
            yield origin, app


class Person:
    """Somebody at a browser of their own, logged in with a second factor, with a security key plugged in."""

    def __init__(self, chromium: Any, origin: str, app: Any, who: str, stack: ExitStack) -> None:
        desk, token = app.state.desk, new_token()
        now = desk.clock.now()
        desk.accounts.begin(digest(token), who, now, now + timedelta(hours=1), strong=True)
        context = chromium.new_context(viewport={"width": 1280, "height": 860})
        stack.callback(context.close)
        context.set_default_timeout(WAIT_MS)
        context.add_cookies([{"name": "seawall", "value": token, "url": origin}])
        self.page, self.wrong, self.origin = context.new_page(), list[str](), origin
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        driver = context.new_cdp_session(self.page)
        driver.send("WebAuthn.enable")
        token_options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
                         "hasResidentKey": True, "automaticPresenceSimulation": True}  # fmt: skip
        driver.send("WebAuthn.addVirtualAuthenticator", {"options": token_options})

    def go(self, path: str) -> Any:
        self.page.goto(self.origin + path)
        return self.page


def _register(person: Person, app: Any, who: str, number: int) -> None:
    """On the account's page; then signed off with the person's own key, as on their workstation."""
    page = person.go("/account")
    page.get_by_role("button", name="Register a security key").click()
    page.get_by_text("Sign it off: seawall people accept").wait_for()
    desk = app.state.desk
    people = Desk(desk.case.uuid, desk.case.folder / "decisions", desk.register(), desk.ledger, desk.clock)
    (offered,) = tokens.offers(desk.case.folder / tokens.FOLDER)
    key = PrivateKey(bytearray([number] * 32))
    assert tokens.sign_off(people, desk.case.people_file, offered, who, key).counts


def _rules(firewall: list[str]) -> str:
    return subprocess.run([*firewall, "list", "ruleset"], check=True, capture_output=True, text=True).stdout


def test_two_people_sign_and_the_change_is_applied_read_back_and_taken_back(
    chromium: Any, console: tuple[str, Any], firewall: list[str]
) -> None:
    origin, app = console
    with ExitStack() as stack:
        ana, ben, cy = (Person(chromium, origin, app, who, stack) for who in ("ana", "ben", "cy"))
        _register(ben, app, "ben", 2)
        _register(cy, app, "cy", 3)
        page = ana.go(f"/incidents/{'c' * 32}")
        page.get_by_role("button", name="Plan a response").click()
        page.wait_for_url(re.compile("/responses/[0-9a-f]+"))
        path = page.url.removeprefix(origin)
        block = f".action:has(.diff:has-text('{ADDRESS}')):has(.digest)"
        assert ADDRESS in page.locator(f"{block} .diff .do").first.inner_text()
        assert page.get_by_role("button", name="Apply").count() == 0
        assert page.locator("[data-sign]").count() == 0, "nobody signs for what they asked"
        for number, person in enumerate((ben, cy), 1):
            theirs = person.go(path)
            assert (
                theirs.locator(f"{block} .diff").first.inner_text() == page.locator(f"{block} .diff").first.inner_text()
            )
            theirs.locator(f"{block} [data-sign]").first.click()
            theirs.get_by_text(f"{number} of 2").first.wait_for()
        page.get_by_role("button", name="Apply 1 signed action").wait_for()  # told live
        assert ADDRESS not in _rules(firewall)
        page.get_by_role("button", name="Apply 1 signed action").click()
        page.locator("#told .told").first.wait_for()
        told = page.locator("#told").inner_text()
        assert page.locator(f"{block} .pill", has_text="verified").count(), told
        assert ADDRESS in _rules(firewall)
        page.go_back()
        page.go_forward()
        page.get_by_role("button", name="Read back").click()
        page.get_by_text("whether it goes on is not known").wait_for()
        back = ben.go(path)
        back.locator(f"{block} [data-deed=undo]").click()
        back.get_by_text("to take it back 1 of 1").wait_for()
        page.get_by_role("button", name="Take this one back").first.click()
        page.locator(f"{block} .pill", has_text="undone").first.wait_for()
        assert ADDRESS not in _rules(firewall)
        assert [one.wrong for one in (ana, ben, cy)] == [[], [], []]


def test_an_administrator_adds_people_and_roles_kept_apart_are_refused(chromium: Any, console: tuple[str, Any]) -> None:
    origin, app = console
    with ExitStack() as stack:
        page = Person(chromium, origin, app, "root", stack).go("/users")
        page.get_by_label("Name to log in with").fill("b.ray")
        page.get_by_label("Password for the first log-in").fill("five green herons wade")
        for role in ("approver", "admin"):
            page.locator(f"form.narrow input[value={role}]").check()
        page.get_by_role("button", name="Add", exact=True).click()
        page.get_by_text("nobody is admin and approver at once").wait_for()
        assert page.get_by_label("Name to log in with").input_value() == "b.ray"
        page.get_by_label("Password for the first log-in").fill("five green herons wade")
        page.locator("form.narrow input[value=admin]").uncheck()
        page.get_by_role("button", name="Add", exact=True).click()
        page.locator("td b", has_text="b.ray").wait_for()
    assert app.state.desk.accounts.user("b.ray").roles == ("approver",)
