"""How long a page of 100 takes out of 100,000 objects, by a real server process over HTTP, quiet and under writers.

Every page is an entry of the ledger, on the disk before the answer leaves; that is part of what is measured.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import httpx

from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from seawall.sharing.taxii.marks import light_of
from seawall.sharing.taxii.objects import check
from seawall.sharing.taxii.store import Store
from seawall.state import open_engine

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.sharing.taxii.serving import HEADERS, identity

COUNT, LIMIT, WRITERS, EACH = 100_000, 100, 2, 500
COLLECTION = "8a1b7c3e-4f52-4d6a-9b0e-2c5d7e9f1a01"
PLACE = "/api/collections/read-write"


def indicator(number: int) -> dict[str, Any]:
    """An indicator of ordinary size (about 500 octets); one in a hundred is an identity."""
    if number % 100 == 0:
        return identity(number)
    return {
        **{key: value for key, value in identity(number).items() if key != "name"},
        "type": "indicator",
        "id": identity(number)["id"].replace("identity", "indicator"),
        "name": f"Command and control {number}",
        "pattern": f"[ipv4-addr:value = '198.51.{number // 250 % 250}.{number % 250}']",
        "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z",
        "indicator_types": ["malicious-activity"],
        "external_references": [{"source_name": "carrier", "external_id": f"{number:012}"}],
    }


def fill(case: Path) -> float:
    """Objects a second, checked and kept, of this process's CPU time."""
    store = Store(open_engine(open_case(case, SystemClock()).state_url), SystemClock())
    store.make([COLLECTION])
    began, light = time.process_time(), light_of("amber")
    for first in range(0, COUNT, 5_000):
        store.add(COLLECTION, [check(indicator(number), light_of=light) for number in range(first, first + 5_000)])
    return COUNT / (time.process_time() - began)


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    text = resources.files("seawall").joinpath("content", "examples", "taxii.toml").read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:6100", "127.0.0.1:0").replace("[taxii]\n", "[taxii]\nrequests_per_minute = 0\n")
    (folder / "taxii.toml").write_text(text)
    command = [sys.executable, "-m", "seawall", "serve", "--taxii-only", "--config", str(folder / "taxii.toml")]
    server = subprocess.Popen(
        [*command, "--case", str(folder / "case")], stderr=subprocess.PIPE, text=True, env=os.environ
    )
    try:
        assert server.stderr is not None
        found = re.search(r"http://[\d.:]+", server.stderr.readline())
        assert found
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=60)


def client(url: str) -> httpx.Client:
    auth = ("analyst", "analyst-test-password")
    return httpx.Client(base_url=url, auth=auth, headers=HEADERS, timeout=60, trust_env=False)


def walk(url: str, endpoint: str, **params: str) -> tuple[list[float], list[str]]:
    """Milliseconds of each page, and the ids seen."""
    took, seen = list[float](), list[str]()
    asked = {"limit": str(LIMIT), **params}
    with client(url) as http:
        http.get("/taxii2/")
        while True:
            began = time.perf_counter()
            answer = http.get(f"{PLACE}/{endpoint}/", params=asked)
            took.append((time.perf_counter() - began) * 1_000)
            page = answer.raise_for_status().json()
            seen += [one["id"] for one in page.get("objects", [])]
            if not page.get("more"):
                return took, seen
            asked["next"] = page["next"]


def write(url: str, start: int) -> None:
    with client(url) as http:
        for first in range(0, EACH, 10):
            some = [indicator(start + number) for number in range(first, first + 10)]
            http.post(f"{PLACE}/objects/", content=json.dumps({"objects": some})).raise_for_status()


def figures(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {
        "pages": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2], 1),
        "p95_ms": round(ordered[int(len(ordered) * 0.95)], 1),
        "max_ms": round(ordered[-1], 1),
    }


def main() -> None:
    """Print one JSON line."""
    told: dict[str, Any] = {"bench": "pages of a TAXII collection", "of": COUNT, "limit": LIMIT}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told["kept_per_cpu_second"] = round(fill(folder / "case"))
        with serving(folder) as url:
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            for endpoint in ("objects", "manifest"):
                took, seen = walk(url, endpoint)
                assert len(seen) == len(set(seen)) == COUNT
                told[endpoint] = figures(took)
            took, seen = walk(url, "objects", **{"match[type]": "identity"})
            assert len(seen) == COUNT // 100
            told["objects of a rare type"] = figures(took)
            writers = [
                threading.Thread(target=write, args=(url, COUNT + number * EACH + 1_000)) for number in range(WRITERS)
            ]
            for writer in writers:
                writer.start()
            took, seen = walk(url, "objects")
            for writer in writers:
                writer.join()
            assert len(seen) == len(set(seen)) >= COUNT
            told[f"objects while {WRITERS} write {WRITERS * EACH} more"] = figures(took)
        told["server_cpu_s"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, 1)
    told["date"] = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    told["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(json.dumps(told))


if __name__ == "__main__":
    main()
