"""Sharing over TAXII 2.1: polling a source from where the last poll stood, and sending a released parcel."""

from __future__ import annotations

from seawall.errors import PeerError, UsageError
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.settings import Secret
from seawall.model.sharing import Feed, Receiver
from seawall.pipeline.cases import case_settings, case_state
from seawall.pipeline.sharing import by_machine
from seawall.pipeline.sharing_in import Taken, keep, told_by
from seawall.sharing.parcel import Parcel
from seawall.sharing.taxii.client import Client, Place
from seawall.sharing.taxii.client import Told as Answered
from seawall.sharing.taxii.polling import Polls, subscribe
from seawall.sharing.taxii.wire import Login


def poll(case: Case, source: str, clock: Clock) -> Taken:
    """Take in what a source added since the last poll, page by page; each page is kept before its place is remembered.

    Raises:
        UsageError: seawall.toml names no such source, or no address of it. PeerError: their server failed.
    """
    settings = case_settings(case)
    feed = settings.sharing.sources.get(source)
    if feed is None or not feed.url:
        known = ", ".join(sorted(settings.sharing.sources)) or "none yet"
        raise UsageError(f"no source is called {source!r}", mend=f"there are: {known}; see docs/how-to/sharing.md")
    told = told_by(settings, source, b"", feed.url)
    done = Taken(source)
    with case_state(case, settings) as state, Client(feed.url, _login(feed, case)) as client:
        polls = Polls(state, clock)
        for name in _collections(client, feed):
            subscribe(
                client,
                Place(_root(feed), name),
                polls,
                lambda page: done.add(keep(case, page.objects, told, Taken(source), clock)),
            )
    return done


def send(case: Case, parcel: Parcel, receiver: Receiver) -> Answered:
    """Send a released parcel to its receiver; what their server says became of it. Raises PeerError."""
    by_machine(parcel)
    if not receiver.url or not receiver.collection:
        raise UsageError(
            f"{parcel.receiver} has no url and collection in seawall.toml",
            mend="or hand it over: seawall share export --for",
        )
    with Client(receiver.url, _login(receiver, case)) as client:
        return client.add(Place(_root(receiver), receiver.collection), list(parcel.objects))


def _collections(client: Client, feed: Feed) -> list[str]:
    if feed.collection:
        return [feed.collection]
    found = [str(one["id"]) for one in client.collections(_root(feed)) if one.get("can_read") and one.get("id")]
    if not found:
        raise PeerError("their server names no collection we may read", where=feed.url, mend="check user and password")
    return found


def _root(of: Feed | Receiver) -> str:
    return of.url if of.url.endswith("/") else of.url + "/"


def _login(of: Feed | Receiver, case: Case) -> Login | None:
    if not of.user and not of.password and not of.ca_file:
        return None
    authority = case.folder / of.ca_file if of.ca_file else None
    return Login(user=of.user, password=Secret(of.password) if of.password else None, authority=authority)
