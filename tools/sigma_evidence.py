"""What the public Sigma corpus says of our engine, made from the corpus each time: `python -m tools.sigma_evidence`.

Reads the folder named by SEAWALL_CORPUS (public rules, regression cases, developer event logs, and what another
engine counted on them) and writes `docs/evidence/sigma.md`. Tests hold the same answers to the same questions.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from evtx import PyEvtxParser

from seawall import pipeline
from seawall.detect.rules import RuleSet, load
from seawall.detect.runner import asked_of
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.plan import Op, atoms_of
from seawall.detect.sigma.rule import Rule
from seawall.engine.lake import Lake
from seawall.model.clock import SystemClock
from seawall.model.settings import Settings
from tools.machine import describe

PAGE: Final = Path(__file__).parents[1] / "docs" / "evidence" / "sigma.md"
REFERENCE_RULES: Final = ("rules/windows/", "rules-emerging-threats/", "rules-threat-hunting/")
_PLACEHOLDER: Final = "the rule expands %"

# Why the other engine counted differently. The first whose sum agrees is told.
COPIES: Final = "the same record stands in several files: told once"
SECURITY: Final = "process starts of the Security log (4688) as well; the reference asked Sysmon only"
FIELDLESS: Final = "names a field no event has: the reference fails and counts 0"
BOOLEAN: Final = "a JSON boolean against 'true': the reference never finds it equal"
KEYWORDS: Final = "looks for words anywhere in the event: the reference counted 0 for every such rule"
EMPTY: Final = "asks for null: the reference drops empty texts, which are not null"
UNNAMED: Final = "asks `Data`, the values of an event that have no names: the reference keeps no such field"
UNEXPLAINED: Final = "NOT EXPLAINED"


@dataclass(frozen=True)
class Difference:
    """A rule two engines count differently, and the reasons that account for all of it."""

    rule: Rule
    reference: int
    ours: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Hits:
    """Matches of one rule over a lake."""

    events: int = 0
    copies: int = 0  # of them, and of each copy of the record in other files
    security: int = 0  # of `copies`, process starts of the Security log


@dataclass
class Case:
    """One regression case: the rule that must fire on a file."""

    rule: str
    file: Path
    stated: int | None  # matches the case states; lower than what two engines find in four cases
    found: int = 0


def unpack(corpus: Path, archive: str, into: Path) -> Path:
    """An archive of the corpus, unpacked below a folder of ours."""
    with tarfile.open(corpus / "sigma" / archive) as held:
        held.extractall(into, filter="data")
    return into


def public_rules(corpus: Path, values: Mapping[str, tuple[str, ...]] | None = None) -> RuleSet:
    """Every public rule."""
    return load([corpus / "sigma" / "sigmahq-rules.tar.xz"], builtin=False, options=Options(values or {}))


def filled_rules(corpus: Path) -> RuleSet:
    """Every public rule, with a value for each placeholder a rule was refused for."""
    values: dict[str, tuple[str, ...]] = {}
    while True:
        rules = public_rules(corpus, values)
        named = {e.what.removeprefix(_PLACEHOLDER).partition("%")[0] for e in rules.broken if _PLACEHOLDER in e.what}
        if not named - set(values):
            return rules
        values |= dict.fromkeys(named, ("a-value-of-ours",))


def active(rules: RuleSet) -> int:
    """How many active public rules compiled: those of the folders named `rules…`."""
    return sum(rule.origin.startswith("rules") for rule in (*rules.rules, *rules.not_applicable))


def lake_of(folder: Path, evidence: Path) -> Lake:
    """A lake of everything below a folder."""
    lake = Lake(folder, clock=SystemClock(), memory_mb=512)
    for _ in pipeline.ingest([evidence], lake, Settings(), SystemClock()):
        pass
    return lake


def hits(lake: Lake, rules: Iterable[Rule], copies: Mapping[tuple[Any, ...], int]) -> dict[str, Hits]:
    """Per rule, the events of the `windows` kind it matches."""
    counted: dict[str, set[bytes]] = {}
    sums: dict[str, Counter[str]] = {}
    for asked in asked_of(rules):
        if asked.view != "windows":
            continue
        for batch in lake.batches("windows"):
            pairs = match(batch, asked.plan)
            columns = {name: batch.column(name).to_pylist() for name in ("event_id", *_KEY)}
            for number, row in zip(pairs["rule"].to_pylist(), pairs["row"].to_pylist(), strict=True):
                rule = asked.rules[number][0]
                event = columns["event_id"][row]
                seen = counted.setdefault(rule.about.id, set())
                if event in seen:
                    continue
                seen.add(event)
                key = tuple(columns[name][row] for name in _KEY)
                sums.setdefault(rule.about.id, Counter())["copies"] += copies.get(key, 1)
                if key[1] == "Security" and rule.source[1] == "process_creation":
                    sums[rule.about.id]["security"] += copies.get(key, 1)
    return {name: Hits(len(seen), sums[name]["copies"], sums[name]["security"]) for name, seen in counted.items()}


_KEY: Final = ("Computer", "Channel", "EventRecordID")


def copies_in(evidence: Path) -> Counter[tuple[Any, ...]]:
    """How often each record stands in the files of a folder."""
    return Counter(key for file in sorted(evidence.rglob("*.evtx")) for key in records_of(file))


def records_of(file: Path) -> Iterator[tuple[Any, ...]]:
    """What names each record of an event log: computer, channel, number."""
    for record in PyEvtxParser(str(file)).records_json():
        system = _event(record)["System"]
        yield tuple(system.get(name) for name in _KEY)


def fields_of(evidence: Path) -> frozenset[str]:
    """Every field the reference saw: names of the values in the files, in lower case."""
    names: set[str] = set()
    for file in sorted(evidence.rglob("*.evtx")):
        for record in PyEvtxParser(str(file)).records_json():
            names.update(_names(_event(record)))
    return frozenset(name.lower() for name in names)


def _event(record: Any) -> Any:
    return json.loads(record["data"])["Event"]


def _names(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        for name, value in held.items():
            yield name
            yield from _names(value)


def differences(
    rules: RuleSet, found: Mapping[str, Hits], reference: Mapping[str, int], fields: frozenset[str]
) -> list[Difference]:
    """Every rule the two count differently, with reasons that account for the whole of it."""
    made = []
    by_id = {rule.about.id: rule for rule in rules.rules}
    for name in sorted({*found, *reference}):
        ours = found.get(name, Hits())
        if ours.events != reference.get(name, 0):
            reasons = _reasons(by_id[name], ours, reference.get(name, 0), fields)
            made.append(Difference(by_id[name], reference.get(name, 0), ours.events, reasons))
    return made


def _reasons(rule: Rule, ours: Hits, reference: int, fields: frozenset[str]) -> tuple[str, ...]:
    reasons = []
    if ours.copies != ours.events:
        reasons.append(COPIES)
    if ours.security:
        reasons.append(SECURITY)
    left = ours.copies - ours.security
    if left == reference:
        return tuple(reasons)
    if reference == 0:
        return (*reasons, _silence(rule, fields))
    return (*reasons, UNEXPLAINED)


def _silence(rule: Rule, fields: frozenset[str]) -> str:
    """Why the reference counts nothing at all for a rule."""
    if any(variant.reads_any_text for variant in rule.variants):
        return KEYWORDS
    if any("Data" in variant.fields for variant in rule.variants):
        return UNNAMED
    named = {name.lower().rpartition("_")[2] for variant in rule.variants for name in variant.fields}
    if named - fields:
        return FIELDLESS
    asked = [atom for variant in rule.variants for atom in atoms_of(variant.condition)]
    if any(atom.value in ("true", "false") for atom in asked):
        return BOOLEAN
    return EMPTY if any(atom.op is Op.ABSENT for atom in asked) else UNEXPLAINED


def cases_in(folder: Path) -> list[Case]:
    """The regression cases below a folder: those with a test that reads EVTX."""
    found = []
    for info in sorted(folder.rglob("info.yml")):
        told = yaml.safe_load(info.read_text(encoding="utf-8"))
        for test in told.get("regression_tests_info") or ():
            if test.get("type") == "evtx":
                file = folder / test["path"]
                found.append(Case(str(told["rule_metadata"][0]["id"]), file, test.get("match_count")))
    return found


def regressed(lake: Lake, rules: RuleSet, cases: list[Case]) -> list[Case]:
    """The cases, each with how many records of its file its rule matches.

    A record that stands in several cases' files is told once, so records are compared, not where they stand.
    """
    asked_for = {case.rule for case in cases}
    matched: dict[str, set[tuple[Any, ...]]] = {}
    for asked in asked_of([rule for rule in rules.rules if rule.about.id in asked_for]):
        for batch in lake.batches(asked.view):
            pairs = match(batch, asked.plan)
            keys = list(zip(*(batch.column(name).to_pylist() for name in _KEY), strict=True))
            for number, row in zip(pairs["rule"].to_pylist(), pairs["row"].to_pylist(), strict=True):
                matched.setdefault(asked.rules[number][0].about.id, set()).add(keys[row])
    for case in cases:
        case.found = len(matched.get(case.rule, set()) & set(records_of(case.file)))
    return cases


@dataclass(frozen=True)
class Answers:
    """Everything the page says."""

    plain: RuleSet
    filled: RuleSet
    cases: list[Case]
    different: list[Difference]
    reference: Mapping[str, int]
    ours: Mapping[str, Hits]


@cache
def answers(corpus: Path) -> Answers:
    """Ask everything of a corpus; minutes, and some hundred MB of disk while it runs."""
    plain = public_rules(corpus)
    filled = filled_rules(corpus)
    with tempfile.TemporaryDirectory(prefix="seawall-sigma-") as name:
        work = Path(name)
        samples = unpack(corpus, "sigmahq-regression.tar.xz", work / "regression")
        cases = regressed(lake_of(work / "one", samples), filled, cases_in(samples))
        logs = unpack(corpus, "evtx-dev.tar.xz", work / "logs")
        chosen = [rule for rule in plain.rules if rule.origin.startswith(REFERENCE_RULES)]
        ours = hits(lake_of(work / "two", logs), chosen, copies_in(logs))
        fields = fields_of(logs)
    told = json.loads((corpus / "sigma" / "reference-zircolite-dev.json").read_text(encoding="utf-8"))
    reference = told["zircolite_match_counts"]
    return Answers(plain, filled, cases, differences(plain, ours, reference, fields), reference, ours)


def page(found: Answers) -> str:
    """The page, whole."""
    fired = sum(case.found > 0 for case in found.cases)
    more = [case for case in found.cases if case.stated is not None and case.found != case.stated]
    account = found.filled.account
    lines = [
        "# Sigma, held to the public corpus",
        "",
        "Made by `python -m tools.sigma_evidence` from the corpus named by `SEAWALL_CORPUS`; never edited by hand.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {name} | {value} |" for name, value in describe(PAGE.parents[2]).items()),
        f"| active public rules compiled | {active(found.filled)} |",
        f"| refused without values for their placeholders, each named | {len(found.plain.broken)} |",
        f"| refused with them | {account['broken']} |",
        f"| set aside (deprecated, unsupported) | {len(found.filled.asides)} |",
        f"| compiled, and no evidence kind holds their events | {account['not applicable here']} |",
        f"| regression cases that fire | {fired} of {len(found.cases)} |",
        f"| developer logs: rules counted equal | {_equal(found)} of {len({*found.ours, *found.reference})} |",
        f"| differences not explained | {sum(UNEXPLAINED in one.reasons for one in found.different)} |",
        "",
        "## Regression cases where our count is not the stated one",
        "",
        "| rule | stated | found |",
        "|---|---:|---:|",
        *(f"| {case.rule} | {case.stated} | {case.found} |" for case in more),
        "",
        "## Developer logs: every rule counted differently than the reference",
        "",
        "| rule | title | reference | ours | why |",
        "|---|---|---:|---:|---|",
        *(
            f"| {one.rule.about.id[:8]} | {one.rule.about.title.replace('|', '/')} | {one.reference} | {one.ours} "
            f"| {'; '.join(one.reasons)} |"
            for one in found.different
        ),
        "",
        "Rules and samples are the Sigma project's, under the Detection Rule License 1.1.",
        "",
    ]
    return "\n".join(lines)


def _equal(found: Answers) -> int:
    return len({*found.ours, *found.reference}) - len(found.different)


def main() -> int:
    """Write the page."""
    corpus = os.environ.get("SEAWALL_CORPUS")
    if not corpus:
        print("set SEAWALL_CORPUS to the folder with the third-party samples", file=sys.stderr)
        return 2
    PAGE.write_text(page(answers(Path(corpus))), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
