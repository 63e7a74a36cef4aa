"""A session on a Spark cluster, with the settings under which Spark means what DuckDB means."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from seawall.errors import PeerError, UsageError

ROWS: Final = 50_000  # rows an executor's Python gets at a time: bounds its memory with hundreds of columns

ENDS_WITHIN_S: Final = 60
_MASTERS: Final = re.compile(r"local(\[.+\])?|yarn|(spark|k8s)://.+")

# Each differs from Spark's own default, and each difference would change an answer or a type.
MEANING: Final[Mapping[str, str]] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",  # the lake tells its columns apart itself
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "false",
    "spark.sql.legacy.parquet.nanosAsLong": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS),
    "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
}
_CALM: Final[Mapping[str, str]] = {
    "spark.ui.enabled": "false",  # a hunt opens no door
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@contextmanager
def session(master: str, options: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A Spark session on `master` (`spark://host:7077`, `yarn`, `k8s://…`, `local[2]`), stopped on leaving.

    `options` are Spark's own settings and win over ours, except those that decide what a query means. A session
    that already runs in this process is used as it stands, and left running.

    Raises:
        UsageError: the extra `spark` or Java is not installed.
        PeerError: the cluster cannot be reached.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError(
            "the Spark engine is not installed", mend="make spark, or: pip install seawall[spark]"
        ) from None
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)  # it prints what we raise, as pages of JSON
    running = SparkSession.getActiveSession()
    made = running or _started(SparkSession.builder, master, options or {})
    for name, value in MEANING.items():
        made.conf.set(name, value)
    try:
        yield made
    finally:
        if running is None:
            made.stop()
            _end_java()


def _started(builder: Any, master: str, options: Mapping[str, str]) -> Any:
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise UsageError("Spark needs Java 17 or newer", mend="make system-deps, or install a Java runtime")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    if here := _driver(master):
        os.environ.setdefault("SPARK_LOCAL_IP", here["spark.driver.host"])
    if not _MASTERS.fullmatch(master):  # Spark's launcher would die with a page of Java, and leave its pipe open
        raise PeerError(
            f"Spark knows no master called {master}",
            where="--master",
            mend="spark://host:7077, yarn, k8s://… or local[2]",
        )
    settings = {**_CALM, **_driver(master), **options, **MEANING}
    made = builder.master(master).appName("seawall hunt")
    for name, value in settings.items():
        made = made.config(name, value)
    try:
        return made.getOrCreate()
    except Exception as error:
        said = _first_line(error)  # asked of Java
        _end_java()
        raise PeerError(
            f"no session on {master}: {said}",
            where="--master",
            mend="check the address, that the master runs, and that workers can reach this host",
        ) from error


def _end_java() -> None:
    """End the Java process behind a session that is no more: PySpark would leave it and its pipe to chance."""
    from pyspark import SparkContext

    gateway = SparkContext._gateway
    if gateway is None:
        return
    SparkContext._gateway = SparkContext._jvm = None
    gateway.shutdown()
    process = getattr(gateway, "proc", None)  # absent where PySpark was started from the Java side
    if process is not None:
        process.stdin.close()  # the process ends with it
        process.wait(ENDS_WITHIN_S)


def _driver(master: str) -> dict[str, str]:
    """Where executors find this process: on loopback if the cluster is."""
    host = master.removeprefix("spark://").partition(":")[0]
    if master.startswith("local") or host in ("127.0.0.1", "localhost"):
        return {"spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1"}
    return {}


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0][:300]
