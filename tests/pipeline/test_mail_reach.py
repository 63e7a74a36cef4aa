"""Who got a phish and who followed it: real lines of name servers, proxies and mail in the lake of a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from seawall.cli.main import cli
from tests.detect.mail.letters import FAIL, letter

LURE = "Your mailbox will be closed today. Verify your account: https://velmora-login.example/k\n"
BIND = "02-Mar-2026 10:30:1{n}.000 client 192.0.2.{n}#5321: query: {name} IN A +\n"
SQUID = "177244743{n}.000 310 192.0.2.1{n} TCP_MISS/200 123 {request} amelie DIRECT/203.0.113.9 text/html\n"


@pytest.fixture(scope="module")
def who(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("who")
    logs, reported, case = place / "logs", place / "reported", place / "case"
    logs.mkdir()
    reported.mkdir()
    names = ["velmora-login.example", "Velmora-LOGIN.example.", "cdn.velmora-login.example"]
    names += ["velmora-login.example.velmora.test", "notvelmora-login.example", "www.example.net"]
    (logs / "queries.log").write_text("".join(BIND.format(n=n, name=name) for n, name in enumerate(names)))
    asked = [
        "GET http://velmora-login.example/k",
        "CONNECT velmora-login.example:443",
        "GET http://VELMORA-login.example:80/",
    ]
    asked += ["GET http://velmora-login.example.net/k", "GET http://www.example.net/?u=http://velmora-login.example/"]
    (logs / "access.log").write_text("".join(SQUID.format(n=n, request=one) for n, one in enumerate(asked)))
    other = letter(LURE, sender="IT <it@velmora-login.example>", stamp=FAIL)
    del other["To"], other["Message-ID"]
    other["To"], other["Message-ID"] = "amelie@velmora.example", "<other@mail.out.example>"
    (logs / "other.eml").write_bytes(other.as_bytes())
    (logs / "plain.eml").write_bytes(letter().as_bytes().replace(b"<1.2@", b"<7.7@"))
    (reported / "b.eml").write_bytes(letter(LURE, sender="IT <it@velmora-login.example>", stamp=FAIL).as_bytes())
    run(["ingest", str(logs), "--case", str(case)])
    (line,) = map(json.loads, run(["mail", "triage", str(reported), "--case", str(case), "--who", "--format", "jsonl"]))
    assert line["verdict"] == "phish"
    return {"case": case, **line["who"]}


def run(arguments: list[str]) -> list[str]:
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout.splitlines()


def test_whoever_else_got_it_is_named_and_the_reporter_is_not(who: dict[str, Any]) -> None:
    assert [row["who"] for row in who["got"]] == ["amelie@velmora.example"]


def test_names_looked_up_are_found_however_they_were_written(who: dict[str, Any]) -> None:
    found = {(row["who"], row["what"]) for row in who["clicked"] if row["log"] == "dns"}
    assert found == {
        ("192.0.2.0", "velmora-login.example"),
        ("192.0.2.1", "velmora-login.example"),
        ("192.0.2.2", "cdn.velmora-login.example"),
    }


def test_pages_asked_for_through_a_proxy_are_found_and_no_others(who: dict[str, Any]) -> None:
    found = [row for row in who["clicked"] if row["log"] == "http"]
    assert [row["what"] for row in found] == [
        "http://velmora-login.example/k",
        "velmora-login.example:443",
        "http://VELMORA-login.example:80/",
    ]
    assert {row["who"] for row in found} == {"amelie"}
    assert found[0]["when"].startswith("2026-03-02T10:30")


def test_its_indicators_stand_where_sharing_and_hunts_find_them(who: dict[str, Any], tmp_path: Path) -> None:
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.tlp import Light
    from seawall.pipeline.sharing_in import known_values

    known = {one.value: one for one in known_values(open_case(who["case"], SystemClock()))}
    found = known["velmora-login.example"]
    assert (found.sources, found.light) == (("reported-mail",), Light.AMBER)
    assert "velmora.example" not in known
    assert not list((who["case"]).glob("response/plans/*")), "nothing acts by itself"
