"""A git repository of configurations, polled: kept as a mirror of our own, handed over when it has something new.

Only `git fetch` talks to it. Reading versions is the business of `sources.git_history`, which trusts a repository in
nothing; what is handed over is a copy of the mirror whose files are links.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from seawall.errors import PeerError
from seawall.model.serving import GitSettings

TIMEOUT_S: Final = 600.0


def mirror_of(folder: Path, settings: GitSettings) -> Path:
    """Where the mirror of a repository is kept."""
    name = Path(settings.url.rstrip("/").rpartition("/")[2]).name.removesuffix(".git") or "repository"
    name = "".join(c if c.isalnum() or c in "-_." else "_" for c in name)[:60]
    return folder / f"{name}-{hashlib.sha256(settings.url.encode()).hexdigest()[:8]}.git"


def fetch(mirror: Path, settings: GitSettings) -> str:
    """Bring the mirror up to date; what its references say now, as a digest.

    Raises:
        PeerError: git is not installed, or cannot reach or read the repository.
    """
    if not (mirror / "HEAD").is_file():
        shutil.rmtree(mirror, ignore_errors=True)
        mirror.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _git(["init", "--quiet", "--bare", str(mirror)], settings.url)
    branch = settings.branch or "*"
    refs = f"+refs/heads/{branch}:refs/heads/{branch}"
    _git(["-C", str(mirror), "fetch", "--quiet", "--prune", "--no-tags", "--", settings.url, refs], settings.url)
    said = _git(["-C", str(mirror), "for-each-ref", "--format=%(objectname) %(refname)"], settings.url)
    first = said.split(b"\n")[0].partition(b" ")[2].decode("utf-8", "replace")
    if first:
        _git(["-C", str(mirror), "symbolic-ref", "HEAD", first], settings.url)
    return hashlib.sha256(said).hexdigest() if said.strip() else ""


def hand_over(mirror: Path, target: Path) -> None:
    """Make a copy of the mirror at `target` that costs no room. Raises OSError if it cannot be made."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(mirror, partial, copy_function=_linked, ignore=shutil.ignore_patterns("hooks", "*.lock", "tmp_*"))
    partial.rename(target)


def _linked(source: str, target: str) -> None:
    """Objects never change, so a link does; references do."""
    if f"{os.sep}objects{os.sep}" in source:
        os.link(source, target)
    else:
        shutil.copyfile(source, target)


def _git(arguments: list[str], where: str) -> bytes:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": "file:git:http:https:ssh",
        "GIT_CONFIG_NOSYSTEM": "1",
        **{name: value for name, value in os.environ.items() if name in ("SSH_AUTH_SOCK", "GIT_SSH_COMMAND")},
    }
    safe = ["-c", "core.hooksPath=/dev/null", "-c", "protocol.ext.allow=never", "-c", "safe.directory=*"]
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the address follows `--`
            ["git", *safe, *arguments],  # noqa: S607 - git of the system
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise PeerError("git is not installed", where=where, mend="install git") from None
    except subprocess.TimeoutExpired:
        raise PeerError(f"git did not end within {TIMEOUT_S:g} s", where=where, mend="see whether it answers") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise PeerError(
            f"git cannot read it: {lines[-1][:300]}",
            where=where,
            mend="try: git ls-remote on it, as the user of the service",
        )
    return done.stdout
