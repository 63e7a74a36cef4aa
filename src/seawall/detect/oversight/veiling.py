"""The last gate: whatever word of a finding is the identifier of a target comes out as the start of its commitment.

Addresses of delivery, LIIDs, names of accounts are no secrets by themselves; now and then one of them is whom the state
listens to. Every word is put to the vault in every form it could have, and compared with all commitments of the world.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from seawall.detect.oversight.facts import World
from seawall.model.entities import Entity
from seawall.model.finding import Finding
from seawall.vault.client import Target

SHOWN: Final = 12  # letters of a commitment that stand for an identifier
_WORD: Final = re.compile(r"[^\s\"'<>(){},;=]+")
_PORT: Final = re.compile(r"^(\[?[0-9A-Fa-f.:]+?\]?):(\d{1,5})$")


class Veil:
    """Knows every commitment of a world, and asks for those of words."""

    def __init__(self, world: World, commit: Callable[[Sequence[Target]], list[str]]) -> None:
        targets = [t for o in world.orders for t in o.targets]
        targets += [t for o in world.orders for a in o.amendments for t in (*a.add, *a.remove)]
        targets += [t for tap in world.taps for t in tap.targets]
        self._secret = {name for target in targets for name in target.names}
        self._secret |= {w.commitment for w in world.withheld}
        self._commit = commit
        self._words: dict[str, str] = {}

    def finding(self, finding: Finding) -> Finding:
        """The same finding without an identifier in clear."""
        if not self._secret:
            return finding
        self._learn(_texts(finding))
        return replace(
            finding,
            entities=tuple(sorted({Entity(e.type, self.text(e.value), e.role) for e in finding.entities})),
            why=self.text(finding.why),
            subject=self.text(finding.subject),
            details=self._value(dict(finding.details)),
        )

    def document(self, document: Any) -> Any:
        """A document of texts, lists and objects without an identifier in clear."""
        if not self._secret:
            return document
        self._learn(_within(document))
        return self._value(document)

    def text(self, text: str) -> str:
        """A text with every word veiled that must be."""
        return _WORD.sub(lambda found: self._words.get(found[0], found[0]), text)

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self._value(item) for name, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(item) for item in value]
        return value

    def _learn(self, texts: Iterable[str]) -> None:
        """Ask the vault about words not seen before."""
        words = {word for text in texts for word in _WORD.findall(text)} - set(self._words)
        asked: list[tuple[str, str, str]] = []  # word, what is replaced in it, form
        for word in words:
            self._words[word] = word
            asked += [(word, part, form) for part, form in _forms(word)]
        made = self._commit([Target(form, part, 0, 0, "") for _, part, form in asked]) if asked else []
        for (word, part, _), commitment in zip(asked, made, strict=True):
            if commitment in self._secret:
                self._words[word] = self._words[word].replace(part, f"committed:{commitment[:SHOWN]}")


def _forms(word: str) -> Iterable[tuple[str, str]]:
    """What of a word may be an identifier, and in which form."""
    bare = word.rstrip(".:")
    if len(bare) < 3 or bare.startswith("committed:"):
        return
    ported = _PORT.match(bare)
    host = ported[1].strip("[]") if ported else bare
    if re.fullmatch(r"[\d.]+(?:/\d+)?|[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*(?:/\d+)?", host):
        yield host, "IPAddress"
    if re.fullmatch(r"\+?[\d\-]{5,20}", bare):
        for form in ("MSISDN", "IMSI", "IMEI", "NationalE164"):
            yield bare, form
    if "@" in bare:
        for form in ("NAI", "SIPURI", "EmailAddress"):
            yield bare, form
    if re.fullmatch(r"[0-9A-Fa-f:.\-]{12,23}", bare):
        yield bare, "MACAddress"
    if re.match(r"(?:sips?|tel):", bare, re.I):
        yield bare, "SIPURI" if bare[0].lower() == "s" else "TELURI"
    yield bare, "NAI"


def _texts(finding: Finding) -> Iterable[str]:
    yield from (e.value for e in finding.entities)
    yield finding.why
    yield finding.subject
    yield from _within(dict(finding.details))


def _within(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _within(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _within(item)
