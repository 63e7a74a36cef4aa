"""An exercise as its file describes it: which messages, to whom, how long; lures and genuine ones among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from seawall.errors import InputError, UsageError
from seawall.model.site import read_toml
from seawall.model.validation import validated
from seawall.training import scale

MAX_MESSAGES: Final = 20
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
# What a fair exercise does not play with (GDPR; works councils; the anger lasts longer than the lesson).
_UNFAIR: Final = re.compile(
    r"\b(bonus|salary|pay ?rise|raise in pay|redundan\w+|lay-?offs?|dismiss\w+|terminat\w+ of (?:your )?employment|"
    r"diagnos\w+|covid|pregnan\w+|funeral|passed away|accident of your|your (?:child|son|daughter|mother|father)|"
    r"police|prosecut\w+)\b",
    re.I,
)


@dataclass(frozen=True)
class Message:
    """One message of an exercise. `{link}` in the body becomes a link to the page, `{person}` the person's id."""

    id: str
    sender: str  # Name <address@own-domain>
    subject: str
    body: str
    lure: bool = True  # false: a genuine message, to see whether people can tell
    cues: dict[str, int] = field(default_factory=dict)  # Phish Scale, by cue
    elements: tuple[int, ...] = ()  # premise alignment for this audience, five values
    confirmed_by: str = ""  # who rated it


@dataclass(frozen=True)
class Campaign:
    """What is sent to whom."""

    id: str
    title: str
    message: tuple[Message, ...]
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    everybody: bool = False
    days: int = 7  # how long reports count
    agreed_with: str = ""  # works council, data protection: who agreed, and when


def read_campaign(path: Path) -> Campaign:
    """The exercise in a TOML file.

    Raises:
        InputError: it is none, or one of its messages cannot be rated or sent.
    """
    where = str(path)
    campaign = validated(Campaign, read_toml(path), where=where)
    names = [campaign.id, *(message.id for message in campaign.message)]
    for name in names:
        if not _ID.fullmatch(name):
            raise InputError(f"id {name!r}", where=where, mend="small letters, digits and hyphens, 60 at most")
    if len(set(names[1:])) != len(names) - 1 or not 1 <= len(campaign.message) <= MAX_MESSAGES:
        raise InputError("messages", where=where, mend=f"1 to {MAX_MESSAGES} of [[message]], each with its own id")
    if not any(message.lure for message in campaign.message):
        raise InputError("no lure among the messages", where=where, mend="one of them at least has lure = true")
    if not (campaign.people or campaign.groups or campaign.roles or campaign.everybody):
        raise InputError("to nobody", where=where, mend="name people, groups or roles, or everybody = true")
    if not 1 <= campaign.days <= 90:
        raise InputError(f"days = {campaign.days}", where=where, mend="1 to 90")
    for message in campaign.message:
        _check(message, where)
    return campaign


def _check(message: Message, where: str) -> None:
    for name, text, most in (("sender", message.sender, 300), ("subject", message.subject, 200)):
        if not text.strip() or len(text) > most or not text.isprintable():
            raise InputError(f"{message.id}: {name}", where=where, mend=f"one line of at most {most} characters")
    if not message.body.strip() or len(message.body) > 20_000:
        raise InputError(f"{message.id}: body", where=where, mend="1 to 20,000 characters")
    try:
        rating(message)
    except UsageError as error:
        raise InputError(f"{message.id}: {error.what}", where=where, mend=error.mend) from None


def rating(message: Message) -> scale.Rating | None:
    """A lure's Phish Scale rating; None where nobody gave the elements: its difficulty is then unknown.

    Raises:
        UsageError: cues or elements that are not the scale's.
    """
    if not message.lure or not message.elements:
        return None
    return scale.rate(message.cues, message.elements, confirmed_by=message.confirmed_by)


def doubts(campaign: Campaign) -> list[str]:
    """What to think over before it is sent: unfair pretexts, no genuine message, no agreement, unknown difficulty."""
    said = list[str]()
    for message in campaign.message:
        if message.lure and (found := _UNFAIR.search(f"{message.subject}\n{message.body}")):
            said.append(f"{message.id}: plays with {found[0]!r}; pay, jobs, health, family and the police are not fair")
        if message.lure and (rated := rating(message)) is None:
            said.append(f"{message.id}: not rated, so clicks cannot be read; give cues and elements")
        elif message.lure and rated is not None and rated.status == "proposal":
            said.append(f"{message.id}: rated by nobody yet; a person confirms with confirmed_by")
    if all(message.lure for message in campaign.message):
        said.append("no genuine message among them: nothing will be known of false alarms")
    if not campaign.agreed_with.strip():
        said.append("agreed_with is empty: ask data protection and the works council first")
    return said


def campaign_to_dict(campaign: Campaign) -> dict[str, Any]:
    """What is kept of a campaign: no person's name."""
    return {
        "title": campaign.title,
        "days": campaign.days,
        "agreed_with": campaign.agreed_with,
        "messages": [
            {
                "id": m.id, "subject": m.subject, "lure": m.lure,
                "difficulty": str(r.difficulty) if (r := rating(m)) else None,
                "status": r.status if r else None,
            }
            for m in campaign.message
        ],
    }  # fmt: skip
