"""The guard over lawful intercept, run over a folder: read through the vault, join, judge, and veil what comes out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from seawall.detect import oversight
from seawall.detect.oversight import missing, registry
from seawall.detect.oversight.explaining import about
from seawall.detect.oversight.facts import Row, World
from seawall.detect.oversight.saying import found
from seawall.detect.oversight.veiling import Veil
from seawall.detect.oversight.world import gather
from seawall.errors import InputError, PeerError
from seawall.model.clock import Clock
from seawall.model.finding import Finding
from seawall.people.decisions import Desk
from seawall.pipeline.compartment import authorities, closed, policy_doubt
from seawall.sources import discover
from seawall.sources.base import Evidence, Reading, Reject
from seawall.sources.intercepts import listed
from seawall.sources.intercepts.wide import narrowed
from seawall.sources.pausing import collector_paused
from seawall.vault.client import VaultClient, VaultClosedError
from seawall.vault.passing import PassingVault


@dataclass(slots=True)
class Taken:
    """What became of one file."""

    origin: str
    form: str  # the format it was read as; empty: nobody knows it
    rows: int = 0
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


@dataclass(slots=True)
class Reconciled:
    """The answer: findings, and everything that must be said beside them."""

    findings: list[Finding]
    files: list[Taken] = field(default_factory=list)
    not_known: dict[str, int] = field(default_factory=dict)  # element without a report → orders in force that name it
    orders: int = 0
    taps: int = 0
    reports: int = 0
    doubled: list[str] = field(default_factory=list)  # warrants whose LIID stands in another order too
    blind: bool = False
    doubt: str = ""  # about the policy that was handed over
    unread: list[str] = field(default_factory=list)  # what of the policy could not be understood
    about: list[str] = field(default_factory=list)  # what is known of the name that was asked about
    nothing_ordered: bool = False  # the registry was read whole, and holds no order


@dataclass(slots=True)
class Read:
    """Tables of intercept evidence, and what became of each file."""

    tables: dict[str, list[pa.Table]] = field(default_factory=dict)
    files: list[Taken] = field(default_factory=list)

    @property
    def nothing_ordered(self) -> bool:
        """Whether registries were read whole, and hold no order. Rejects may have been orders."""
        said = [one for one in self.files if one.form in listed.REGISTRIES]
        return bool(said) and not any(one.refused or one.rejected or one.rows for one in said)


def reconcile(
    paths: Sequence[Path],
    clock: Clock,
    *,
    vault: VaultClient | None = None,
    country: str = "",
    dirty: bool = False,
    desk: Desk | None = None,
    name: str = "",
) -> Reconciled:
    """Compare every tap below `paths` with every order.

    `name`: an order, tap or system of which everything known is told as well (`about`), wrong or not.
    `desk`: the intercept case's, so that withheld authorities count, and what two people closed is not told again.
    Without a vault, a key lives in this process for this run, and nothing is kept. With one that is locked everything
    is refused, and the answer says that oversight is blind.
    """
    box = vault or PassingVault(country)
    try:
        box.require_open()
    except (VaultClosedError, PeerError):
        return _blind()
    try:
        with collector_paused():  # rows hold no cycles
            read = read_tables(paths, clock, box, country)
            world = gather(read.tables, covers=Covering(box), dirty=dirty)
            world.withheld = authorities(desk) if desk else []
            world.nothing_ordered = read.nothing_ordered
            known = about(name, world) if name else []
            known = veil_of(world, box).document(known)
            told = judged(world, box)
        answer = Reconciled(
            told, read.files, missing.not_known(world), len(world.orders), len(world.taps), len(world.reports)
        )
        answer.about = known
        answer.nothing_ordered = world.nothing_ordered
        answer.doubled, answer.unread = registry.doubled(world), world.unread
        if desk:
            gone = closed(desk)
            answer.findings = [one for one in told if one.id not in gone]
            answer.doubt = policy_doubt(world.policy, desk)
        return answer
    finally:
        if isinstance(box, PassingVault):
            box.forget()


def veil_of(world: World, vault: VaultClient) -> Veil:
    """What takes identifiers of a world's targets out of texts, by asking a vault."""
    return Veil(world, lambda forms: [one["commitment"] for one in vault.commit("0" * 64, forms)])


def judged(world: World, vault: VaultClient) -> list[Finding]:
    """All findings about a world, identifiers veiled in every text of them."""
    veil = veil_of(world, vault)
    findings = [veil.finding(one) for one in oversight.judge(world)]
    with suppress(InputError, PeerError):
        vault.close()  # what was asked to veil is forgotten
    return findings


class Covering:
    """Asks the vault whether one commitment covers another, each question once."""

    def __init__(self, vault: VaultClient) -> None:
        self._vault, self._known = vault, dict[tuple[str, str], bool | None]()

    def __call__(self, outer: str, inner: str) -> bool | None:
        """True, false, or None where the vault does not know one of them."""
        asked = (outer, inner)
        if asked not in self._known:
            self._known[asked] = self._vault.contains([asked])[0]
        return self._known[asked]


def read_tables(paths: Sequence[Path], clock: Clock, vault: VaultClient, country: str = "") -> Read:
    """Read everything below `paths` that is intercept evidence."""
    years = discover.survey(paths, clock)
    reading = Reading(years, clock, vault=vault)
    made = Read()
    files = list(_opened(paths, made))
    frame = _frame(files, country)
    for evidence in files:
        made.files.append(_take(evidence, reading, made, frame))
    return made


