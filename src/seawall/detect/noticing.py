"""The part of a hunt that may run anywhere: rules put to one batch of events, without memory and without the site.

`Noticing` goes from Arrow batch to Arrow batch and pickles, so threads and processes here and the workers of a
cluster run the very same thing. What is told of the rows it notices is worked out where the hunt runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa

from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.plan import Plan
from seawall.detect.tables import recent

RULE: Final = "rule"  # the column that says which rule of the plan noticed the row


@dataclass(frozen=True)
class Noticing:
    """A plan, and the columns kept of the rows it notices."""

    plan: Plan
    kept: tuple[str, ...]
    since: datetime | None = None  # UTC; rows before it are not looked at

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows noticed, once for each rule that notices them: `rule` first, then the kept columns."""
        looked_at = recent(batch, self.since)
        pairs = match(looked_at, self.plan)
        rows = looked_at.select(list(self.kept)).take(pairs.column("row"))
        arrays = [pairs.column("rule"), *rows.columns]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema(batch.schema))

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the answer to batches of this schema."""
        return pa.schema([pa.field(RULE, pa.int32()), *(given.field(name) for name in self.kept)])
