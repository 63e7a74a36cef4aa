"""The small HTTP door: health, figures Prometheus can read, and tickets that must be signed."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from seawall.errors import InputError
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.model.notifying import DoorSettings, OutSettings, WebhookChannel
from seawall.model.settings import Settings
from seawall.pipeline import case_state
from seawall.service.channels import sign
from seawall.service.door import Door, open_door, open_in_thread
from seawall.service.status import write_status
from seawall.state.outbox import Outbox

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
INCIDENT = "a" * 32


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return open_case(tmp_path / "case", FixedClock(NOW))


@pytest.fixture
def door(case: Case, tmp_path: Path) -> Iterator[Door]:
    (tmp_path / "secret").write_text("0123456789abcdef")
    secret = f"file:{tmp_path / 'secret'}"
    settings = Settings(
        door=DoorSettings("127.0.0.1:0", token=secret),
        out=OutSettings(tickets=(WebhookChannel("jira", "http://127.0.0.1:1/", secret),)),
    )
    opened, thread = open_in_thread(case, settings, FixedClock(NOW))
    yield opened
    opened.shutdown()
    opened.server_close()
    thread.join(10)


def ask(door: Door, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", door.server_address[1], timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_health_is_bad_until_every_process_says_it_is_well(door: Door, case: Case) -> None:
    assert ask(door, "GET", "/healthz")[0] == 503
    write_status(case.folder, "detect", {"health": "ok", "why": []})
    assert ask(door, "GET", "/healthz")[0] == 200
    write_status(case.folder, "collect", {"health": "degraded", "why": ["udp port 514 is taken"]})
    status, body = ask(door, "GET", "/healthz")
    assert (status, json.loads(body)["processes"]["collect"]["why"]) == (503, ["udp port 514 is taken"])


def test_prometheus_reads_the_figures_whatever_a_source_is_called(door: Door, case: Case) -> None:
    source = 'syslog-udp "quoted"\\ \n# TYPE x counter'
    write_status(case.folder, "collect", {"health": "ok", "sources": {source: {"messages": 7, "lost": 2}}})
    write_status(
        case.folder, "detect", {"health": "ok", "counts": {"events": 5}, "gauges": {"latency_p99_seconds": 1.5}}
    )
    with case_state(case, Settings()) as state:
        Outbox(state).put([("soc", "notice", INCIDENT, 3)], NOW)
    assert ask(door, "GET", "/metrics")[0] == 401
    status, body = ask(door, "GET", "/metrics", Authorization="Bearer 0123456789abcdef")
    assert status == 200
    samples = {
        (one.name, one.labels.get("what") or one.labels.get("state")): one.value
        for family in text_string_to_metric_families(body.decode())
        for one in family.samples
    }
    assert samples[("seawall_source_total", "lost")] == 2
    assert samples[("seawall_detect", "latency_p99_seconds")] == 1.5
    assert samples[("seawall_deliveries", "waiting")] == 1
    assert INCIDENT.encode() not in body


def test_a_signed_ticket_acknowledges_and_anything_else_changes_nothing(door: Door, case: Case) -> None:
    with case_state(case, Settings()) as state:
        Outbox(state).tell(INCIDENT, 3, ["e1"], NOW)
    body = json.dumps({"incident": INCIDENT, "ticket": "SOC-7", "status": "closed"}).encode()
    good = sign(b"0123456789abcdef", int(NOW.timestamp()), body)
    old = sign(b"0123456789abcdef", int((NOW - timedelta(minutes=6)).timestamp()), body)
    path = "/hooks/tickets/jira"
    for header in ("", "t=1,v1=00", sign(b"wrong", int(NOW.timestamp()), body), old):
        assert ask(door, "POST", path, body, X_Seawall_Signature=header)[0] == 401
    for wrong in (b"[]", b"{", b'{"incident": "a"}', body.replace(b"closed", b"burnt"), body.replace(b"aaa", b"bbb")):
        header = sign(b"0123456789abcdef", int(NOW.timestamp()), wrong)
        assert ask(door, "POST", path, wrong, X_Seawall_Signature=header)[0] == 400
    assert ask(door, "POST", "/hooks/tickets/other", body, X_Seawall_Signature=good)[0] == 404
    assert ask(door, "POST", path, None, Content_Length="99999999")[0] == 413
    with case_state(case, Settings()) as state:
        assert Outbox(state).tickets() == []
    assert ask(door, "POST", path, body, X_Seawall_Signature=good)[0] == 200
    with case_state(case, Settings()) as state:
        (story,) = Outbox(state).stories()
        assert story.person == "jira SOC-7"
        assert [(t.ticket, t.status) for t in Outbox(state).tickets()] == [("SOC-7", "closed")]


def test_callers_that_say_nothing_keep_nobody_waiting_for_long(door: Door, case: Case) -> None:
    write_status(case.folder, "detect", {"health": "ok"})
    idle = [socket.create_connection(door.server_address[:2], timeout=10) for _ in range(8)]
    try:
        assert ask(door, "GET", "/healthz")[0] == 200
    finally:
        for one in idle:
            one.close()


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "nonsense", "127.0.0.1:99999"])
def test_a_door_that_would_give_figures_away_or_is_none_is_refused(case: Case, listen: str) -> None:
    with pytest.raises(InputError, match=r"door\.listen"):
        open_door(case, Settings(door=DoorSettings(listen)), FixedClock(NOW))
