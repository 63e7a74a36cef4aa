"""Makes a practice item of a reported message: identifiers replaced, cues proposed, a person to confirm it.

Addresses, domains, links, numbers and names of people become inventions, each the same one throughout, so that the
story still holds together. What imitated one's own domain still imitates the invented one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import getaddresses
from typing import Final

from seawall.errors import InputError
from seawall.training.cues import BY_ID
from seawall.training.lesson import Channel, Role, Verdict
from seawall.training.lesson_file import parse_lesson
from seawall.training.propose import Counted, Read, looks_like, propose

MAX_LINES: Final = 60
OWN: Final = "carrier.example"
_URL: Final = re.compile(r"\bh(?:xx|tt)ps?://[^\s<>\"'\]]+", re.I)
_DESK: Final = re.compile(  # a desk's name is no person's, and part of the pretext
    r"\b(?:support|desk|service|team|office|admin\w*|security|helpdesk|notification|no.?reply|info|billing|alerts?|it)\b",
    re.I,
)
_ADDRESS: Final = re.compile(r"[\w.+%'-]+@([\w-]+(?:\.[\w-]+)+)")
_DOMAIN: Final = re.compile(r"(?<![\w@.-])(?:[\w-]+\.)+(?!example\b|test\b|invalid\b)[a-z]{2,24}(?![\w.-]*@)\b", re.I)
_IPV4: Final = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_IPV6: Final = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}(?![\w:])", re.I)
_NUMBER: Final = re.compile(r"(?<!\w)\+?\d(?:[\s()./-]{0,2}\d){5,}(?!\w)")
_GREETED: Final = re.compile(
    r"(?m)^(\s*(?:dear|hello|hi)\s+(?:(?:mr|mrs|ms|dr)\.?\s+)?)([A-Z][\w'-]+(?:\s+[A-Z][\w'-]+)*)", re.I
)
_NAMES: Final = ("Alex Marlow", "Kim Ostrand", "Robin Vale", "Sam Tarrant", "Jo Brandis", "Chris Lund")


@dataclass
class _Masks:
    """Inventions given out so far: the same word gets the same one."""

    own: tuple[str, ...]
    domains: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    locals: dict[str, str] = field(default_factory=dict)

    def domain(self, name: str) -> str:
        """An invented domain: one's own stays recognisable, and so does what imitates it."""
        key = name.lower().rstrip(".")
        if key not in self.domains:
            if any(key == own or key.endswith(f".{own}") for own in self.own):
                made = OWN
            elif looks_like(key, self.own):
                made = f"carrier-{len(self.domains) + 1}.test"
            else:
                made = f"sender-{len(self.domains) + 1}.test"
            self.domains[key] = made
        return self.domains[key]

    def name(self, name: str) -> str:
        """An invented name of a person."""
        if name not in self.names:
            number = len(self.names)
            self.names[name] = _NAMES[number % len(_NAMES)] + (f" {number}" if number >= len(_NAMES) else "")
        return self.names[name]

    def address(self, address: str) -> str:
        """An invented mailbox."""
        local, _, domain = address.lower().rpartition("@")
        if local not in self.locals:
            self.locals[local] = f"person{len(self.locals) + 1}"
        return f"{self.locals[local]}@{self.domain(domain)}"


def mint(
    read: Read, *, id_: str, title: str, verdict: Verdict, roles: Sequence[Role], topic: str, own: Sequence[str] = (),
    replacements: Mapping[str, str] | None = None, elements: Sequence[int] = (), confirmed_by: str = "",
    channel: Channel = "mail",
) -> str:  # fmt: skip
    """A lesson file with one item, made of a message; `replacements` are words to put in place of others (brands).

    Raises:
        InputError: nothing is left to practise, or a lure has no premise alignment.
    """
    if verdict == "phish" and len(elements) != 5:
        raise InputError("a lure needs its premise alignment", mend="give --elements, e.g. 6,4,2,4,0")
    masks = _Masks(tuple(domain.lower() for domain in own))
    message = _message(read, masks, replacements or {})
    if not message.strip():
        raise InputError("no words in it to practise on", mend="pictures alone make no item")
    counted = propose(Read(message, (), None, read.attachments), own=(OWN,))
    marked, cues = _marked(message, counted)
    if verdict == "phish" and not cues:
        raise InputError("no cue could be marked in it", mend="write the lesson by hand; see docs/how-to/training.md")
    told = ", ".join(BY_ID[cue].name for cue in cues) or "none"
    confirmed = f"Confirmed by {_plain(confirmed_by)}." if confirmed_by else "Not confirmed yet."
    front = [
        "+++", f'id = "{id_}"', f"title = {_quoted(title)}", f"roles = [{', '.join(map(_quoted, roles))}]",
        f'topic = "{topic}"', "minutes = 2", "+++", "",
        "Made of a message that somebody reported. Names, addresses, numbers and links were replaced;",
        f"nothing in it works. Signs marked: {told}. {confirmed}", "",
        "## Practice: item", "", f"verdict: {verdict}", f"channel: {channel}",
        *([f"elements: {' '.join(map(str, elements))}"] if verdict == "phish" else []), "source: reported mail", "",
    ]  # fmt: skip
    quote = [f"> {line}".rstrip() for line in marked.splitlines()]
    why = ["", "Why:", *(f"- {cue}: {BY_ID[cue].lesson}" for cue in cues)] if cues else []
    do = ["", "Do:", "1. Report it as an attachment, and open nothing in it." if verdict == "phish" else
          "1. No alarm needed: look at what spoke for it." ]  # fmt: skip
    text = "\n".join([*front, *quote, *why, *do, ""])
    parse_lesson(text, where=id_)  # what is made can be read
    return text


