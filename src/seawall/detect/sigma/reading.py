"""One rule file → rules: YAML in, conditions and what is said of the rule out.

pySigma judges the grammar. Its table of ATT&CK names is fetched from the internet when a *validator* runs; we
never import its validators, and tags are read against our own table.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import yaml
from sigma.exceptions import SigmaConditionError, SigmaError
from sigma.rule import SigmaRule
from sigma.rule.base import SigmaYAMLLoader

from seawall.detect import vocabulary
from seawall.detect.base import DEFAULT_GAP, About, Need
from seawall.detect.sigma import modifiers, regexes
from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.compiling import condition_from
from seawall.detect.sigma.logsources import Route, routes
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.plan import ANY_TEXT, Condition, Or, fields_of
from seawall.errors import RuleError
from seawall.model.severity import Severity

MAX_DOCUMENTS: Final = 1_000
_NAMESPACE: Final = uuid.UUID("6f4f3b6e-35ad-5b1c-9d5a-0d8a3a5e0c11")  # ours, for rules that bring no id

# How far a rule is trusted that does not say so itself: Sigma's own word for how well it was tried.
_CONFIDENCE: Final = {"stable": 85, "test": 75, "experimental": 60}
_DEFAULT_CONFIDENCE: Final = 55
modifiers.teach()
_OWN_KEYS: Final = frozenset({"confidence", "gap_minutes", "why", "setting", "learned"})


@dataclass(frozen=True, eq=False)
class Variant:
    """A rule as asked of one view."""

    route: Route
    condition: Condition

    @property
    def fields(self) -> frozenset[str]:
        """Columns it reads, the guard's among them; `ANY_TEXT` left out."""
        guard = fields_of(self.route.guard) if self.route.guard is not None else frozenset()
        return (guard | fields_of(self.condition)) - {ANY_TEXT}

    @property
    def reads_any_text(self) -> bool:
        """Whether it looks for keywords."""
        return ANY_TEXT in fields_of(self.condition)


