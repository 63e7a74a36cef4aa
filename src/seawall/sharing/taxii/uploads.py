"""What becomes of an upload: the status resource of TAXII 2.1 (4.3.1). Everything is done before the answer leaves."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seawall.model.clock import Clock
from seawall.sharing.taxii.adding import Kept
from seawall.sharing.taxii.moments import added_text, micros_of


@dataclass(frozen=True, slots=True)
class Upload:
    """Whose it is, and what was refused before anything was kept."""

    id: str
    root: str
    user: str
    asked: str  # when, as the status resource writes it
    failures: tuple[Mapping[str, str], ...]
    days: int  # how long it can be asked for

    def document(self, kept: Sequence[Kept]) -> str:
        """The status resource, JSON in ASCII; lists that are empty are left out."""
        resource: dict[str, Any] = {
            "id": self.id,
            "status": "complete",
            "request_timestamp": self.asked,
            "total_count": len(kept) + len(self.failures),
            "success_count": len(kept),
            "successes": [_success(one) for one in kept],
            "failure_count": len(self.failures),
            "failures": list(self.failures),
            "pending_count": 0,
        }
        return json.dumps({name: value for name, value in resource.items() if value != []})


def new_upload(root: str, user: str, clock: Clock, failures: Iterable[Mapping[str, str]], days: int) -> Upload:
    """An upload that is being taken now."""
    return Upload(str(uuid.uuid4()), root, user, added_text(micros_of(clock.now())), tuple(failures), days)


def _success(kept: Kept) -> dict[str, str]:
    told = {"id": kept.id, "version": kept.version}
    if not kept.new:
        told["message"] = "there already, with other content, which was kept" if kept.differs else "there already"
    return told
