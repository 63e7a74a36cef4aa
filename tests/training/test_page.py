"""The page tells a person from a machine, takes nothing that is typed, and gives nothing away."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from seawall.model.clock import FixedClock
from seawall.training import page
from seawall.training.reports import Visit, judge

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TOKEN = "t" * 24


class Desk:
    def __init__(self) -> None:
        self.visits = list[Visit]()

    def keep(self, token: str, visit: Visit):
        self.visits.append(visit)
        return "unknown" if token == TOKEN else None


def test_the_button_counts_only_with_the_stamp_of_the_page_that_was_shown() -> None:
    desk, later = Desk(), FixedClock(NOW + timedelta(seconds=5))
    status, html = page.answer("GET", f"/t/{TOKEN}", "", "192.0.2.1", "Mozilla", FixedClock(NOW), desk.keep)
    assert (status, desk.visits[-1].shown) == (200, None)
    stamp = html.partition('value="')[2].partition('"')[0]
    status, html = page.answer("POST", f"/t/{TOKEN}", urlencode({"shown": stamp}), "192.0.2.1", "M", later, desk.keep)
    assert (status, desk.visits[-1].shown) == (200, NOW)
    assert "exercise" in html
    forged = page.stamp("x" * 24, NOW)
    for wrong in (forged, "", "nan-x", "1e400-x", f"{stamp}0", "\u0661-\u0661"):
        assert page.answer("POST", f"/t/{TOKEN}", urlencode({"shown": wrong}), "a", "M", later, desk.keep)[0] == 400
    assert len(desk.visits) == 2


@pytest.mark.parametrize("path", ["/", "/t/", "/t/unknown", f"/t/{TOKEN}/x", "/t/" + "x" * 99, "/../etc"])
def test_any_other_path_says_nothing(path: str) -> None:
    status, html = page.answer("GET", path, "", "192.0.2.1", "M", FixedClock(NOW), Desk().keep)
    assert status == 404
    assert path.strip("/") == "" or path not in html


@pytest.mark.parametrize(
    ("visit", "who"),
    [
        (Visit(NOW + timedelta(minutes=9), "192.0.2.1", "Mozilla"), "unknown"),
        (Visit(NOW + timedelta(minutes=9), "192.0.2.1", "Mozilla", NOW + timedelta(minutes=8)), "person"),
        (Visit(NOW + timedelta(seconds=9), "192.0.2.1", "Mozilla", NOW), "machine"),
        (Visit(NOW + timedelta(minutes=9), "203.0.113.4", "Mozilla", NOW + timedelta(minutes=8)), "machine"),
        (Visit(NOW + timedelta(minutes=9), "192.0.2.1", "SafeLinks/1", NOW + timedelta(minutes=8)), "machine"),
        (Visit(NOW + timedelta(minutes=9), "192.0.2.1", "", NOW + timedelta(minutes=8)), "machine"),
        (Visit(NOW + timedelta(minutes=9), "192.0.2.1", "Mozilla", NOW + timedelta(minutes=9)), "machine"),
        (Visit(NOW + timedelta(minutes=9), "no address", "Mozilla"), "unknown"),
    ],
)
def test_who_was_it(visit: Visit, who: str) -> None:
    assert judge(visit, NOW, ["203.0.113.0/24", "not a network"], 10) == who


@pytest.fixture
def served() -> Iterator[tuple[Desk, int]]:
    desk = Desk()
    with page.server("127.0.0.1", 0, FixedClock(NOW), desk.keep) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield desk, server.server_address[1]
        finally:
            server.shutdown()
            thread.join(10)


def test_a_real_request_gets_the_page_with_a_strict_policy_and_too_much_is_refused(served) -> None:
    desk, port = served
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    asked.request("GET", f"/t/{TOKEN}", headers={"X-Forwarded-For": "9.9.9.9, 192.0.2.5", "User-Agent": "M"})
    got = asked.getresponse()
    assert got.status == 200
    assert b"Continue" in got.read()
    assert got.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert desk.visits[-1].address == "192.0.2.5"
    asked.close()
    for length in ("99999", "-1", "x"):
        asked.request("POST", f"/t/{TOKEN}", headers={"Content-Length": length, "User-Agent": "M"})
        assert asked.getresponse().status == 413
        asked.close()