def _message(read: Read, masks: _Masks, replacements: Mapping[str, str]) -> str:
    headers = read.headers or {}
    people = [
        name for field_ in ("from", "to", "cc", "reply-to") for name, _ in getaddresses([headers.get(field_, "")])
    ]
    lines = [f"{name.title()}: {headers[name]}" for name in ("from", "reply-to", "to", "subject") if headers.get(name)]
    body = read.text.partition("\n")[2] if read.headers is not None else read.text
    links = [f"[link: {words.strip()[:80]} leads to {target}]" for words, target in read.links[:5]]
    files = [f"[attached: {name}]" for name in read.attachments[:5]]
    text = "\n".join([*lines, "", *(line.rstrip() for line in body.splitlines()), *links, *files])
    for old, new in replacements.items():
        text = re.sub(re.escape(old), lambda _, new=new: new, text, flags=re.I)  # type: ignore[misc]
    text = masked(text, masks, [name for name in people if name and "@" not in name])
    kept = re.sub(r"\n{3,}", "\n\n", _plain(text, lines=True)).strip("\n").splitlines()
    return "\n".join(kept[:MAX_LINES])


def masked(text: str, masks: _Masks, people: Sequence[str]) -> str:
    """A text with every identifier replaced."""
    text = _URL.sub(lambda found: f"hxxps://{masks.domain(_host(found[0]))}/…", text)
    text = _ADDRESS.sub(lambda found: masks.address(found[0]), text)
    text = _IPV4.sub("192.0.2.1", text)
    text = _IPV6.sub("2001:db8::1", text)
    text = _DOMAIN.sub(lambda found: found[0] if _file(found[0]) else masks.domain(found[0]), text)
    greeted = [found[2] for found in _GREETED.finditer(text) if not _general(found[2])]
    for name in sorted({name for name in (*people, *greeted) if not _DESK.search(name)}, key=len, reverse=True):
        made = masks.name(name)
        parts = [part for part in re.split(r"[\s,.]+", name) if len(part) > 1]
        for word in dict.fromkeys((name, *parts)):
            new = made if word == name else made.split()[0] if word == parts[0] else made.split()[1]
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", lambda _, new=new: new, text)  # type: ignore[misc]
    return _NUMBER.sub(lambda found: found[0] if found[0] == "192.0.2.1" else re.sub(r"\d", "0", found[0]), text)


def _general(words: str) -> bool:
    return words.split()[0].lower() in (
        "customer", "user", "sir", "madam", "all", "there", "team", "colleague", "colleagues", "friend", "client",
    )  # fmt: skip


_ENDS: Final = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|zip|html?|svg|txt|csv|ics|png|jpe?g|gif|rar|7z|exe|iso|lnk)$", re.I
)


def _file(name: str) -> bool:
    return _ENDS.search(name) is not None


def _host(url: str) -> str:
    return (
        re.sub(r"^h(?:xx|tt)ps?://", "", url, flags=re.I).partition("/")[0].rpartition("@")[2].partition(":")[0] or "x"
    )


def _marked(message: str, counted: Counted) -> tuple[str, tuple[str, ...]]:
    """The message with the first instance of each counted word marked, and the cues marked."""
    spots = list[tuple[int, int, str]]()
    for cue, reasons in counted.reasons.items():
        for words in reasons:
            start = message.find(words)
            if start >= 0 and "\n" not in words and all(start >= e or start + len(words) <= s for s, e, _ in spots):
                spots.append((start, start + len(words), cue))
    made, done = "", 0
    for start, end, cue in sorted(spots):
        made += f"{message[done:start]}[[{cue}|{message[start:end]}]]"
        done = end
    cues = tuple(cue for cue in counted.counts if any(cue == one for _, _, one in spots))
    return made + message[done:], cues


def _plain(text: str, *, lines: bool = False) -> str:
    """Words without what steers a terminal or a lesson file."""
    kept = "".join(sign for sign in text if sign.isprintable() or (lines and sign == "\n"))
    return kept.replace("[[", "[").replace("]]", "]").replace("|", "/")


def _quoted(text: str) -> str:
    """A TOML basic string."""
    return '"' + _plain(text).replace("\\", "/").replace('"', "'") + '"'
