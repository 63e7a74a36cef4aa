"""Run the benchmarks one after another (never side by side) and print their figures with machine and date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from tools.machine import describe

ROOT: Final = Path(__file__).parents[1]


def topics(wanted: list[str]) -> list[Path]:
    """The benchmark files, all or those named. Raises SystemExit for a name that is none."""
    found = {path.stem.removeprefix("bench_"): path for path in sorted((ROOT / "benchmarks").glob("bench_*.py"))}
    unknown = [name for name in wanted if name not in found]
    if unknown:
        raise SystemExit(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(found)}")
    return [path for name, path in found.items() if not wanted or name in wanted]


def main(arguments: list[str]) -> int:
    """Run the benchmarks named (all without names); returns the exit code."""
    for key, value in describe(ROOT).items():
        print(f"{key:10} {value}")
    failed = []
    for path in topics(arguments):
        print(f"\n## {path.stem.removeprefix('bench_')}", flush=True)
        if subprocess.run([sys.executable, str(path)], cwd=ROOT).returncode:
            failed.append(path.name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
