"""What is said of a rule: its identity, severity, tags and the sentence of its findings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from sigma.rule.base import SigmaRuleBase

from seawall.detect import vocabulary
from seawall.detect.base import DEFAULT_GAP, About, Need
from seawall.detect.sigma.meta import Meta
from seawall.errors import RuleError
from seawall.model.severity import Severity

_NAMESPACE: Final = uuid.UUID("6f4f3b6e-35ad-5b1c-9d5a-0d8a3a5e0c11")  # ours, for rules that bring no id

# How far a rule is trusted that does not say so itself: Sigma's own word for how well it was tried.
_CONFIDENCE: Final = {"stable": 85, "test": 75, "experimental": 60}
_DEFAULT_CONFIDENCE: Final = 55
_OWN_KEYS: Final = frozenset({"confidence", "gap_minutes", "why", "setting", "learned"})


def own_keys(document: dict[str, Any]) -> dict[str, Any]:
    """Our own keys, under `seawall:` (Sigma allows custom attributes).

    Raises:
        RuleError: a key or value is not one of ours.
    """
    own = document.get("seawall") or {}
    if not isinstance(own, dict):
        raise RuleError("`seawall:` is a mapping", mend=f"its keys are {', '.join(sorted(_OWN_KEYS))}")
    unknown = set(own) - _OWN_KEYS
    if unknown:
        raise RuleError(
            f"`seawall:` has no key {sorted(map(str, unknown))[0]!r}", mend=f"choose of {', '.join(sorted(_OWN_KEYS))}"
        )
    confidence = own.get("confidence", 0)
    gap = own.get("gap_minutes", 1)
    if not isinstance(confidence, int) or not 0 <= confidence <= 100:
        raise RuleError(f"confidence {confidence!r} is not a whole number from 0 to 100", mend="write 0 to 100")
    if not isinstance(gap, int) or not 0 < gap <= 60 * 24 * 366:
        raise RuleError(f"gap_minutes {gap!r} is not a whole number of minutes", mend="write minutes, 60 is usual")
    return own


def about_of(sigma: SigmaRuleBase, own: dict[str, Any], needs: Iterable[Need]) -> About:
    """What is said of a rule, and of every finding it makes."""
    tags, attack = _tags(sigma)
    gap = own.get("gap_minutes")
    return About(
        id=str(sigma.id or uuid.uuid5(_NAMESPACE, sigma.title)),
        title=sigma.title,
        severity=Severity.from_word(str(sigma.level)) if sigma.level else Severity.MEDIUM,
        confidence=own.get("confidence", _CONFIDENCE.get(str(sigma.status), _DEFAULT_CONFIDENCE)),
        needs=tuple(needs),
        attack=attack,
        tags=tags,
        why=str(own.get("why") or ""),
        gap=timedelta(minutes=gap) if gap else DEFAULT_GAP,
        learned=bool(own.get("learned", False)),
    )


def meta_of(sigma: SigmaRuleBase, *, builtin: bool) -> Meta:
    """Who wrote it and what to read about it."""
    return Meta(
        author=sigma.author or "",
        licence=sigma.license or "",
        references=tuple(str(reference) for reference in sigma.references),
        falsepositives=tuple(str(reason) for reason in sigma.falsepositives),
        description=(sigma.description or "").strip(),
        builtin=builtin,
    )


def _tags(sigma: SigmaRuleBase) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Tags as findings print them, and ATT&CK technique ids with their version."""
    tags: list[str] = []
    attack: list[str] = []
    for tag in sigma.tags:
        namespace, name = tag.namespace.lower(), tag.name
        if namespace == "behaviour":
            tags.append(f"behaviour:{name.upper()}")
        elif namespace == "attack" and name[:1].lower() == "t" and name[1:5].isdigit():
            attack.append(vocabulary.versioned(name.upper()))
        elif namespace != "attack":
            tags.append(f"{namespace}:{name}")
    return tuple(dict.fromkeys(tags)), tuple(dict.fromkeys(attack))
