"""What stands before every route: headers, hosts, sizes, rates, other sites."""

from __future__ import annotations

import pytest

from seawall.console.front import MAX_BODY, Bucket
from tests.console.browser import World

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
    "server": "seawall",
}


@pytest.mark.parametrize("path", ["/", "/login", "/setup", "/nowhere", "/api/v1/nowhere", "/account", "/healthz"])
def test_every_answer_carries_the_security_headers(world: World, path: str) -> None:
    told = world.browser().get(path).headers
    assert {name: told.get(name) for name in HEADERS} == HEADERS
    policy = dict(part.split(" ", 1) for part in told["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["object-src"] == "'none'"
    assert "unsafe" not in told["content-security-policy"]
    assert policy["script-src"].startswith("'nonce-")
    assert policy["connect-src"] == policy["form-action"] == "'self'"


def test_no_two_answers_share_a_nonce(world: World) -> None:
    seen = {world.browser().get("/login").headers["content-security-policy"] for _ in range(5)}
    assert len(seen) == 5


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"host": "evil.example:8443"}, 421, id="a-name-made-to-lead-here"),
        pytest.param({"host": "localhost.evil.example"}, 421, id="a-name-that-looks-like-ours"),
        pytest.param({"origin": "https://evil.example"}, 403, id="another-origin"),
        pytest.param({"origin": "null"}, 403, id="no-origin"),
        pytest.param({"sec-fetch-site": "cross-site"}, 403, id="cross-site"),
        pytest.param({"sec-fetch-site": "same-site"}, 403, id="a-neighbour-in-the-same-site"),
        pytest.param({"content-length": str(MAX_BODY + 1)}, 413, id="too-long"),
        pytest.param({"content-length": "-1"}, 413, id="no-length"),
        pytest.param({"origin": "http://localhost:8443", "sec-fetch-site": "same-origin"}, 422, id="ours"),
    ],
)
def test_what_is_not_even_looked_at(world: World, headers: dict[str, str], status: int) -> None:
    assert world.browser().ask("POST", "/setup", headers=headers, content=b"").status_code == status


def test_a_body_without_a_length_is_cut_off(world: World) -> None:
    async def endless():
        for _ in range(4):
            yield b"a=" + b"x" * 900_000 + b"&"

    form = {"content-type": "application/x-www-form-urlencoded"}
    assert world.browser().ask("POST", "/login", content=endless(), headers=form).status_code == 413


def test_a_bucket_lets_a_burst_through_then_so_many_a_minute() -> None:
    now = [0.0]
    bucket = Bucket(60, tick=lambda: now[0])
    assert [bucket.wait_s("a") for _ in range(60)] == [0.0] * 60
    assert bucket.wait_s("a") == pytest.approx(1.0)
    assert bucket.wait_s("b") == 0.0, "others are not kept waiting"
    now[0] = 1.0
    assert bucket.wait_s("a") == 0.0
    assert bucket.wait_s("a") > 0


def test_too_many_log_ins_from_one_address_wait(world: World) -> None:
    world.add("ana", "viewer")
    someone = world.browser()
    tries = [someone.ask("POST", "/login", data={"user": f"u{n}"}).status_code for n in range(31)]
    assert tries[-1] == 429
    assert 429 not in tries[:30]
