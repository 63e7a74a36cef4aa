from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from seawall.errors import PeerError
from seawall.model.serving import GitSettings
from seawall.service.repositories import fetch, hand_over, mirror_of
from tests.parts import program


def git(*arguments: str, cwd: Path) -> bytes:
    who = ("-c", "user.name=oxidized", "-c", "user.email=oxidized@example.net", "-c", "init.defaultBranch=main")
    command = [program("git"), *who, *arguments]
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, timeout=60).stdout


def test_what_is_pushed_is_noticed_once_and_handed_over_as_a_repository_of_its_own(tmp_path: Path) -> None:
    bare, work = tmp_path / "configs.git", tmp_path / "work"
    git("init", "--quiet", "--bare", str(bare), cwd=tmp_path)
    git("clone", "--quiet", str(bare), str(work), cwd=tmp_path)
    settings = GitSettings(str(bare))
    mirror = mirror_of(tmp_path / "mirrors", settings)
    assert fetch(mirror, settings) == "", "nothing in it yet"
    seen = []
    for text in ("hostname pe1\n", "hostname pe1\nlogging host 192.0.2.9\n"):
        (work / "pe1.cfg").write_text(text)
        git("add", ".", cwd=work)
        git("commit", "--quiet", "-m", "pe1", cwd=work)
        git("push", "--quiet", "origin", "HEAD:main", cwd=work)
        seen.append(fetch(mirror, settings))
        assert fetch(mirror, settings) == seen[-1]
    assert len(set(seen)) == 2
    (mirror / "hooks").mkdir(exist_ok=True)
    (mirror / "hooks" / "post-checkout").write_text("#!/bin/sh\n")
    hand_over(mirror, tmp_path / "given.git")
    assert not (tmp_path / "given.git" / "hooks").exists()
    assert git("show", "main:pe1.cfg", cwd=tmp_path / "given.git") == (work / "pe1.cfg").read_bytes()
    assert git("rev-list", "--count", "main", cwd=tmp_path / "given.git") == b"2\n"


@pytest.mark.parametrize("url", ["ext::sh -c touch% owned", "/nowhere/at/all.git"])
def test_a_repository_that_cannot_be_read_is_said_and_no_command_of_its_address_runs(tmp_path: Path, url: str) -> None:
    settings = GitSettings(url)
    with pytest.raises(PeerError, match="git cannot read it"):
        fetch(mirror_of(tmp_path / "m", settings), settings)
    assert not (tmp_path / "owned").exists()
