"""The whole way on the command line: plan, two signatures, apply, verify, undo, stop, against a real firewall."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seawall.cli.main import cli
from seawall.errors import PeerError, UsageError
from seawall.ledger import open_ledger
from seawall.model.case import Case, open_case
from seawall.model.clock import SystemClock
from seawall.model.entities import Entity
from seawall.people import changes
from seawall.people.keys import make_key
from seawall.response.plans import Plans, read_plan
from seawall.state.store import open_state
from tests.parts import program
from tests.response.findings import finding, incident

_FOUND = (
    finding("1" * 32, entities=(Entity("ip", "198.51.100.7", "source"), Entity("ip", "192.0.2.21", "target"))),
    finding(
        "2" * 32,
        details={"device": "edge1", "effect": "user", "object": "helper", "after": ["username helper privilege 15"]},
    ),
)
_SITE = """
aaa_servers = ["192.0.2.21"]
[[devices]]
name = "edge1"
platform = "ios"
addresses = ["192.0.2.1"]
"""


@pytest.fixture
def nft() -> Iterator[list[str]]:
    ip, name = program("ip"), f"swcli{os.getpid()}"
    program("nft")
    if subprocess.run([ip, "netns", "add", name], capture_output=True).returncode:
        pytest.skip("network namespaces need root: run as root, or in a container that may make them")
    try:
        yield [ip, "netns", "exec", name, "nft"]
    finally:
        subprocess.run([ip, "netns", "del", name], capture_output=True)


class Door:
    """The command line over one case."""

    def __init__(self, folder: Path, nft: list[str]) -> None:
        self.folder, self.keys, self.nft = folder / "case", folder / "keys", nft
        self.keys.mkdir(mode=0o700)
        self.clock = SystemClock()
        self.case: Case = open_case(self.folder, self.clock)
        (self.keys / "pw").write_text("correct-horse\n")
        (self.keys / "pw").chmod(0o600)
        (self.folder / "site.toml").write_text(_SITE)
        words = ", ".join(json.dumps(word) for word in nft)
        (self.folder / "response.toml").write_text(f'[[firewalls]]\nname = "fw1"\ncommand = [{words}]\n')
        with open_ledger(self.case, clock=self.clock) as ledger:
            for who in ("ana", "ben", "cy"):
                public = make_key(self.keys / who, b"correct-horse")
                changes.add(self.case.people_file, ledger, self.clock, id_=who, name="", roles=(), public=public)
        with open_state(self.folder / "state.db") as state:
            state.save_findings(_FOUND)
            state.save_incidents([incident(*_FOUND)])

    def __call__(self, *words: str, sure: bool = True) -> Result:
        done = CliRunner().invoke(cli, ["respond", *words, "--case", str(self.folder)])
        if sure:
            assert done.exit_code == 0, (done.output, done.exception)
        return done

    def signing(self, who: str) -> list[str]:
        return ["--as", who, "--key", str(self.keys / who), "--passphrase-file", str(self.keys / "pw")]

    def rows(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self("status", "--format", "jsonl").stdout.splitlines()]

    def rules(self) -> str:
        return subprocess.run([*self.nft, "list", "ruleset"], check=True, capture_output=True, text=True).stdout


def test_from_the_incident_to_the_undo_and_the_kill_switch_without_a_database(tmp_path: Path, nft: list[str]) -> None:
    door = Door(tmp_path, nft)
    assert "not kept" in door("plan", "cccc").stderr
    door("plan", "cccc", "--as", "ana")
    rows = door.rows()
    assert [row["kind"] for row in rows] == ["remove_user", "session_kill", "nft_block"]
    plan, block = str(rows[0]["plan"]), str(rows[2]["id"])
    assert "0 of 2" in door("apply", plan, block).stdout
    refused = door("apply", plan, block, "--commit", sure=False)
    assert refused.exit_code != 0
    assert door.rules() == ""
    for who in ("ben", "cy"):
        door("approve", plan, *door.signing(who))
    assert "no direct way" in door("apply", plan).stdout, "routers get a package"
    assert "applied and read back" in door("apply", plan, block, "--commit").stdout
    assert "198.51.100.7" in door.rules()
    assert "192.0.2.21" not in door.rules()
    assert "stands" in door("verify", plan, block).stdout
    made = door("handover", plan, str(rows[0]["id"]), "--to", str(tmp_path / "out")).stdout
    assert (tmp_path / "out" / f"{str(rows[0]['id'])[:8]}-remove_user" / "mop.md").is_file(), made
    assert '"playbook"' in door("playbook", "export", plan).stdout
    door("undo", plan, block, *door.signing("ben"), "--commit")
    assert door.rules() == ""

    door("plan", "cccc", "--as", "ana")
    again = next(r for r in door.rows() if r["kind"] == "nft_block" and r["plan"] != plan)
    for who in ("ben", "cy"):
        door("approve", str(again["plan"]), str(again["id"]), *door.signing(who))
    door("hold", "198.51.100.7", *door.signing("ana"), "--purpose", "request 7 of the police")
    held = door("apply", str(again["plan"]), str(again["id"]), "--commit", sure=False)
    assert "request 7 of the police" in held.output
    for who, more in (("ana", ["--sign-only", str(tmp_path / "lift")]), ("ben", ["--signed", str(tmp_path / "lift")])):
        door("hold", "198.51.100.7", "--lift", *door.signing(who), "--purpose", "released", *more)
    door("apply", str(again["plan"]), str(again["id"]), "--commit")
    (door.folder / "state.db").write_bytes(b"gone")
    for path in (door.folder / "response" / "plans").iterdir():
        path.unlink()
    assert "fw1: 1 blocks removed" in door("stop").stdout
    assert door.rules() == ""


def test_an_order_acts_only_where_two_sign_and_evidence_carries_it(tmp_path: Path, nft: list[str]) -> None:
    door = Door(tmp_path, nft)
    until = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT%H:00Z}"
    words = ["--kind", "nft_block", "--target", "fw1", "--until", until, "--for", "ana", "--purpose", "nights"]
    order = str(tmp_path / "order")
    door("standing", "sign", *words, *door.signing("ben"), "--sign-only", order)
    assert door("standing", "list").stdout == ""
    door("standing", "sign", *words, *door.signing("cy"), "--signed", order)
    assert "in force" in door("standing", "list").stdout
    told = door("standing", "run", "cccc").stdout
    assert "only proposed: its evidence is not two independent sources" in told
    assert door.rules() == ""


def test_what_was_not_tried_is_told_and_half_a_signature_is_refused(tmp_path: Path) -> None:
    door = Door(tmp_path, ["no-such-nft"])
    for address in ("198.51.100.7", "198.51.100.8"):
        door(
            "playbook",
            "import",
            "cut-off-address",
            "--set",
            "firewall=fw1",
            "--set",
            f"address={address}",
            "--as",
            "ana",
        )
    plans = door.case.folder / "response" / "plans"
    one, other = (read_plan(path) for path in sorted(plans.glob("*.json")))
    both = replace(one, actions=(*(a for p in (one, other) for a in p.actions if a.kind == "nft_block"),))
    Plans(plans).keep(both)
    for who in ("ben", "cy"):
        door("approve", both.id, *door.signing(who))
    done = door("apply", both.id, "--commit", sure=False)
    assert isinstance(done.exception, PeerError)
    assert "no-such-nft is not installed" in done.stdout
    assert f"{both.actions[1].id[:8]} nft_block: not tried" in done.stdout
    half = door("undo", both.id, "--as", "ben", "--commit", sure=False)
    assert isinstance(half.exception, UsageError)
    assert [a.kind for a in one.actions][:2] == ["ask", "nft_block"], "evidence is saved before the block"
