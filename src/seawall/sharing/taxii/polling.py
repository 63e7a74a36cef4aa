"""How far others' collections were read, kept in the state database: a poll goes on where the last one ended.

A walk is saved after its objects were kept, never before: a crash between the two gives some objects again, which are
known by id and version, and loses none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping

from sqlalchemy import delete

from seawall.model.clock import Clock
from seawall.sharing.taxii.client import Batch, Client, Place, Walk
from seawall.sharing.taxii.moments import micros_of
from seawall.state.store import State
from seawall.state.taxii_tables import TaxiiPollRow


class Polls:
    """Where each walk stands."""

    def __init__(self, state: State, clock: Clock) -> None:
        self._state, self._clock = state, clock

    def walk(self, place: Place, match: Mapping[str, str] | None = None) -> Walk:
        """Where the walk through a collection stands; at the beginning, if there was none."""
        with self._state.session() as session:
            row = session.get(TaxiiPollRow, _id(place, match))
            return Walk(row.added_after, row.next, row.newest) if row else Walk()

    def save(self, place: Place, walk: Walk, match: Mapping[str, str] | None = None) -> None:
        """Note where a walk stands."""
        polled = micros_of(self._clock.now())
        values = {"added_after": walk.added_after, "next": walk.next, "newest": walk.newest, "polled": polled}
        with self._state.session() as session:
            session.merge(TaxiiPollRow(id=_id(place, match), **values))

    def forget(self, place: Place, match: Mapping[str, str] | None = None) -> None:
        """Begin at the beginning next time."""
        with self._state.session() as session:
            session.execute(delete(TaxiiPollRow).where(TaxiiPollRow.id == _id(place, match)))


def subscribe(
    client: Client,
    place: Place,
    polls: Polls,
    keep: Callable[[Batch], None],
    *,
    limit: int = 0,
    match: Mapping[str, str] | None = None,
) -> int:
    """Read what is new in a collection; `keep` is given each page, and where it stands is saved after it returned.

    Returns how many objects were given. Raises PeerError as `Client.objects` does; what was kept before stays.
    """
    count = 0
    for batch in client.objects(place, polls.walk(place, match), limit=limit, match=match):
        keep(batch)
        polls.save(place, batch.walk, match)
        count += len(batch.objects)
    return count


def _id(place: Place, match: Mapping[str, str] | None) -> str:
    return hashlib.sha256(json.dumps([place.url, sorted((match or {}).items())]).encode()).hexdigest()
