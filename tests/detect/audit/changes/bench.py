"""Configurations of eleven platforms to change, and how a change of one is judged."""

from __future__ import annotations

from pathlib import Path

from seawall.detect.audit.changes import Difference, Snapshot, compare, judge, snapshots_in, tell
from seawall.detect.audit.changes.weighing import weighed
from seawall.model.finding import Finding
from seawall.model.site import Site

BASES = Path(__file__).with_name("bases")


def base(name: str) -> str:
    """A configuration of a well-kept device: `ios`, `iosxr`, `sros-md` …"""
    (path,) = BASES.glob(f"{name}.*")
    return path.read_text(encoding="utf-8")


def snapshot(text: str, origin: str = "pe1.cfg", site: Site = Site()) -> Snapshot:  # noqa: B008 - immutable
    """The one device in a text."""
    (found,) = snapshots_in(text.encode(), origin, site)
    assert isinstance(found, Snapshot), found
    return found


def edited(text: str, changes: list[list[str]]) -> str:
    """A text with each first of a pair replaced by the second; each must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def between(before: str, after: str, site: Site = Site()) -> Difference:  # noqa: B008 - immutable
    """The difference of two texts of one device."""
    return compare(snapshot(before, "before.cfg", site), snapshot(after, "after.cfg", site))


def found(before: str, after: str, site: Site = Site()) -> list[Finding]:  # noqa: B008 - immutable
    """What is told of a change."""
    difference = between(before, after, site)
    return list(tell(difference, weighed(judge(difference), difference)))
