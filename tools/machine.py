"""Where and on what a figure was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path


def _first_value(path: str, key: str) -> str:
    """The value of the first `key : value` line of a file under /proc; `unknown` where there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown"
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "unknown")


def commit(root: Path) -> str:
    """The commit checked out below `root`, with `+` where files differ from it; `unknown` outside git.

    Pages of evidence do not count: writing one must not change what the next one says.
    """
    try:
        head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True)
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--", ".", ":!docs/evidence"], cwd=root, capture_output=True, text=True
        )
    except FileNotFoundError:
        return "unknown"
    if head.returncode:
        return "unknown"
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def describe(root: Path) -> dict[str, str]:
    """Commit, date (UTC) and machine, in the order a page prints them."""
    memory_kb = _first_value("/proc/meminfo", "MemTotal").split()[0]
    memory = f"{int(memory_kb) / 2**20:.0f} GiB" if memory_kb.isdigit() else "unknown"
    return {
        "commit": commit(root),
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": f"{_first_value('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": memory,
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    }
