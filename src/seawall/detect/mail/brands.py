"""Names of firms the public is phished with: whether somebody else uses one."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from seawall.detect.mail.domains import FREEMAIL, label_of, skeleton


@lru_cache(maxsize=1)
def _brands() -> dict[str, tuple[str, ...]]:
    import tomllib

    text = (resources.files("seawall") / "content/mail/brands.toml").read_text(encoding="utf-8")
    return {name: tuple(domains) for name, domains in tomllib.loads(text)["brands"].items()}


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = sorted(_brands(), key=len, reverse=True)
    return re.compile(rf"(?<![\w@.-])({'|'.join(map(re.escape, names))})(?![\w-])", re.I)


def brand_in(text: str) -> str:
    """The firm a text names, lower case; empty if none."""
    found = _pattern().search(text[:500])
    return found[1].lower() if found else ""


def borrowed(text: str, org: str) -> str:
    """The firm a text claims while the organisation behind it is another; empty if none."""
    name = brand_in(text)
    if not name or not org or (org in FREEMAIL - {"gmail.com"} and name in ("outlook",)):
        return ""
    owners = _brands()[name]
    if org in owners or any(label_of(org) == label_of(owner) for owner in owners):
        return ""
    return name


def posing(org: str) -> str:
    """The firm whose name stands in the label of a domain that is not its own: `paypal-secure.com`; empty if none."""
    label = skeleton(label_of(org))
    for name, owners in _brands().items():
        first = label_of(owners[0])
        if len(first) >= 6 and skeleton(first) in label and not any(label_of(org) == label_of(o) for o in owners):
            return name
    return ""


def owned_by_a_brand(org: str) -> bool:
    """Whether a domain belongs to one of the firms: it is not the attacker's, whatever leads there."""
    return any(org in owners for owners in _brands().values())
