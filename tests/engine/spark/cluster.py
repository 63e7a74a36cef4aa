"""A real standalone Spark cluster on loopback: one master, two workers, each a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

STARTS_WITHIN_S = 120
# Java compiles little and collects in one thread: these processes live for minutes and share two cores.
SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def installed() -> None:
    """Skip the running test unless Spark and Java are here, naming the command that brings them."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        pytest.skip("Spark is not installed: make spark")
    if not shutil.which("java"):
        pytest.skip("Java is not installed: make system-deps")


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    """The address of a cluster's master, once both workers are with it; all its processes end on leaving."""
    import pyspark

    spark_class = Path(pyspark.__file__).parent / "bin" / "spark-class"
    port, ui = _free_port(), _free_port()
    master = f"spark://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_DAEMON_MEMORY": "512m",
        "SPARK_DAEMON_JAVA_OPTS": SHORT_LIVED,
    }
    deploy = "org.apache.spark.deploy"
    commands = [
        [f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(ui)],
        *(
            [f"{deploy}.worker.Worker", "--host", "127.0.0.1", "-c", "1", "-m", "2g", "--webui-port", "0", master]
            for _ in range(2)
        ),
    ]
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            log = stack.enter_context((folder / f"{number}.log").open("wb"))
            process = subprocess.Popen(
                [str(spark_class), *command], env=environment, stdout=log, stderr=log, cwd=folder
            )
            stack.callback(_end, process)
        _wait_for_workers(ui, folder)
        yield master


def _wait_for_workers(ui: int, folder: Path) -> None:
    ends = time.monotonic() + STARTS_WITHIN_S
    said = b""
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{ui}/json/", timeout=5) as answer:
                said = answer.read()
            if said.replace(b" ", b"").count(b'"state":"ALIVE"') >= 2:
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        threading.Event().wait(0.25)
    logs = "\n".join(path.read_text(errors="replace")[-1_000:] for path in sorted(folder.glob("*.log")))
    raise AssertionError(f"the cluster did not come up: {said[:300]!r}\n{logs}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
