"""Triage in a network namespace that has no interface up: it cannot have asked anybody."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.detect.mail.letters import letter


def test_triage_works_where_there_is_no_network(tmp_path: Path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True, timeout=20).returncode:
        pytest.skip("network namespaces are not allowed here: run as root, or apt-get install util-linux")
    html = '<img src="https://tracker.example/p.gif"><a href="https://a.example/x">https://b.example</a> Sign in now'
    (tmp_path / "a.eml").write_bytes(letter(html=html).as_bytes())
    program = [sys.executable, "-m", "seawall", "mail", "triage", str(tmp_path), "--format", "jsonl"]
    done = subprocess.run([unshare, "-rn", *program], capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout)["verdict"] in ("phish", "spam", "wanted", "unsure")
