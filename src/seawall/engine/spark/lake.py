"""A case's lake as a cluster sees it: the same parts, the same kinds, the same views.

Executors read the Parquet parts themselves, so the parts must lie where all of them can: a shared file system, or an
object store the folder `lake/parts` is copied to (`--parts`). Rules run on them through `mapInArrow`; only what they
notice comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from seawall.engine import snapshot, view_sql, views
from seawall.engine.columns import ARROW
from seawall.engine.manifest import Manifest, Part
from seawall.engine.spark.dialect import for_spark
from seawall.engine.spark.session import MEANING, ROWS
from seawall.engine.upgrades import UPGRADES
from seawall.errors import InputError, PeerError
from seawall.model.events import ColumnType
from seawall.model.site import Site

if TYPE_CHECKING:
    from seawall.engine.lake import Lake
    from seawall.engine.spark.ibis_spark import SparkBackend

_WORDS: dict[ColumnType, str] = {
    "id": "BINARY",
    "time": "TIMESTAMP",
    "text": "STRING",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
}


class SparkLake:
    """The events of one case on a cluster. It reads one snapshot and never writes."""

    def __init__(self, lake: Lake, session: Any, parts: str = "") -> None:
        """`lake` is the case's own, `session` one of `session.session`.

        `parts` is where executors find the files of `lake/parts` (`s3a://bucket/case/parts`); default: the same path.
        """
        # A session of its own on the same cluster: the names of its views are nobody else's.
        self._session = session.newSession()
        for name, value in MEANING.items():
            self._session.conf.set(name, value)
        self._manifest: Manifest = lake.hold()
        self._parts = (parts or (lake.folder / "parts").as_uri()).rstrip("/")
        self._site: Site | None = None

    def ibis(self, site: Site = Site()) -> SparkBackend:  # noqa: B008 - immutable
        """An Ibis back end over the views."""
        from seawall.engine.spark.ibis_spark import backend

        names = self._create(site)
        return backend(self._session, names)

    def batches(
        self,
        view: str,
        *,
        columns: Sequence[str] | None = None,
        site: Site = Site(),  # noqa: B008
        rows: int = 100_000,
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a view, brought here whole: for small kinds, such as indicators.

        Raises:
            InputError: there is no such view or column.
            PeerError: the cluster gave up.
        """
        frame = self._frame(view, columns, site)
        yield from self._collected(frame, view).to_batches(max_chunksize=rows)

    def mapped(
        self,
        view: str,
        task: Any,
        *,
        columns: Sequence[str],
        site: Site = Site(),  # noqa: B008
        rows: int = ROWS,
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """What `task` makes of each batch of a view, on the executors; then how many rows they read.

        Raises:
            InputError: there is no such view or column.
            PeerError: the cluster gave up.
        """
        frame = self._frame(view, columns, site)
        counter = self._session.sparkContext.accumulator(0)
        given = _arrow_schema(frame)
        worker = _Worker(task, given, counter)
        found = self._collected(frame.mapInArrow(worker, _ddl(task.schema(given))), view)
        for batch in found.cast(task.schema(given)).to_batches(max_chunksize=rows):
            yield 0, batch
        yield counter.value, pa.RecordBatch.from_pylist([], schema=task.schema(given))

    def _frame(self, view: str, columns: Sequence[str] | None, site: Site) -> Any:
        from pyspark.errors import AnalysisException

        self._create(site)
        try:
            frame = self._session.table(f"`{view}`")
            return frame if columns is None else frame.select([f"`{name.replace('`', '``')}`" for name in columns])
        except AnalysisException as error:
            raise InputError(str(error).splitlines()[0], where=view, mend="see docs/reference for views") from error

    @staticmethod
    def _collected(frame: Any, view: str) -> pa.Table:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            return frame.toArrow()
        except (PySparkException, Py4JError) as error:
            raise PeerError(
                f"the cluster gave up: {str(error).strip().splitlines()[0][:300]}",
                where=view,
                mend="read the executor's log; give it more memory, or narrow the rules",
            ) from error

    def _create(self, site: Site) -> list[str]:
        """The views of this site, made anew where the site is another; returns the names of all views."""
        known = {
            kind: dict(snapshot.kind_columns(self._manifest, kind, UPGRADES))
            for kind in snapshot.kind_names(self._manifest)
        }
        names = [*known, *(view.name for view in views.VIEWS)]
        if self._site == site:
            return names
        if self._site is None:
            for kind, columns in known.items():
                self._kind(kind, columns).createOrReplaceTempView(f"`{kind}`")
        for table, rows in views.site_tables(site).items():
            self._session.createDataFrame(rows).createOrReplaceTempView(table)
        for view in views.VIEWS:
            made = self._session.sql(for_spark(view_sql.select_for(view, known)))
            made.createOrReplaceTempView(f"`{view.name}`")
        self._site = site
        return names

    def _kind(self, kind: str, columns: Mapping[str, ColumnType]) -> Any:
        """The rows of a kind: parts of one shape are read together, and all have the kind's columns."""
        parts = sorted(self._manifest.of_kind(kind), key=lambda part: (part.schema, repr(part.shape)))
        shapes = [list(alike) for _, alike in groupby(parts, key=lambda part: (part.schema, part.shape))]
        frames = [self._alike(alike, columns) for alike in shapes]
        return reduce(lambda one, two: one.unionByName(two), frames) if frames else self._nothing(columns)

    def _nothing(self, columns: Mapping[str, ColumnType]) -> Any:
        """No rows. As a query that Spark folds away: rows handed over from here cost a Python process a partition."""
        items = [f"CAST(NULL AS {_WORDS[word]}) AS {_tick(name)}" for name, word in columns.items()]
        return self._session.range(0).selectExpr(*items)

    def _alike(self, parts: list[Part], columns: Mapping[str, ColumnType]) -> Any:
        there = dict(parts[0].shape)
        # The manifest knows the columns: asking every file again would be a job of the cluster per part.
        read = self._session.read.schema(_ddl_of(there)).parquet(*(f"{self._parts}/{part.name}" for part in parts))
        items = [
            f"CAST({_tick(name)} AS {_WORDS[word]}) AS {_tick(name)}"
            if name in there
            else f"CAST(NULL AS {_WORDS[word]}) AS {_tick(name)}"
            for name, word in columns.items()
        ]
        return read.selectExpr(*items)


class _Worker:
    """What an executor runs: the task, batch by batch."""

    def __init__(self, task: Any, given: pa.Schema, counter: Any) -> None:
        self._task, self._given, self._counter = task, given, counter

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            self._counter.add(batch.num_rows)
            arrays = [column.cast(field.type) for column, field in zip(batch.columns, self._given, strict=True)]
            yield self._task(pa.RecordBatch.from_arrays(arrays, schema=self._given))


def _arrow_schema(frame: Any) -> pa.Schema:
    """The columns of a frame as the lake's own types."""
    words = {made: word for word, made in _WORDS.items()}
    names = {"bigint": "BIGINT", "double": "DOUBLE", "string": "STRING", "timestamp": "TIMESTAMP"}
    names |= {"boolean": "BOOLEAN", "binary": "BINARY"}
    return pa.schema(
        [pa.field(name, pa.binary() if kind == "binary" else ARROW[words[names[kind]]]) for name, kind in frame.dtypes]
    )


def _ddl(schema: pa.Schema) -> str:
    """The columns of a schema as Spark writes them."""
    words = {pa.int32(): "INT", pa.binary(): "BINARY"} | {ARROW[w]: s for w, s in _WORDS.items() if w != "id"}
    return ", ".join(f"{_tick(field.name)} {words[field.type]}" for field in schema)


def _ddl_of(columns: Mapping[str, ColumnType]) -> str:
    return ", ".join(f"{_tick(name)} {_WORDS[word]}" for name, word in columns.items())


def _tick(name: str) -> str:
    """A column's name as Spark quotes it; evidence can name columns."""
    return "`" + name.replace("`", "``") + "`"
