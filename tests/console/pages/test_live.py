"""The console in Debian's Chromium: an incident appears by itself, down to the raw line, with and without script."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pyotp
import pytest

from seawall.console.app import build
from seawall.console.secrets import hash_password
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.model.settings import ConsoleSettings, Settings
from seawall.state.accounts import User
from tests.console import cases
from tests.console.browser import answering

PASSWORD = "five green herons wade"
PAGES = ("/", "/incidents", "/findings", "/responses", "/hunt", "/devices", "/flows", "/coverage", "/attack", "/rules",
         "/drills", "/training", "/sharing", "/ledger", "/settings", "/account")  # fmt: skip
WAIT_MS = 30_000  # generous: the machine may be busy


@dataclass
class Console:
    """One that answers on a port of its own."""

    origin: str
    app: Any
    secret: str
    requests: list[str]  # every address any page asked for

    def code(self) -> str:
        return pyotp.TOTP(self.secret).now()


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    case = open_case(cases.lay_out(tmp_path_factory.mktemp("browser")), SystemClock())
    with socket.create_server(("127.0.0.1", 0)) as listening:
        origin = f"http://localhost:{listening.getsockname()[1]}"
        settings = replace(Settings(), console=ConsoleSettings(requests_per_minute=100_000))
        app = build(case, clock=SystemClock(), settings=settings, origin=origin)
        desk, secret = app.state.desk, pyotp.random_base32()
        roles = ("analyst", "responder", "trainer")
        desk.accounts.add(
            User("ana", "Ana Lind", roles, hash_password(PASSWORD), desk.seal.close(secret, "ana")), desk.clock.now()
        )
        with answering(app, listening):
            yield Console(origin, app, secret, [])


@pytest.fixture(scope="module")
def state(chromium: Any, console: Console) -> Any:
    """Ana logged in, by name, password and code, as a person would; what the browser keeps of it."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.goto(f"{console.origin}/incidents")
    page.get_by_label("Name").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of your authenticator").fill(console.code())
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url(f"{console.origin}/incidents", timeout=WAIT_MS)
    kept = context.storage_state()
    context.close()
    return kept


def opened(chromium: Any, console: Console, state: Any, **how: Any) -> tuple[Any, Any, list[str]]:
    context = chromium.new_context(storage_state=state, viewport={"width": 1280, "height": 860}, **how)
    context.set_default_timeout(WAIT_MS)
    page, wrong = context.new_page(), list[str]()
    page.on("request", lambda asked: console.requests.append(asked.url))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return context, page, wrong


def test_an_incident_appears_by_itself_and_leads_down_to_the_raw_line(
    chromium: Any, console: Console, state: Any
) -> None:
    context, page, wrong = opened(chromium, console, state)
    page.goto(f"{console.origin}/incidents")
    page.wait_for_function("document.documentElement.dataset.live === 'on'")
    assert page.get_by_text("Hostile").count() == 0
    it = cases.add_hostile(console.app.state.desk.case)
    row = page.locator(f"tr[data-key='{it.id}'] a.main")
    row.wait_for()
    row.click()
    page.get_by_role("link", name="Raw lines").click()
    page.locator("a.origin").first.click()
    page.get_by_role("heading", name="Every column").wait_for()
    assert page.locator(".record").inner_text()
    assert "/events/" in page.url
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(f"{console.origin}/coverage")
    page.locator("table.matrix tbody tr").first.wait_for()
    assert page.locator("table.matrix .cell").count() > 20
    assert not wrong
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_no_request_leaves_the_origin(
    chromium: Any, console: Console, state: Any, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context, page, wrong = opened(chromium, console, state, color_scheme=scheme, bypass_csp=True)
    reading_pages = [*PAGES, f"/incidents/{console.app.state.desk.state.incidents()[0].id}"]
    found = []
    for path in reading_pages:
        page.goto(console.origin + path)
        answer = Axe().run(page).response
        found += [
            (path, bad["id"], bad["nodes"][0]["html"][:200])
            for bad in answer["violations"]
            if bad["impact"] in ("serious", "critical")
        ]
    assert not found
    assert not wrong
    assert {address.split("/")[2] for address in console.requests} == {console.origin.split("/")[2]}
    context.close()


def test_reading_works_without_a_script(chromium: Any, console: Console, state: Any) -> None:
    context, page, _ = opened(chromium, console, state, java_script_enabled=False)
    page.goto(f"{console.origin}/")
    page.get_by_role("link", name="Incidents").first.click()
    page.locator("table a.main").first.click()
    page.get_by_role("heading", name="What happened").wait_for()
    page.get_by_role("link", name="Notes").click()
    page.get_by_label("Note").fill("written without a script")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("written without a script").wait_for()
    context.close()


def test_a_lesson_is_practised_and_says_at_once_what_there_was_to_notice(
    chromium: Any, console: Console, state: Any
) -> None:
    context, page, wrong = opened(chromium, console, state)
    page.goto(f"{console.origin}/training")
    page.get_by_role("button", name="Begin").first.click()
    ends = time.monotonic() + 60
    while page.locator(".told[role=status]:visible").count() == 0 or page.locator("table .pill").count() == 0:
        assert time.monotonic() < ends
        if page.locator("input[name=verdict]").count():
            page.locator("input[name=verdict]").first.check()
            page.get_by_role("button", name="Answer").click()
        elif page.locator("input[name=choice]").count():
            page.locator("input[name=choice]").first.check()
            page.get_by_role("button", name="Answer").click()
        else:
            page.locator("main form button.main").first.click()
        page.wait_for_load_state()
    assert page.locator("table .pill").count() >= 1
    assert not wrong
    context.close()


def test_a_session_that_ended_is_said_and_nothing_is_lost(chromium: Any, console: Console, state: Any) -> None:
    context, page, _ = opened(chromium, console, state)
    page.goto(f"{console.origin}/hunt")
    page.context.clear_cookies()
    page.get_by_label("Question in SQL").fill("SELECT 1")
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("heading", name="Log in").wait_for()
    assert "SELECT" in page.locator("input[name=next]").input_value().replace("%20", " ")
    context.close()
