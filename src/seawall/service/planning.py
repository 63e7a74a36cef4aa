"""What is to be sent about incidents and findings: each once, worse news again, silence answered by telling others.

An incident is known again by its events: a late event may change its id, and nobody wants the same mail under another
name. It is told when it reaches the severity asked for, again only when it grows worse, and to the people of the next
step if nobody has acknowledged it in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from seawall.model.compartment import NOTICE, may_leave
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.notifying import NotifySettings, channels_of
from seawall.model.settings import Settings
from seawall.model.severity import Severity
from seawall.state.outbox import Outbox, Story

Wanted = list[tuple[str, str, str, int]]


def plan_notices(
    outbox: Outbox,
    settings: Settings,
    incidents: Sequence[Incident],
    new: Sequence[Finding],
    findings: Sequence[Finding],
    now: datetime,
) -> int:
    """Put into the outbox what these call for, exercises apart; returns how many deliveries are new."""
    wanted: Wanted = []
    stories = outbox.stories()
    held = {finding.id: finding for finding in findings}
    least = Severity.from_word(settings.notify.least)
    first = _first_channels(settings.notify)
    tickets = [channel.name for channel in settings.out.tickets]
    for incident in incidents:
        members = [held[id_] for id_ in incident.findings if id_ in held]
        if incident.severity < least or not members or all(f.exercise for f in members):
            continue
        events = {item.event_id for finding in members for item in finding.evidence}
        story = _known(stories, incident.id, events)
        level = int(incident.severity)
        if story is not None and level <= story.level:
            continue
        thing = story.thing if story is not None else incident.id
        outbox.tell(thing, level, events, now)
        wanted += [(name, "notice", thing, level) for name in first]
        wanted += [(name, "ticket", thing, level) for name in tickets]
    for finding in new:
        if finding.detector == NOTICE:
            wanted += [(name, "notice", finding.id, int(finding.severity)) for name in first]
    wanted += _to_siem(settings, new)
    return outbox.put(wanted, now)


def plan_escalations(outbox: Outbox, notify: NotifySettings, now: datetime) -> int:
    """Tell the next people of incidents nobody has acknowledged in time; returns how many deliveries are new."""
    wanted: Wanted = []
    for story in outbox.stories() if notify.escalate else ():
        for step in notify.escalate:
            if story.acknowledged is None and now - story.made >= timedelta(minutes=step.after_minutes):
                wanted += [(name, "notice", story.thing, story.level) for name in step.to]
    return outbox.put(wanted, now)


def _to_siem(settings: Settings, new: Iterable[Finding]) -> Wanted:
    names = [*(channel.name for channel in settings.out.hec), *(channel.name for channel in settings.out.syslog)]
    least = Severity.from_word(settings.out.least)
    return [
        (name, "ocsf", finding.id, int(finding.severity))
        for finding in may_leave(new)
        if finding.severity >= least and not finding.exercise
        for name in names
    ]


def _first_channels(notify: NotifySettings) -> list[str]:
    later = {name for step in notify.escalate for name in step.to}
    return [name for name in channels_of(notify) if name not in later]


def _known(stories: Sequence[Story], thing: str, events: set[str]) -> Story | None:
    """The story an incident is: by its id, else by a shared event."""
    return next((s for s in stories if s.thing == thing), None) or next(
        (s for s in stories if not events.isdisjoint(s.events)), None
    )