def _opened(paths: Sequence[Path], made: Read) -> Iterator[Evidence]:
    for one in discover.find(paths):
        if isinstance(one, Evidence):
            yield narrowed(one)
        else:
            made.files.append(Taken(one.where, "", refused=one.what))


_FRAMES: Final = {
    "default_country_code": re.compile(rb"\"default_?country_?code\"\s*:\s*\"?\+?([A-Za-z0-9]{1,4})", re.I),
    "registry_tz": re.compile(rb"\"registry_?tz\"\s*:\s*\"([A-Za-z0-9_+/\-]{1,60})\"", re.I),
}


def _frame(files: Iterable[Evidence], country: str) -> dict[str, Any]:
    """In which zone and for which country registry and exports were written, as policy or registry say it."""
    frame: dict[str, Any] = {"default_country_code": country} if country else {}
    for one in files:
        for name, form in _FRAMES.items():
            if name not in frame and (said := form.search(one.head)):
                frame[name] = said[1].decode()
    return frame


def _take(evidence: Evidence, reading: Reading, made: Read, frame: dict[str, Any]) -> Taken:
    form = listed.format_of(evidence)
    if not form:
        return Taken(evidence.origin, "", refused="no format of intercept evidence Seawall knows")
    taken = Taken(evidence.origin, form)
    rejects: list[Reject] = []
    notes: list[str] = []
    try:
        for chunk in listed.read(form, evidence, reading, frame):
            for kind, table in chunk.tables.items():
                made.tables.setdefault(kind, []).append(table)
                taken.rows += table.num_rows
            rejects += chunk.rejects[: 20 - len(rejects)]
            taken.rejected += chunk.rejected
            notes += chunk.notes
    except InputError as error:
        taken.refused = error.what
    rejects += evidence.troubles
    return replace(
        taken,
        rejects=tuple(rejects),
        rejected=taken.rejected + len(evidence.troubles),
        notes=tuple(dict.fromkeys(notes)),
    )


def _blind() -> Reconciled:
    row = Row("0" * 32, "vault", None)
    why = "the intercept vault is locked: no intercept evidence was read, and nothing can be said of any tap"
    blind = found("OVERSIGHT_BLIND", why, [row], confidence=100, subject="oversight blind")
    return Reconciled([blind], blind=True)


def remarks(answer: Reconciled, *, files: bool = True) -> Iterator[str]:
    """What must be said beside the findings, a line each: what was read, refused, and is not known."""
    for one in answer.files if files else ():
        if one.refused:
            yield f"{one.origin}: not read: {one.refused}"
        for reject in one.rejects[:5]:
            yield f"{reject.where}: {reject.what}"
        if one.rejected > 5:
            yield f"{one.origin}: {one.rejected} records could not be read"
        yield from (f"{one.origin}: {note}" for note in one.notes)
    for element, orders in sorted(answer.not_known.items()):
        yield f"{element}: no report; whether the taps of {orders} orders stand there is not known"
    yield from answer.unread
    if answer.doubt:
        yield answer.doubt
    if not answer.blind:
        yield from _lacking(answer)
    if answer.doubled:
        some = ", ".join(answer.doubled[:10]) + (" …" if len(answer.doubled) > 10 else "")
        yield f"{len(answer.doubled)} orders share a LIID ({some}); each tap was judged by the order it fits best"
    if not answer.blind:
        read = sum(1 for one in answer.files if one.form and not one.refused)
        yield f"{read} files, {answer.orders} orders, {answer.taps} taps, {len(answer.findings)} findings"


def _lacking(answer: Reconciled) -> Iterator[str]:
    """Half of a comparison is none: no finding then means nothing, and that is said."""
    if not answer.files:
        yield "no file was found: nothing was compared; hand over the folder with the exports"
    elif not (answer.orders or answer.taps or answer.reports):
        yield "neither orders nor taps were read: nothing was compared"
    elif not answer.orders and answer.nothing_ordered:
        yield f"the registry holds no order: each of {answer.taps} taps has none"
    elif not answer.orders:
        yield (
            f"NO COURT ORDER WAS READ: none of {answer.taps} taps was held against one; "
            "hand over the registry (warrants.json, a table, HI1), or mend the file named above"
        )
    elif not (answer.taps or answer.reports):
        yield f"NO TAP WAS READ: none of {answer.orders} orders was held against one; hand over what the elements show"


def told(answer: Reconciled, name: str) -> Iterator[str]:
    """What is known of a name, and findings about it: a kind, an id, a tap, a warrant, a system, an actor."""
    word = name.strip().casefold()
    some = [
        f
        for f in answer.findings
        if word in (f.id, f.detector.casefold()) or any(word == e.value.casefold() for e in f.entities)
    ]
    yield from answer.about
    if not some:
        yield f"nothing is wrong with {name}" if answer.about else f"nothing is known of {name}"
    for one in some:
        yield f"{one.severity.word}  {one.detector}  {one.title}"
        yield f"  {one.why}"
        yield f"  id {one.id}, confidence {one.confidence}, events {one.evidence_total}"
        for key, value in one.details.items():
            yield f"  {key}: {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for evidence in one.evidence[:20]:
            yield f"  seen in {evidence.origin}"
