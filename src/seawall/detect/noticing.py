"""The part of a hunt that may run anywhere: rules put to one batch of events, without memory and without the site.

`Noticing` goes from Arrow batch to Arrow batch and pickles, so threads and processes here and the workers of a
cluster run the very same thing. What is told of the rows it notices is worked out where the hunt runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa

from seawall.detect.sigma.batches import rows_of
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.plan import Plan
from seawall.detect.tables import earlier, recent
from seawall.engine.gathered import Gathered

RULE: Final = "rule"  # the column that says which rule of the plan noticed the row


@dataclass(frozen=True)
class Noticing:
    """A plan, and the columns kept of the rows it notices."""

    plan: Plan
    kept: tuple[str, ...]
    since: datetime | None = None  # UTC; rows before it are not looked at
    before: Plan | None = None  # except by these rules of the plan: what they notice may have gone on after it
    asking: str = "rules"  # or "indicators": who asks, for `remembering`

    @property
    def takes_gathered(self) -> bool:
        """Whether it may be given `Gathered` batches: it never divides a batch."""
        return self.since is None

    def __call__(self, batch: pa.RecordBatch | Gathered) -> pa.RecordBatch:
        """The rows noticed, once for each rule that notices them: `rule` first, then the kept columns."""
        if isinstance(batch, Gathered):
            return self._noticed(batch, self.plan)
        found = [self._noticed(recent(batch, self.since), self.plan)]
        if self.since is not None and self.before is not None:
            found.append(self._noticed(earlier(batch, self.since), self.before))
        both = pa.Table.from_batches(found).combine_chunks().to_batches()
        return both[0] if both else found[0]

    def _noticed(self, batch: pa.RecordBatch | Gathered, plan: Plan) -> pa.RecordBatch:
        pairs = match(batch, plan)
        rows = rows_of(batch, self.kept, pairs.column("row").to_numpy())
        return pa.RecordBatch.from_arrays([pairs.column("rule"), *rows.columns], schema=self.schema(batch.schema))

    def schema(self, given: pa.Schema) -> pa.Schema:
        """The columns of the answer to batches of this schema."""
        return pa.schema([pa.field(RULE, pa.int32()), *(given.field(name) for name in self.kept)])
