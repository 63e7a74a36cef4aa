"""The full figures: long fuzzing, 1,000 kills, every benchmark. Hours, not minutes.

Each topic writes `docs/evidence/<topic>.md` when it ends. A topic whose page names the commit that is checked out is
not run again, so an interrupted soak goes on where it stopped; `make soak ARGS=--again` starts over, and
`make soak ARGS=ledger` runs the topics named alone. Fuzzing goes on with the readers
that were not yet done at this commit (`.fuzz-done`).
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tools.machine import commit, describe

ROOT: Final = Path(__file__).parents[1]
EVIDENCE: Final = ROOT / "docs" / "evidence"
TAIL_LINES: Final = 60  # of a topic's output, kept on its page
_RESULTS: Final = {0: "passed", 5: "nothing to run"}  # pytest's exit codes; anything else failed


@dataclass(frozen=True, slots=True)
class Topic:
    """One long run and the page it writes."""

    name: str
    title: str
    command: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)


_PYTEST: Final = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
TOPICS: Final[tuple[Topic, ...]] = (
    Topic(
        "kills",
        "Killed at write boundaries, 1,000 times",
        (*_PYTEST, "--ignore=tests/ledger", "-k", "kill", "tests"),
        {"SEAWALL_KILLS": "1000"},
    ),
    Topic("ledger", "The ledger: a proof out of ten million entries", ("benchmarks/bench_ledger.py", "10_000_000")),
    Topic(
        "ledger-kills",
        "The ledger's writer, killed at write boundaries 1,000 times",
        (*_PYTEST, "-k", "kill", "tests/ledger"),
        {"SEAWALL_KILLS": "1000"},
    ),
    Topic("long", "Tests too long for every day", (*_PYTEST, "-m", "soak", "-k", "not kill", "tests")),
    Topic(
        "intake",
        "New examples for every reader of evidence: one hour shared by all, or FUZZ_HOURS",
        # Few examples at a time: what bounds the run is the share of the hours, which is filled with new ones.
        (*_PYTEST, "-n", "2", "-m", "fuzz", "--hypothesis-profile=ci", "--durations=20", "tests/sources"),
        {"FUZZ_HOURS": os.environ.get("FUZZ_HOURS", "1"), "FUZZ_DONE": ".fuzz-done"},
    ),
    Topic(
        "noise-run", "False alarms in an ordinary month (the figures stand on the page `noise`)", ("-m", "tools.noise")
    ),
    Topic("figures", "Speed and memory", ("-m", "tools.bench")),
)


def is_done(page: Path, at_commit: str) -> bool:
    """Whether a page holds the passed result of this very commit; a changed checkout is never done."""
    if at_commit.endswith("+") or not page.is_file():
        return False
    text = page.read_text(encoding="utf-8")
    return f"| commit | {at_commit} |" in text and "| result | passed |" in text


def write_page(page: Path, topic: Topic, facts: dict[str, str], output: list[str]) -> None:
    """Write what was run, where, and what came out (its last lines)."""
    rows = "\n".join(f"| {key} | {value} |" for key, value in facts.items())
    left_out = max(0, len(output) - TAIL_LINES)
    note = f"({left_out} earlier lines left out)\n" if left_out else ""
    said = "\n".join(output[-TAIL_LINES:])
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(f"# {topic.title}\n\n| | |\n|---|---|\n{rows}\n\n```text\n{note}{said}\n```\n", encoding="utf-8")


def run(topic: Topic, seed: str) -> bool:
    """Run one topic, show its lines as they come, write its page; whether it passed."""
    command = [sys.executable, *topic.command]
    settings = {**topic.settings, "SEAWALL_SOAK": "1", "SEAWALL_SEED": seed}
    began, output = time.monotonic(), []
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            output.append(line.rstrip().replace(str(ROOT), "."))
    result = _RESULTS.get(process.returncode, "FAILED")
    facts = describe(ROOT) | {
        "seed": seed,
        "command": " ".join([*(f"{k}={v}" for k, v in topic.settings.items()), "python", *topic.command]),
        "took": f"{time.monotonic() - began:.0f} s",
        "result": result,
    }
    write_page(EVIDENCE / f"{topic.name}.md", topic, facts, output)
    return result != "FAILED"


def main(arguments: list[str]) -> int:
    """Run every topic that this commit has not passed yet; returns the exit code."""
    at_commit = commit(ROOT)
    seed = os.environ.get("SEAWALL_SEED") or str(secrets.randbelow(2**31))
    results = {}
    named = [argument for argument in arguments if not argument.startswith("-")]
    for topic in TOPICS:
        if named and topic.name not in named:
            continue
        page = EVIDENCE / f"{topic.name}.md"
        if "--again" not in arguments and is_done(page, at_commit):
            print(f"{topic.name}: passed at this commit already, see {page.relative_to(ROOT)}")
            continue
        print(f"{topic.name}: {topic.title}", flush=True)
        results[topic.name] = run(topic, seed)
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
