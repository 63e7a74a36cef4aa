"""First run, log in, lock-out, and a form whose log-in had ended."""

from __future__ import annotations

import pytest

from seawall.console.login import ours
from tests.console.browser import CODE, PASSWORD, World, hidden


def test_the_first_run_needs_the_code_the_program_printed_and_then_a_second_factor(world: World) -> None:
    someone = world.browser()
    assert someone.get("/login").headers["location"] == "/setup"
    wanted = {"setup_code": "AAAA-BBBB-CCCC-DDDD", "user": "ana", "password": PASSWORD}
    assert "not the code" in someone.ask("POST", "/setup", data=wanted).text
    weak = someone.ask("POST", "/setup", data={**wanted, "setup_code": CODE, "password": "seawall12345"})
    assert weak.status_code == 422
    assert "easily guessed" in weak.text
    done = someone.ask("POST", "/setup", data={**wanted, "setup_code": CODE.lower()})
    assert done.headers["location"] == "/account/factor/new"
    page = someone.get("/account/factor/new")
    assert 'class="secret"' in page.text
    again = world.browser().ask("POST", "/setup", data={**wanted, "setup_code": CODE, "user": "eve"})
    assert again.status_code == 422
    assert [user.id for user in world.desk.accounts.users()] == ["ana"]


def test_a_wrong_password_and_an_unknown_name_look_alike_and_five_lock_the_account(world: World) -> None:
    world.add("ana", "viewer")
    someone = world.browser()
    texts = {
        someone.ask("POST", "/login", data={"user": u, "password": "x" * 12}).text.replace(u, "")
        for u in ("ana", "eve")
    }
    assert len({t.split("<main")[1].split("</main")[0] for t in texts}) == 1
    for _ in range(4):
        assert someone.ask("POST", "/login", data={"user": "ana", "password": "wrong wrong"}).status_code == 401
    assert someone.log_in("ana").status_code == 401, "locked for two minutes, even for the right one"
    world.clock.pass_by(minutes=2)
    assert someone.log_in("ana").status_code == 303


def test_a_code_is_taken_once(world: World) -> None:
    world.add("ana", "viewer")
    one, other = world.browser(), world.browser()
    assert one.log_in("ana").status_code == 303
    world.clock.pass_by(seconds=-60)  # `log_in` lets a minute pass: the same code again
    assert other.log_in("ana").status_code == 401


def test_a_form_whose_log_in_had_ended_comes_back_and_nothing_was_done(world: World) -> None:
    world.add("ana", "viewer")
    ana = world.browser("ana")
    world.clock.pass_by(hours=13)
    late = ana.post("/account/password", {"old": PASSWORD, "new": "six grey herons wade", "note": 'a <b> & "c"\n2'})
    assert late.status_code == 401
    assert "comes back" in late.text
    kept = hidden(late, "kept")
    assert "herons" not in kept, "passwords are not kept"
    back = ana.log_in("ana", kept=kept)
    assert back.status_code == 200
    assert 'action="/account/password"' in back.text
    assert "a &lt;b&gt; &amp; &#34;c&#34;\n2</textarea>" in back.text
    assert ana.csrf
    assert hidden(back, "csrf") == ana.csrf, "the page that comes back can be sent at once"


def test_logging_out_ends_the_session_on_the_server(world: World) -> None:
    world.add("ana", "viewer")
    ana = world.browser("ana")
    cookie = dict(ana._client.cookies)
    assert ana.post("/logout").status_code == 303
    again = world.browser()
    again._client.cookies.update(cookie)
    assert again.get("/account").headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/incidents/5f?x=1#top", "/incidents/5f?x=1#top"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("", "/"),
    ],
)
def test_a_log_in_leads_nowhere_else(path: str, leads_to: str) -> None:
    assert ours(path) == leads_to
