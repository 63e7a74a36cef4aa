"""What somebody just changed on a device, judged by what it does: an intruder's move or an operator's.

`compare` gives the differences of two snapshots, `judge` their effects, `tell` the findings.
"""

from __future__ import annotations

from seawall.detect.audit.changes.difference import Difference, compare
from seawall.detect.audit.changes.effects import Effect, judge
from seawall.detect.audit.changes.snapshots import Snapshot, snapshots_in
from seawall.detect.audit.changes.telling import tell

__all__ = ["Difference", "Effect", "Snapshot", "compare", "judge", "snapshots_in", "tell"]
