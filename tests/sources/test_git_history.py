"""Histories of configurations, kept by real git: every version comes with its time; nothing of the evidence runs."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.sources import configs, discover, git_history
from seawall.sources.base import Evidence, Reject, Skipped
from tests.parts import program
from tests.sources.reading import read_evidence

CONFIG = "!\nversion 17.9\nhostname pe1\n!\ninterface Loopback0\n ip address 192.0.2.{} 255.255.255.255\n!\nend\n"


class Repo:
    """A repository as a collector of configurations makes one."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.folder, self.git = folder, program("git")
        folder.mkdir()
        self.run("init", "-q", *more)

    def run(self, *arguments: str, at: int = 0) -> str:
        who = {f"GIT_{who}_{what}": "ops@noc.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        when = {f"GIT_{who}_DATE": f"{at} +0000" for who in ("AUTHOR", "COMMITTER")}
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/", "PATH": os.environ["PATH"]}
        done = subprocess.run(
            [self.git, *arguments], cwd=self.folder, env=who | when | quiet, capture_output=True, text=True, timeout=60,
            check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def commit(self, at: int, **files: str | None) -> None:
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            if content is None:
                path.unlink()
            else:
                path.write_text(content)
        self.run("add", "-A")
        self.run("commit", "-q", "-m", "update", at=at)


def found_in(path: Path) -> tuple[list[Evidence], list[Reject]]:
    found = list(discover.find([path]))
    return [f for f in found if isinstance(f, Evidence)], [f for f in found if isinstance(f, Reject)]


def taken(evidence: list[Evidence]) -> list[tuple[object, object, object]]:
    rows = [read_evidence(configs.SOURCE, one).rows("config_lines") for one in evidence]
    return [(r[0]["device"], r[0]["taken"], [x["text"] for x in r if "address" in str(x["text"])]) for r in rows]


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "work")
    made.commit(1_772_359_200, pe1=CONFIG.format(1), README="about these files\n")
    made.commit(1_772_445_600, pe1=CONFIG.format(2))
    made.commit(1_772_532_000, pe1=None)
    return made


VERSIONS = [
    ("pe1", datetime(2026, 3, 1, 10, tzinfo=UTC), ["ip address 192.0.2.1 255.255.255.255"]),
    ("pe1", datetime(2026, 3, 2, 10, tzinfo=UTC), ["ip address 192.0.2.2 255.255.255.255"]),
]


def test_every_version_of_a_configuration_is_a_snapshot_taken_at_its_commit(repo: Repo) -> None:
    evidence, rejects = found_in(repo.folder)
    assert taken([e for e in evidence if "!/" in e.origin]) == VERSIONS
    assert [e.origin for e in evidence if "!/" not in e.origin] == ["README"]
    (left_out,) = rejects
    assert isinstance(left_out, Skipped)
    assert "1 files" in left_out.what


def test_a_bare_repository_is_read_from_its_packs(repo: Repo, tmp_path: Path) -> None:
    bare = tmp_path / "evidence" / "configs.git"
    bare.parent.mkdir()
    repo.run("clone", "-q", "--bare", str(repo.folder), str(bare))
    subprocess.run([repo.git, "-C", str(bare), "gc", "-q"], check=True, timeout=60)
    for path in (bare, bare.parent):
        evidence, _ = found_in(path)
        assert taken(evidence) == VERSIONS
        assert all(e.origin.startswith("configs.git!/2026-03-0") for e in evidence)


def test_nothing_of_the_evidence_runs_or_is_believed(repo: Repo, tmp_path: Path) -> None:
    trap, other = tmp_path / "sprung", Repo(tmp_path / "other")
    other.commit(1_772_359_200, secret=CONFIG.format(99))
    script = tmp_path / "trap.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    git = repo.folder / ".git"
    names = (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "core.gitProxy",
        "uploadpack.packObjectsHook",
    )
    repo.run("config", "diff.x.textconv", str(script))
    for name in names:
        repo.run("config", name, str(script))
    for hook in ("post-checkout", "pre-auto-gc", "reference-transaction", "post-index-change"):
        (git / "hooks").mkdir(exist_ok=True)
        (git / "hooks" / hook).write_text(script.read_text())
        (git / "hooks" / hook).chmod(0o755)
    (git / "info").mkdir(exist_ok=True)
    (git / "info" / "attributes").write_text("* diff=x filter=x\n")
    (git / "objects" / "info").mkdir(exist_ok=True)
    (git / "objects" / "info" / "alternates").write_text(f"{other.folder}/.git/objects\n")
    (git / "refs" / "heads" / "theirs").write_text(other.run("rev-parse", "HEAD") + "\n")
    (git / "refs" / "heads" / "option").write_text("--output=/tmp/x\n")
    before = {p: p.stat().st_mtime_ns for p in git.rglob("*")}
    evidence, rejects = found_in(repo.folder)
    assert taken([e for e in evidence if "!/" in e.origin]) == VERSIONS
    assert any("1 commits that are not in the repository" in r.what for r in rejects)
    assert not trap.exists()
    assert before == {p: p.stat().st_mtime_ns for p in git.rglob("*")}, "evidence is never written to"


def test_a_damaged_repository_says_so_and_gives_what_it_can(repo: Repo) -> None:
    blob = repo.run("rev-parse", "HEAD~1:pe1")
    (repo.folder / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    evidence, rejects = found_in(repo.folder)
    assert taken([e for e in evidence if "!/" in e.origin]) == VERSIONS[:1]
    assert any("not in the repository" in r.what for r in rejects)
    head = repo.run("rev-parse", "HEAD~1")
    path = repo.folder / ".git" / "objects" / head[:2] / head[2:]
    path.chmod(0o644)
    path.write_bytes(b"nonsense")
    _, rejects = found_in(repo.folder)
    assert any(r.what.startswith("git says: ") for r in rejects)


def test_bounds_end_with_one_sentence(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_history, "MAX_COMMITS", 2)
    evidence, rejects = found_in(repo.folder)
    assert taken([e for e in evidence if "!/" in e.origin]) == VERSIONS[1:]
    assert any("more than 2 commits" in r.what for r in rejects)
    monkeypatch.setattr(git_history, "MAX_BYTES", 10)
    evidence, rejects = found_in(repo.folder)
    assert not [e for e in evidence if "!/" in e.origin]
    assert any("in all versions" in r.what for r in rejects)


def test_a_repository_without_commits_is_no_fault(tmp_path: Path) -> None:
    made = Repo(tmp_path / "empty", "--bare")
    evidence, (said,) = found_in(made.folder)
    assert not evidence
    assert isinstance(said, Skipped)


def test_a_folder_that_only_looks_like_a_repository_says_why_it_is_none(tmp_path: Path) -> None:
    for name in ("objects", "refs"):
        (tmp_path / "x" / name).mkdir(parents=True)
    (tmp_path / "x" / "HEAD").write_text("f" * 40)
    _, rejects = found_in(tmp_path / "x")
    assert rejects
