"""A proposal is added to the file people keep: their words stay, and the result is a site file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from seawall.cli.main import cli
from seawall.errors import InputError
from seawall.model.site import load_site
from seawall.pipeline.sitefacts import propose
from tests.detect.audit.changes.bench import BASES

KEPT = """# our site
jump_hosts = ["10.20.0.5"]  # the old one
syslog_servers = [
  "10.20.0.30",  # first
]

[[people]]
account = "noc-anna"  # night
"""


def test_comments_and_values_of_the_old_file_stay_and_the_new_one_is_read(tmp_path: Path) -> None:
    old = tmp_path / "site.toml"
    old.write_text(KEPT)
    found = propose([BASES], old)
    new = tmp_path / "new.toml"
    new.write_text(found.after)
    site = load_site(new)
    assert all(line in found.after for line in KEPT.split("\n") if line)
    assert site.syslog_servers == ("10.20.0.30", "10.20.0.31")
    assert site.management_networks == ("10.20.0.0/24",)
    assert site.jump_hosts == ("10.20.0.5",)
    assert '+  "10.20.0.31", # 12 of 12 devices' in found.diff


def test_a_second_proposal_adds_nothing(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(propose([BASES], None).after)
    assert propose([BASES], site).diff == ""


def test_nothing_to_read_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("no configuration at all\n")
    with pytest.raises(InputError) as caught:
        propose([tmp_path], None)
    assert "not" in str(caught.value) or "nothing" in str(caught.value)


def test_the_command_writes_the_file_and_prints_the_diff(tmp_path: Path) -> None:
    target = tmp_path / "site.toml"
    done = CliRunner().invoke(cli, ["audit", "propose-site", str(BASES), "--output", str(target)])
    assert done.exit_code == 0, done.output
    assert '"10.20.0.10"' in done.stdout
    assert load_site(target).aaa_servers
