"""Site facts from a fleet's configurations, written into the site file that people keep: comments and order stay."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from seawall.detect.audit.changes.snapshots import snapshots_in
from seawall.detect.audit.facts import KEYS, Fact, Facts
from seawall.errors import InputError
from seawall.model.finding import Finding
from seawall.model.site import Site, load_site
from seawall.platforms.config.reading import MAX_BYTES
from seawall.sources import discover
from seawall.sources.base import Evidence, Skipped


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was proposed, and what stood out."""

    before: str  # the site file as it is; empty if there is none
    after: str  # as it is proposed
    facts: tuple[Fact, ...]
    outliers: tuple[Finding, ...]
    devices: int
    notes: tuple[str, ...]

    @property
    def diff(self) -> str:
        """The proposal as a diff."""
        return diff_of(self.before, self.after)


def diff_of(before: str, after: str) -> str:
    """A proposal for the site file as a diff."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), "site.toml", "site.toml (proposed)"
    )
    return "".join(lines)


def propose(paths: Sequence[Path], site_file: Path | None) -> Proposal:
    """Read every configuration below `paths`, and propose what most of them agree on.

    Raises:
        InputError: nothing there is a configuration, or the site file cannot be read.
    """
    site = load_site(site_file) if site_file is not None else Site()
    before = site_file.read_text(encoding="utf-8") if site_file is not None else ""
    facts, notes = Facts(), []
    for item in discover.find(paths):
        if not isinstance(item, Evidence):
            notes += [] if isinstance(item, Skipped) else [f"{item.where}: {item.what}"]
            continue
        with closing(item.open()) as stream:
            content = stream.read(MAX_BYTES + 1)
        for snapshot in snapshots_in(content, item.origin, site):
            if isinstance(snapshot, str):
                notes.append(f"{item.origin}: {snapshot}")
            else:
                facts.add(snapshot)
    if not facts.devices:
        raise InputError(
            "nothing there is a device configuration",
            where=str(paths[0]),
            mend="name saved configurations, or a folder",
        )
    known = {key: tuple(getattr(site, key)) for key in KEYS}
    found = tuple(facts.all())
    after = written(before, [fact for fact in found if fact.proposed], known)
    return Proposal(before, after, found, tuple(facts.outliers(known)), facts.devices, tuple(notes))


def written(before: str, facts: Sequence[Fact], known: Mapping[str, Sequence[str]]) -> str:
    """The site file with the facts in it, each with how many devices state it; what stands there stays as it is.

    Raises:
        InputError: the file is not TOML.
    """
    new = [(f.key, f.value, f"{f.devices} of {f.of} devices") for f in facts if f.value not in known.get(f.key, ())]
    return with_values(parsed(before), [(key, [one[1:] for one in new if one[0] == key]) for key in KEYS])


def parsed(text: str) -> tomlkit.TOMLDocument:
    """A site file as it is written, comments and all. Raises InputError where it is not TOML."""
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise InputError(str(error), where="site file", mend="mend the TOML at the place named") from error


def with_values(document: tomlkit.TOMLDocument, values: Sequence[tuple[str, Sequence[tuple[str, str]]]]) -> str:
    """The file with further values in its lists at the top: key → (value, comment). What stands there stays."""
    tops = tomlkit.document()
    for key, new in values:
        if not new:
            continue
        array = document.get(key)
        is_new = not isinstance(array, Array)
        if not isinstance(array, Array):
            array = tomlkit.array()
            tops.add(key, array)
        for value, comment in new:
            array.add_line(value, comment=comment, indent="  ")
        if is_new or "\n" not in array.as_string().rpartition("#")[2]:
            array.add_line(indent="")
    head = tomlkit.dumps(tops)
    rest = tomlkit.dumps(document)
    return f"{head}\n{rest}" if head and rest else head + rest
