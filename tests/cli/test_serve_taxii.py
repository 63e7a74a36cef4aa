"""The TAXII server as a process of its own, from a settings file alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
from click.testing import CliRunner

from seawall.cli.serve_taxii import taxii
from seawall.ledger import open_ledger
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.sharing.taxii.callers import hash_password
from tests.sharing.taxii.serving import HEADERS, identity


def test_the_example_starts_in_a_new_folder_and_every_page_that_left_stands_in_the_ledger(tmp_path: Path) -> None:
    example = CliRunner().invoke(taxii, ["example"]).output
    config = tmp_path / "taxii.toml"
    config.write_text(example.replace("127.0.0.1:6100", "127.0.0.1:0"), encoding="utf-8")
    command = [sys.executable, "-m", "seawall", "serve", "--taxii-only", "--config", str(config)]
    server = subprocess.Popen(
        [*command, "--case", str(tmp_path / "case")],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"LC_ALL": "C"},
    )
    try:
        assert server.stderr is not None
        line = server.stderr.readline()
        found = re.search(r"3 collections for 4 users at (http://127\.0\.0\.1:\d+)/taxii2/", line)
        assert found, line + server.stderr.read()
        auth = ("analyst", "analyst-test-password")
        with httpx.Client(base_url=found[1], auth=auth, headers=HEADERS, timeout=30, trust_env=False) as client:
            place = "/api/collections/read-write/objects/"
            assert client.post(place, json={"objects": [identity(1)]}, headers=HEADERS).status_code == 202
            assert client.get(place).json()["objects"] == [identity(1)]
        server.terminate()
        server.wait(30)
    finally:
        server.kill()
        server.communicate()
    with open_ledger(open_case(tmp_path / "case", SystemClock())) as ledger:
        (entry,) = ledger.entries(kind="sharing.taxii.read")
    assert (entry.body["user"], entry.body["objects"]) == ("analyst", 1)


def test_a_password_and_a_token_become_lines_of_a_settings_file() -> None:
    given = CliRunner().invoke(taxii, ["password", "--stdin"], input="correct horse\n")
    assert re.fullmatch(r'password_hash = "scrypt\$32768\$8\$1\$[0-9a-f]{32}\$[0-9a-f]{64}"\n', given.output)
    assert hash_password("correct horse") not in given.output  # salted
    assert CliRunner().invoke(taxii, ["password", "--stdin"], input="short\n").exit_code
    made = CliRunner().invoke(taxii, ["token"])
    assert re.search(r'^token_hash = "[0-9a-f]{64}"$', made.stdout, re.MULTILINE)
