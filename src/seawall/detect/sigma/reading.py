"""One rule file → rules, correlations and filters: YAML in, conditions and what is said of them out.

pySigma judges the grammar. Its table of ATT&CK names is fetched from the internet when a *validator* runs; we
never import its validators, and tags are read against our own table.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeAlias

from sigma.exceptions import SigmaConditionError, SigmaError
from sigma.filters import SigmaFilter
from sigma.rule import SigmaLogSource, SigmaRule
from sigma.rule.base import SigmaRuleBase

from seawall.detect.base import Need
from seawall.detect.sigma import modifiers, pipelines, regexes
from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.compiling import Compiler
from seawall.detect.sigma.correlation import reading as correlations
from seawall.detect.sigma.correlation.rule import Correlation
from seawall.detect.sigma.documents import documents_of, first_line, place_of
from seawall.detect.sigma.filters import Filter
from seawall.detect.sigma.logsources import routes
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.plan import Condition, Or
from seawall.detect.sigma.rule import Rule, Source, Variant
from seawall.detect.sigma.telling import about_of, meta_of, own_keys
from seawall.errors import RuleError

modifiers.teach()


@dataclass(frozen=True, slots=True)
class Aside:
    """A document that is valid Sigma and not run, because it is retired."""

    origin: str
    reason: str


Item: TypeAlias = Rule | Correlation | Filter | Aside | RuleError


class _Said(SigmaRuleBase):
    """What every kind of document says of itself; pySigma reads that part alone."""

    @classmethod
    def from_dict(cls, *_: Any, **__: Any) -> Any:
        """Never asked: `from_dict_common_params` reads it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands, and how it is to be read."""

    origin: str
    line: int
    builtin: bool
    options: Options


def read_rules(
    file: RuleFile,
    *,
    builtin: bool = False,
    options: Options = Options(),  # noqa: B008 - immutable
) -> Iterator[Item]:
    """What one file holds. What is broken comes out as a RuleError with file and line, and the rest goes on."""
    try:
        text, documents = documents_of(file)
    except RuleError as error:
        yield error
        return
    for line, document in _written_out(documents):
        place = Place(file.origin, line, builtin, options)
        try:
            yield _item(document, place)
        except RuleError as error:
            where = f"{file.origin}:{place_of(text, line, error)}"
            yield RuleError(error.what, where=where, mend=error.mend)
        except (SigmaError, RecursionError, TypeError, ValueError, KeyError, AttributeError) as error:
            # pySigma lets Python's own errors through for documents of an unexpected shape.
            yield RuleError(
                first_line(error) or "the document is no Sigma rule",
                where=f"{file.origin}:{place_of(text, line, error)}",
                mend=_mend(error),
            )


def _mend(error: Exception) -> str:
    if isinstance(error, SigmaConditionError):
        return "write `condition:` with names of the detection, and, or, not, and `1 of` or `all of` names or `them`"
    return "compare it with a rule that works: `seawall rules list`"


def _written_out(documents: list[tuple[int, Any]]) -> Iterator[tuple[int, Any]]:
    """Collections of older Sigma written out: `action: global` and `repeat` lend their keys, `reset` ends that."""
    lent: dict[str, Any] = {}
    last: dict[str, Any] = {}
    for line, document in documents:
        action = document.get("action") if isinstance(document, dict) else None
        if action is None:
            last = _merged(lent, document) if lent and isinstance(document, dict) else document
            yield line, last
            continue
        rest = {key: value for key, value in document.items() if key != "action"}
        if action == "global":
            lent = _merged(lent, rest)
        elif action == "reset":
            lent = {}
        elif action == "repeat" and isinstance(last, dict):
            last = _merged(last, rest)
            yield line, last
        else:
            yield line, document


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Both, mappings within mappings joined, the second winning."""
    made = deepcopy(under)
    for key, value in over.items():
        held = made.get(key)
        made[key] = _merged(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return made


def _item(document: Any, place: Place) -> Item:
    if not isinstance(document, dict):
        raise RuleError("a rule is a mapping of keys", mend="start with `title:`")
    if "action" in document:
        raise RuleError(
            f"{document['action']!r} is no action of a collection",
            mend="choose of global, reset, repeat, or write it out",
        )
    if document.get("status") in ("deprecated", "unsupported"):
        return Aside(f"{place.origin}:{place.line}", f"its status is {document['status']}")
    if "correlation" in document:
        return _correlation(document, place)
    if "filter" in document and "detection" not in document:
        return _filter(document, place)
    return _rule(document, place)


def _rule(document: dict[str, Any], place: Place) -> Rule:
    own = own_keys(document)
    sigma = SigmaRule.from_dict(document, policy=regexes.POLICY)
    pipelines.apply(place.options.pipelines, sigma)
    source = _source(sigma.logsource)
    found = routes(*source)
    trees = [condition.parsed for condition in sigma.detection.parsed_condition]
    variants = tuple(Variant(route, _condition(trees, Compiler(route.column, place.options.values))) for route in found)
    if not found:  # compiled all the same, so that a broken rule is never hidden behind its log source
        _condition(trees, Compiler(str, place.options.values))
    fields: dict[str, set[str]] = {}
    for variant in variants:
        fields.setdefault(variant.route.view, set()).update(variant.fields)
    setting = str(own.get("setting") or "")
    needs = [Need(view, tuple(sorted(columns)), setting) for view, columns in fields.items()]
    return Rule(
        about=about_of(sigma, own, needs),
        origin=place.origin,
        variants=variants,
        source=source,
        line=place.line,
        name=sigma.name or "",
        meta=meta_of(sigma, builtin=place.builtin),
    )


def _condition(trees: list[Any], compiler: Compiler) -> Condition:
    """Several conditions of one rule: any of them."""
    conditions = [compiler.condition(tree) for tree in trees]
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions))


def _source(logsource: SigmaLogSource) -> Source:
    product, category, service = (
        part.lower() if part else None for part in (logsource.product, logsource.category, logsource.service)
    )
    return product, category, service


def _correlation(document: dict[str, Any], place: Place) -> Correlation:
    own = own_keys(document)
    kwargs, errors = SigmaRuleBase.from_dict_common_params(document, False, None, policy=regexes.POLICY)
    if errors:
        raise errors[0]
    base = _Said(**kwargs)
    told = document["correlation"]
    question, references, fields = correlations.question_from(told)
    return Correlation(
        about=about_of(base, own, ()),
        origin=place.origin,
        line=place.line,
        question=question,
        references=references,
        group_by=correlations.group_by(told),
        fields=fields,
        aliases=correlations.aliases(told, references),
        generate=correlations.generates(told),
        name=base.name or "",
        meta=meta_of(base, builtin=place.builtin),
    )


def _filter(document: dict[str, Any], place: Place) -> Filter:
    sigma = SigmaFilter.from_dict(document, policy=regexes.POLICY)
    body = {key: value for key, value in document["filter"].items() if key != "rules"}
    probe = SigmaRule.from_dict(
        {"title": sigma.title, "logsource": document["logsource"], "detection": body}, policy=regexes.POLICY
    )
    pipelines.apply(place.options.pipelines, probe)
    tree = probe.detection.parsed_condition[0].parsed
    Compiler(str, place.options.values).condition(tree)  # what cannot be followed is said of the filter, once
    named = sigma.filter.rules
    return Filter(
        id=str(sigma.id or sigma.title),
        title=sigma.title,
        origin=place.origin,
        line=place.line,
        source=_source(probe.logsource),
        rules=() if isinstance(named, str) else tuple(reference.reference for reference in named),
        tree=tree,
        values=place.options.values,
    )
