"""What every test may use: a clock that stands still, and how hard property tests try.

Property tests run in three strengths, chosen with `--hypothesis-profile`: `quick` (the default), `ci` and
`soak`. `SEAWALL_FUZZ_SECONDS` repeats the property tests of each reader with new examples for that long; `FUZZ_HOURS`
shares so many hours among all of them. `FUZZ_DONE` names a file of those that passed at this commit, so that a long
run that was interrupted goes on where it stopped.
"""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings

from seawall.model.clock import FixedClock
from tools.machine import commit

# A shared machine makes single examples slow without anything being wrong: no deadline.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.register_profile("quick", _PATIENT, max_examples=50)
settings.register_profile("ci", _PATIENT, max_examples=200)
settings.register_profile("soak", _PATIENT, max_examples=5_000)
settings.load_profile("quick")

# Compiled rules are kept from test to test, but never beside the user's own.
_CACHES = tempfile.TemporaryDirectory(prefix="seawall-tests-")
os.environ["XDG_CACHE_HOME"] = _CACHES.name

_ROOT = Path(__file__).parents[1]
_READERS = Path(__file__).parent / "sources"


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at noon UTC on a day in November 2026."""
    return FixedClock(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def kills() -> int:
    """How often a test kills its subject: 5 every day, 25 in `.ci/run`, 1,000 in `make soak` (`SEAWALL_KILLS`)."""
    return int(os.environ.get("SEAWALL_KILLS", "5"))


# Files of minutes: begun first, so that none of them is what one process still does when all others are done.
_LONG = (
    "test_two_engines.py",
    "test_mixed_hunt.py",
    "test_explain_corpus.py",
    "test_public_corpus.py",
    "test_synthetic_replay.py",
    "test_vaulted_hunt.py",
    "test_replays.py",
    "test_hunt.py",
    "test_kills.py",
    "test_findings.py",
    "test_terminal.py",
    "test_ledger.py",
    "test_agreement.py",
    "test_showing.py",
    "test_workers.py",
    "test_pipeline.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the property tests of readers as `fuzz`; leave the full figures to `make soak`; the long files first."""
    items.sort(key=lambda item: _LONG.index(item.path.name) if item.path.name in _LONG else len(_LONG))
    soak = bool(os.environ.get("SEAWALL_SOAK"))
    done = _done()
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj) and _READERS in item.path.parents:
            item.add_marker("fuzz")
            if item.nodeid in done:
                item.add_marker(pytest.mark.skip(reason="fuzzed at this commit already"))
        if item.get_closest_marker("soak") and not soak:
            item.add_marker(pytest.mark.skip(reason="full figures: run `make soak`"))


def _done() -> set[str]:
    """The tests a long run has behind it at this commit."""
    path = Path(os.environ.get("FUZZ_DONE", ""))
    if not path.is_file():
        return set()
    at_commit, *names = path.read_text(encoding="utf-8").splitlines() or [""]
    return set(names) if at_commit == commit(_ROOT) and not at_commit.endswith("+") else set()


def _note_done(nodeid: str) -> None:
    path, head = Path(os.environ["FUZZ_DONE"]), commit(_ROOT) + "\n"
    if not path.is_file() or not path.read_text(encoding="utf-8").startswith(head):
        path.write_text(head, encoding="utf-8")
    with path.open("a", encoding="utf-8") as file:  # one short write: two processes may note at once
        file.write(nodeid + "\n")


@functools.cache
def _reader(path: Path) -> Path | None:
    """The reader a test file tries: a folder of files is one, but each container and each intercept format is its own.

    None for the helpers of readers: their property tests run once, and their readers' tests reach them too.
    """
    place = path.relative_to(_READERS)
    if len(place.parts) > 1:
        return path if place.parts[0] in ("containers", "intercepts") else path.parent
    module = _ROOT / "src" / "seawall" / "sources" / place.name.removeprefix("test_")
    return path if module.is_file() and "\nSOURCE: Final" in module.read_text(encoding="utf-8") else None


def _seconds_for(test: pytest.Function) -> float:
    """How long this property test of a reader is repeated: a reader's tests share its time."""
    hours = os.environ.get("FUZZ_HOURS")
    fuzzes = [item for item in test.session.items if item.get_closest_marker("fuzz")]
    if hours is None:
        if (reader := _reader(test.path)) is None:
            return 0.0
        of_reader = sum(1 for item in fuzzes if _reader(item.path) == reader)
        return float(os.environ.get("SEAWALL_FUZZ_SECONDS", "0")) / max(1, of_reader)
    fuzzed = len(fuzzes)
    at_once = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    return float(hours) * 3_600 * at_once / max(1, fuzzed)


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Repeat a `fuzz` test with new examples until its share of `SEAWALL_FUZZ_SECONDS` has passed."""
    began = time.monotonic()
    result = yield
    if pyfuncitem.get_closest_marker("fuzz"):
        ends = began + _seconds_for(pyfuncitem)
        arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
        while time.monotonic() < ends:
            pyfuncitem.obj(**arguments)
        if os.environ.get("FUZZ_DONE"):
            _note_done(pyfuncitem.nodeid)
    return result