@dataclass(frozen=True, eq=False)
class Rule:
    """A Sigma rule, ready to run. Without variants it is not applicable here."""

    about: About
    origin: str
    variants: tuple[Variant, ...]
    logsource: str
    author: str = ""
    references: tuple[str, ...] = ()
    falsepositives: tuple[str, ...] = ()
    description: str = ""
    builtin: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A document that is valid Sigma and not run: retired, or of a type not supported yet."""

    origin: str
    reason: str


def read_rules(
    file: RuleFile,
    *,
    builtin: bool = False,
    options: Options = Options(),  # noqa: B008 - immutable
) -> Iterator[Rule | Aside | RuleError]:
    """The rules of one file. What is broken comes out as a RuleError with file and line, and the rest goes on."""
    try:
        text = file.data.decode("utf-8-sig")
        documents = _documents(text)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        yield _yaml_error(file.origin, error)
        return
    for line, document in documents:
        where = f"{file.origin}:{line}"
        if document is None:
            continue
        aside = _aside(document)
        if aside:
            yield Aside(where, aside)
            continue
        try:
            yield _rule(document, file.origin, options, builtin=builtin)
        except RuleError as error:
            yield RuleError(error.what, where=_where(file.origin, line, text, error), mend=error.mend)
        except (SigmaError, RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
            # pySigma lets Python's own errors through for documents of an unexpected shape.
            yield RuleError(
                _first_line(error) or "the document is no Sigma rule",
                where=_where(file.origin, line, text, error),
                mend="compare it with a rule that works: `seawall rules list`",
            )


def _documents(text: str) -> list[tuple[int, Any]]:
    """The documents of a file with the line each starts on."""
    loader = SigmaYAMLLoader(text)
    found: list[tuple[int, Any]] = []
    try:
        while loader.check_node():
            if len(found) >= MAX_DOCUMENTS:
                raise ValueError(f"more than {MAX_DOCUMENTS} documents in one file")
            node = loader.get_node()
            if node is not None:
                found.append((node.start_mark.line + 1, loader.construct_document(node)))
    finally:
        loader.dispose()
    return found


def _aside(document: Any) -> str:
    """Why a document is set aside; empty if it is a rule to run."""
    if not isinstance(document, dict):
        return ""
    if "correlation" in document:
        return "correlation rules are not supported yet"
    if "filter" in document and "detection" not in document:
        return "global filters are not supported yet"
    if "action" in document:
        return "collections with `action` are not supported: write each rule out"
    if document.get("status") in ("deprecated", "unsupported"):
        return f"its status is {document['status']}"
    return ""


def _rule(document: Any, origin: str, options: Options, *, builtin: bool) -> Rule:
    if not isinstance(document, dict):
        raise RuleError("a rule is a mapping of keys", mend="start with `title:`")
    own = _own_keys(document)
    sigma = SigmaRule.from_dict(document, policy=regexes.POLICY)
    source = sigma.logsource
    found = routes(source.product, source.category, source.service)
    trees = [condition.parsed for condition in sigma.detection.parsed_condition]
    conditions = [_joined([condition_from(tree, route.column, options.values) for tree in trees]) for route in found]
    if not found:  # parsed all the same, so that a broken rule is never hidden behind its log source
        _joined([condition_from(tree, str, options.values) for tree in trees])
    variants = tuple(Variant(route, condition) for route, condition in zip(found, conditions, strict=True))
    return Rule(
        about=_about(sigma, own, variants),
        origin=origin,
        variants=variants,
        logsource=_logsource(source.product, source.category, source.service),
        author=sigma.author or "",
        references=tuple(str(reference) for reference in sigma.references),
        falsepositives=tuple(str(reason) for reason in sigma.falsepositives),
        description=(sigma.description or "").strip(),
        builtin=builtin,
    )


def _joined(conditions: list[Condition]) -> Condition:
    """Several conditions of one rule: any of them."""
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))


def _logsource(product: str | None, category: str | None, service: str | None) -> str:
    named = (("product", product), ("category", category), ("service", service))
    return ", ".join(f"{key} {value}" for key, value in named if value)


def _own_keys(document: dict[str, Any]) -> dict[str, Any]:
    """Our own keys, under `seawall:` (Sigma allows custom attributes)."""
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


def _about(sigma: SigmaRule, own: dict[str, Any], variants: tuple[Variant, ...]) -> About:
    tags, attack = _tags(sigma)
    setting = str(own.get("setting") or "")
    needs = {
        variant.route.view: Need(variant.route.view, tuple(sorted(variant.fields)), setting) for variant in variants
    }
    gap = own.get("gap_minutes")
    return About(
        id=str(sigma.id or uuid.uuid5(_NAMESPACE, sigma.title)),
        title=sigma.title,
        severity=Severity.from_word(str(sigma.level)) if sigma.level else Severity.MEDIUM,
        confidence=own.get("confidence", _CONFIDENCE.get(str(sigma.status), _DEFAULT_CONFIDENCE)),
        needs=tuple(needs.values()),
        attack=attack,
        tags=tags,
        why=str(own.get("why") or ""),
        gap=timedelta(minutes=gap) if gap else DEFAULT_GAP,
        learned=bool(own.get("learned", False)),
    )


def _tags(sigma: SigmaRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
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


def _yaml_error(origin: str, error: Exception) -> RuleError:
    mark = getattr(error, "problem_mark", None)
    where = f"{origin}:{mark.line + 1}" if mark is not None else f"{origin}:1"
    what = getattr(error, "problem", None) or _first_line(error)
    return RuleError(f"not YAML: {what}", where=where, mend="mend the YAML at the place named")


def _where(origin: str, line: int, text: str, error: Exception) -> str:
    """The line most likely meant: the condition for conditions, else the detection, else the document's start."""
    word = "condition:" if isinstance(error, SigmaConditionError) else "detection:"
    lines = text.splitlines()
    for number in range(line - 1, len(lines)):
        if lines[number].strip().startswith(word):
            return f"{origin}:{number + 1}"
        if number >= line and lines[number].startswith("---"):
            break
    return f"{origin}:{line}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:300]
